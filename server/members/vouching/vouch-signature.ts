import { armoredKeyring } from '../../../mail/openpgp/keyring.ts'
import { verifyDetached } from '../../../mail/openpgp/verify-statement.ts'
import { baseUrl } from '../../admin/base-url.ts'
import type { Context } from '../../context.ts'
import { BadRequestError, ConflictError, NotFoundError } from '../../errors.ts'
import { holdAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import type { Transaction } from '../../storage/database.ts'
import { groupNamed } from '../group-rows.ts'
import { type By, mustMay } from '../permission.ts'
import { standingVouch } from './vouch.ts'
import { vouchStatement, wordingsOf } from './vouch-statement.ts'
import { speakerOf, subjectNamed } from './vouch-subject.ts'

/** What signing needs: the address of the site is part of what is signed. */
export type SigningContext = Pick<Context, 'database' | 'clock' | 'config'>

/** Whose vouch: the caller's own, for this person in this group. */
interface OwnVouch {
  readonly group: string
  readonly vouchee: string
}

/** What there is to sign. */
export interface ToSign {
  readonly statement: string
  /** Of the certificate that is on file for the voucher in this group; undefined where there is none that counts. */
  readonly fingerprint: string | undefined
  readonly isSigned: boolean
}

/** The text that the caller has to sign for a vouch of theirs. @throws {NotFoundError} when there is no such vouch */
export async function statementToSign(context: SigningContext, wanted: By & OwnVouch): Promise<ToSign> {
  return await context.database.transaction(async (trx) => {
    const { statement, key, row } = await readOwn(trx, context, wanted)
    return { statement, fingerprint: key?.fingerprint, isSigned: row.signature !== null }
  })
}

/**
 * Keeps the signature of a vouch, made over the text of {@link statementToSign} by the certificate that is on file for the
 * voucher in this group. The text is put together here again: none that the caller sends is looked at.
 * @param signature detached and armored, or what was clear-signed
 * @throws {BadRequestError} with the reason why the signature is none; {ConflictError} code `no_key`
 */
export async function signVouch(
  context: SigningContext,
  wanted: By & OwnVouch & { readonly signature: string },
): Promise<{ readonly fingerprint: string }> {
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const { statement, key, row, group } = await readOwn(trx, context, wanted)
    if (!key) throw new ConflictError('no_key', 'there is no proven OpenPGP certificate on file for you in this group')
    const block = signatureBlock(wanted.signature)
    const moment = { nowMicros, notBeforeMicros: row.made_micros }
    const verified = await verifyDetached(key.body, statement, block, moment)
    if (!verified.ok) throw new BadRequestError(verified.code, verified.sentence)
    const { fingerprint } = verified
    await trx
      .updateTable('vouch')
      .set({ statement: verified.text ?? statement, signature: block, signed_by: fingerprint })
      .where('vouch_no', '=', row.vouch_no)
      .where('ended_micros', 'is', null)
      .execute()
    const detail = { group: group.name, voucher: wanted.actor, vouchee: wanted.vouchee, key: fingerprint }
    await recordAudit(trx, nowMicros, [{ kind: 'vouch_signed', actor: wanted.actor, detail }])
    return { fingerprint }
  })
}

/** A signed vouch with all that it takes to check it without this site: `gpg --verify` does. */
export interface SignedVouch {
  readonly format: 'vouchsafe-signed-vouch'
  readonly version: 1
  /** Exactly what was signed, to the byte: save it without adding a line end. */
  readonly statement: string
  /** Detached, armored. */
  readonly signature: string
  readonly fingerprint: string
  /** Of whoever signed, armored. */
  readonly certificate: string
}

/** The caller's own signed vouch. @throws {NotFoundError} when it is not signed */
export async function signedVouch(context: SigningContext, wanted: By & OwnVouch): Promise<SignedVouch> {
  return await context.database.transaction(async (trx) => {
    const { row } = await readOwn(trx, context, wanted)
    const [bundle] = await bundlesOf(trx, [row])
    if (!bundle) throw new NotFoundError('a vouch for this person')
    return bundle
  })
}

/** Signed vouches among some, with the certificates that made the signatures, as they are on file now. */
async function bundlesOf(
  trx: Transaction,
  vouches: readonly {
    readonly voucher_no: number
    readonly statement: string | null
    readonly signature: string | null
    readonly signed_by: string | null
  }[],
): Promise<readonly SignedVouch[]> {
  const signed = vouches.filter((each) => each.signature !== null)
  if (signed.length === 0) return []
  const certificates = await trx
    .selectFrom('certificate')
    .select(['account_no', 'fingerprint', 'body'])
    .where('account_no', 'in', [...new Set(signed.map((each) => each.voucher_no))])
    .execute()
  return signed.flatMap(({ voucher_no, statement, signature, signed_by }) => {
    const made = certificates.find((each) => each.account_no === voucher_no && each.fingerprint === signed_by)
    if (!made || statement === null || signature === null) return []
    const certificate = armoredKeyring([made])
    const { fingerprint } = made
    return [
      {
        format: 'vouchsafe-signed-vouch' as const,
        version: 1 as const,
        statement,
        signature,
        fingerprint,
        certificate,
      },
    ]
  })
}

async function readOwn(trx: Transaction, context: SigningContext, wanted: By & OwnVouch) {
  const nowMicros = context.clock.nowMicros()
  const group = await groupNamed(trx, wanted.group)
  await mustMay(trx, wanted, 'vouch', { row: group, nowMicros })
  const speaker = await speakerOf(trx, wanted, group, 'login')
  const subject = await subjectNamed(trx, wanted, { row: group, nowMicros }, wanted.vouchee)
  const row = await standingVouch(trx, group.group_no, speaker.accountNo, subject.accountNo)
  if (!row) throw new NotFoundError('a vouch for this person')
  const key = await trx
    .selectFrom('membership as m')
    .innerJoin('certificate as c', 'c.certificate_no', 'm.certificate_no')
    .select(['c.fingerprint', 'c.body'])
    .where('m.group_no', '=', group.group_no)
    .where('m.account_no', '=', speaker.accountNo)
    .where('c.proven_micros', 'is not', null)
    .where('c.retired_micros', 'is', null)
    .where('c.revoked_micros', 'is', null)
    .executeTakeFirst()
  const statement = vouchStatement({
    site: baseUrl(context),
    group: group.name,
    voucher: speaker.name,
    vouchee: subject.handle,
    voucheeName: subject.name,
    text: row.text,
    madeMicros: row.made_micros,
    expiresMicros: row.expires_micros ?? undefined,
    attested: await wordingsOf(trx, group.group_no, row.attested),
  })
  return { group, row, key, statement }
}

/** The signature out of a paste: alone, or under the text that was clear-signed. */
function signatureBlock(paste: string): string {
  const start = paste.lastIndexOf('-----BEGIN PGP SIGNATURE-----')
  return start < 0 ? paste : `${paste.slice(start).replaceAll('\r\n', '\n').trimEnd()}\n`
}
