import { createHash, randomBytes } from 'node:crypto'
import { endsEncryption } from '../../mail/openpgp/certificate.ts'
import { encryptChallenge } from '../../mail/openpgp/challenge.ts'
import { verifySigned } from '../../mail/openpgp/verify-statement.ts'
import { baseUrl } from '../admin/base-url.ts'
import { timestampOf } from '../clock.ts'
import { BadRequestError, ConflictError } from '../errors.ts'
import { settleEverywhere } from '../members/settle-everywhere.ts'
import { holdAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Transaction } from '../storage/database.ts'
import { certificateOf, type CertificateRow, problemsOf } from './certificate-row.ts'
import type { KeysContext, Owner } from './context.ts'

/** How long a challenge can be answered: long enough for a key on another machine. */
const CHALLENGE_MICROS = 86_400_000_000

/** Two ways to show that one holds a key; either will do. */
export interface Challenge {
  /** To be signed with the key, exactly as it stands. */
  readonly statement: string
  /** Armored; who can decrypt it reads a word to type in. Undefined for a key that nothing can be encrypted to. */
  readonly encrypted: string | undefined
}

/**
 * Asks the owner of a certificate to prove that they hold its secret half. The challenge before it is void.
 * @throws {NotFoundError} for a key that is not theirs
 */
export async function askProof(
  context: KeysContext,
  { owner, fingerprint }: { readonly owner: Owner; readonly fingerprint: string },
): Promise<Challenge> {
  const { database, clock } = context
  const nowMicros = clock.nowMicros()
  const word = newWord()
  const site = baseUrl(context)
  const statement = [
    'I hold the secret half of this OpenPGP key.',
    '',
    `Site: ${site}`,
    `Account: ${owner.name}`,
    `Key: ${fingerprint}`,
    `Once: ${newWord()}`,
    `Asked: ${timestampOf(nowMicros)}`,
    '',
  ].join('\n')
  const row = await database.transaction(async (trx) => {
    const found = await certificateOf(trx, owner.accountNo, fingerprint)
    mustBeOnFile(found)
    await trx
      .deleteFrom('key_challenge')
      .where('certificate_no', '=', found.certificate_no)
      .where('used_micros', 'is', null)
      .execute()
    await trx
      .insertInto('key_challenge')
      .values({
        certificate_no: found.certificate_no,
        nonce_sha256: wordHash(word),
        statement,
        made_micros: nowMicros,
        expires_micros: nowMicros + CHALLENGE_MICROS,
      })
      .execute()
    return found
  })
  if (problemsOf(row, nowMicros).some(endsEncryption)) return { statement, encrypted: undefined }
  const text = `The word is ${word}\n\nType it in at ${site}/account/keys/${fingerprint}\nIt proves that you, ${owner.name}, hold this key. If you did not ask for it, do nothing.\n`
  return { statement, encrypted: await encryptChallenge(row.body, text, nowMicros) }
}

/** The statement that waits for a signature; undefined when none was asked for or its time is over. */
export async function openStatement(
  { database, clock }: KeysContext,
  { owner, fingerprint }: { readonly owner: Owner; readonly fingerprint: string },
): Promise<string | undefined> {
  return await database.transaction(async (trx) => {
    const row = await certificateOf(trx, owner.accountNo, fingerprint)
    return (await openChallenge(trx, row, clock.nowMicros()))?.statement
  })
}

/** Proves a key by a signature over the statement. @throws {BadRequestError} with the reason of the refusal */
export async function proveBySignature(
  context: KeysContext,
  {
    owner,
    fingerprint,
    signature,
  }: { readonly owner: Owner; readonly fingerprint: string; readonly signature: string },
): Promise<void> {
  await prove(context, owner, fingerprint, 'signature', async (row, { statement, made_micros: made }, nowMicros) => {
    const verified = await verifySigned(row.body, statement, signature, { nowMicros, notBeforeMicros: made })
    if (!verified.ok) throw new BadRequestError(verified.code, verified.sentence)
  })
}

