import { hash } from 'node:crypto'
import type { Database, Transaction } from './database.ts'
import { run } from './database.ts'

/** A WebAuthn credential of an account. */
export interface Passkey {
  /** Names it in addresses: 16 hexadecimal digits of the SHA-256 of its id. */
  readonly key: string
  readonly credentialId: Uint8Array
  readonly accountNo: number
  readonly name: string
  /** COSE. */
  readonly publicKey: Uint8Array
  /** Signatures so far, as the authenticator counts; 0 when it does not. */
  readonly counter: number
  readonly transports: readonly string[]
  /** Whether its provider keeps a copy, so that it is on other devices too. */
  readonly backedUp: boolean
  readonly createdMicros: number
  readonly lastUsedMicros: number | undefined
}

const COLUMNS = [
  'credential_id',
  'account_no',
  'name',
  'public_key',
  'counter',
  'transports',
  'backed_up',
  'created_micros',
  'last_used_micros',
] as const

/** The passkeys of an account, oldest first. */
export async function passkeysOf({ kysely }: Pick<Database, 'kysely'>, accountNo: number): Promise<readonly Passkey[]> {
  const rows = await kysely
    .selectFrom('passkey')
    .select(COLUMNS)
    .where('account_no', '=', accountNo)
    .orderBy('created_micros')
    .limit(100)
    .execute()
  return rows.map(passkeyOf)
}

/** The passkey with a credential id. */
export async function findPasskey(
  { kysely }: Pick<Database, 'kysely'>,
  credentialId: Uint8Array,
): Promise<Passkey | undefined> {
  const row = await kysely
    .selectFrom('passkey')
    .select(COLUMNS)
    .where('credential_id', '=', credentialId)
    .executeTakeFirst()
  return row && passkeyOf(row)
}

/**
 * Notes a use. Check and act are one statement: of two answers with the same count only one counts, and a lower count
 * means that the authenticator has a copy somewhere (WebAuthn §6.1.1).
 * @returns whether the count went up, or the authenticator does not count at all
 */
export async function notePasskeyUse(
  trx: Transaction,
  use: {
    readonly credentialId: Uint8Array
    readonly counter: number
    readonly backedUp: boolean
    readonly nowMicros: number
  },
): Promise<boolean> {
  const { count } = await run(
    trx,
    `update passkey set counter = $2::bigint, backed_up = $3::boolean, last_used_micros = $4::bigint
      where credential_id = $1::bytea and (counter < $2::bigint or (counter = 0 and $2::bigint = 0))`,
    [use.credentialId, use.counter, use.backedUp, use.nowMicros],
  )
  return count === 1
}

/**
 * Marks a challenge as answered.
 * @returns false when it was answered before: two answers that came at once read the same session
 */
export async function spendChallenge(trx: Transaction, challenge: string, untilMicros: number): Promise<boolean> {
  const { count } = await run(
    trx,
    `insert into spent_token (issuer, token_id, expires_micros) values ('passkey', $1::text, $2::bigint)
     on conflict do nothing`,
    [challenge, untilMicros],
  )
  return count === 1
}

function passkeyOf(row: {
  readonly credential_id: Uint8Array
  readonly account_no: number
  readonly name: string
  readonly public_key: Uint8Array
  readonly counter: number
  readonly transports: string
  readonly backed_up: boolean
  readonly created_micros: number
  readonly last_used_micros: number | null
}): Passkey {
  return {
    key: hash('sha256', row.credential_id, 'hex').slice(0, 16),
    credentialId: row.credential_id,
    accountNo: row.account_no,
    name: row.name,
    publicKey: row.public_key,
    counter: row.counter,
    transports: row.transports.split(' ').filter(Boolean),
    backedUp: row.backed_up,
    createdMicros: row.created_micros,
    lastUsedMicros: row.last_used_micros ?? undefined,
  }
}
