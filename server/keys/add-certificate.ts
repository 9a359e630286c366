import type { Certificate } from '../../mail/openpgp/certificate.ts'
import { examineCertificate } from '../../mail/openpgp/read-certificate.ts'
import { isRefusal, REFUSALS } from '../../mail/openpgp/refusals.ts'
import { normalAddress } from '../../mail/openpgp/user-address.ts'
import { BadRequestError, ConflictError } from '../errors.ts'
import { verifiedAddressesOf } from '../members/profile/addresses.ts'
import { holdAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Database, Transaction } from '../storage/database.ts'
import { CERTIFICATE, type CertificateRow } from './certificate-row.ts'
import type { KeysContext, Owner } from './context.ts'
import { examinedColumns, replaceExamined } from './store-certificate.ts'

/** Keys that one account may have on file. */
const MAX_CERTIFICATES = 10

/** What became of an upload. */
export interface Added {
  readonly fingerprint: string
  /** `refreshed`: the key was on file; what is new about it was taken over, and its proof stays. */
  readonly outcome: 'added' | 'refreshed'
}

/**
 * Puts a public key on file for its owner, minimised; nobody has proven to hold it yet. A key that is on file already is
 * brought up to date, with a revocation or an expiry too.
 * @throws {BadRequestError} with the code of the refusal, or `no_verified_address`
 * @throws {ConflictError} code `keys_too_many`
 */
export async function addCertificate(
  context: KeysContext,
  {
    owner,
    upload,
    origin = 'upload',
  }: { readonly owner: Owner; readonly upload: Uint8Array | string; readonly origin?: 'upload' | 'wkd' },
): Promise<Added> {
  const { database, clock } = context
  const nowMicros = clock.nowMicros()
  const addresses = await addressesOf(database, owner.accountNo)
  if (addresses.size === 0) {
    throw new BadRequestError(
      'no_verified_address',
      'You have verified no mail address yet, and a key is taken for such an address only: verify one on your page of addresses first.',
    )
  }
  const first = await examined(upload, nowMicros, addresses)
  return await database.transaction(async (trx) => {
    await holdAccess(trx)
    const row = await rowOf(trx, owner.accountNo, first.fingerprint)
    const current = row?.retired_micros === null
    // what is on file joins in: an old copy takes back nothing
    const certificate = row ? await examined(upload, nowMicros, addresses, row.body) : first
    const wasRevoked = row !== undefined && row.revoked_micros !== null
    const refusal = wasRevoked ? 'key_revoked' : certificate.problems.find((problem) => isRefusal(problem))
    if (!current && refusal !== undefined && isRefusal(refusal)) {
      throw new BadRequestError(refusal, REFUSALS[refusal])
    }
    const detail = { account: owner.name, fingerprint: certificate.fingerprint, origin }
    if (row && current) {
      await replaceExamined(trx, context, row, certificate, { actor: owner.name, nowMicros })
      await recordAudit(trx, nowMicros, [{ kind: 'key_refreshed', actor: owner.name, detail }])
      return { fingerprint: certificate.fingerprint, outcome: 'refreshed' as const }
    }
    await mustHaveRoom(trx, owner.accountNo)
    const columns = { ...examinedColumns(certificate, nowMicros), origin, added_micros: nowMicros }
    if (row) {
      // whoever put a key away has to prove anew that they hold it
      const anew = { ...columns, proven_micros: null, retired_micros: null }
      await trx.updateTable('certificate').set(anew).where('certificate_no', '=', row.certificate_no).execute()
    } else {
      const { fingerprint } = certificate
      await trx
        .insertInto('certificate')
        .values({ ...columns, account_no: owner.accountNo, fingerprint })
        .execute()
    }
    await recordAudit(trx, nowMicros, [{ kind: 'key_added', actor: owner.name, detail }])
    return { fingerprint: certificate.fingerprint, outcome: 'added' as const }
  })
}

/** Verified addresses of an account, as certificates are compared by. */
export async function addressesOf(database: Database, accountNo: number): Promise<ReadonlySet<string>> {
  const addresses = await verifiedAddressesOf(database, accountNo)
  return new Set(addresses.map(normalAddress).filter((address) => address !== undefined))
}

async function examined(
  upload: Uint8Array | string,
  nowMicros: number,
  addresses: ReadonlySet<string>,
  known?: Uint8Array,
): Promise<Certificate> {
  const result = await examineCertificate(upload, { nowMicros, addresses, known })
  if (!result.ok) throw new BadRequestError(result.code, result.sentence)
  return result.certificate
}

async function rowOf(trx: Transaction, accountNo: number, fingerprint: string): Promise<CertificateRow | undefined> {
  return await trx
    .selectFrom('certificate')
    .select(CERTIFICATE)
    .where('account_no', '=', accountNo)
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirst()
}

async function mustHaveRoom(trx: Transaction, accountNo: number): Promise<void> {
  const { count } = await trx
    .selectFrom('certificate')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account_no', '=', accountNo)
    .where('retired_micros', 'is', null)
    .executeTakeFirstOrThrow()
  if (Number(count) >= MAX_CERTIFICATES) {
    throw new ConflictError(
      'keys_too_many',
      `You have ${MAX_CERTIFICATES} keys on file, the most there can be: put one away first.`,
    )
  }
}