/** Proves a key by the word that was encrypted to it. @throws {BadRequestError} code `word_wrong` */
export async function proveByNonce(
  context: KeysContext,
  { owner, fingerprint, word }: { readonly owner: Owner; readonly fingerprint: string; readonly word: string },
): Promise<void> {
  await prove(context, owner, fingerprint, 'word', (_row, { nonce_sha256: hash }) => {
    if (!Buffer.from(hash).equals(wordHash(word))) {
      throw new BadRequestError(
        'word_wrong',
        'This is not the word: decrypt the message that was shown last and copy the word out of it.',
      )
    }
  })
}

interface OpenChallenge {
  readonly challenge_no: number
  readonly statement: string
  readonly nonce_sha256: Uint8Array
  readonly made_micros: number
}

async function prove(
  context: KeysContext,
  owner: Owner,
  fingerprint: string,
  way: 'signature' | 'word',
  check: (row: CertificateRow, challenge: OpenChallenge, nowMicros: number) => Promise<void> | void,
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const row = await certificateOf(trx, owner.accountNo, fingerprint)
    mustBeOnFile(row)
    const challenge = await openChallenge(trx, row, nowMicros)
    if (!challenge) {
      throw new ConflictError('no_challenge', 'No proof was asked for, or its day is over: ask for a new one.')
    }
    await check(row, challenge, nowMicros)
    await mustBeNobodyElses(trx, row)
    await trx
      .updateTable('key_challenge')
      .set({ used_micros: nowMicros })
      .where('challenge_no', '=', challenge.challenge_no)
      .execute()
    await trx
      .updateTable('certificate')
      .set({ proven_micros: nowMicros })
      .where('certificate_no', '=', row.certificate_no)
      .execute()
    const detail = { account: owner.name, fingerprint, way }
    await recordAudit(trx, nowMicros, [{ kind: 'key_proven', actor: owner.name, detail }])
    await settleEverywhere(trx, context, { accountNo: owner.accountNo, actor: owner.name, nowMicros })
  })
}

async function openChallenge(
  trx: Transaction,
  row: CertificateRow,
  nowMicros: number,
): Promise<OpenChallenge | undefined> {
  return await trx
    .selectFrom('key_challenge')
    .select(['challenge_no', 'statement', 'nonce_sha256', 'made_micros'])
    .where('certificate_no', '=', row.certificate_no)
    .where('used_micros', 'is', null)
    .where('expires_micros', '>', nowMicros)
    .orderBy('challenge_no', 'desc')
    .executeTakeFirst()
}

function mustBeOnFile(row: CertificateRow): void {
  if (row.retired_micros !== null) {
    throw new ConflictError('key_retired', 'This key was put away: upload it again to use it.')
  }
}

/** Two accounts with one key are one person, or one of them reads the mail of the other. */
async function mustBeNobodyElses(trx: Transaction, row: CertificateRow): Promise<void> {
  const other = await trx
    .selectFrom('certificate')
    .select('certificate_no')
    .where('fingerprint', '=', row.fingerprint)
    .where('account_no', '<>', row.account_no)
    .where('proven_micros', 'is not', null)
    .where('retired_micros', 'is', null)
    .executeTakeFirst()
  if (other) {
    throw new ConflictError('key_taken', 'Another account has proven to hold this key: use a key of your own.')
  }
}

/** 100 random bits, in four letters and digits at a time that nobody takes for one another (RFC 4648 §6). */
function newWord(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const all = [...randomBytes(20)].map((byte) => letters[byte % 32]).join('')
  return all.replaceAll(/.{4}(?=.)/g, '$&-')
}

function wordHash(word: string): Buffer {
  return createHash('sha256')
    .update(`vouchsafe key ${word.toUpperCase().replaceAll(/[^A-Z2-7]/g, '')}`)
    .digest()
}
