import { sql } from 'kysely'
import type { Database } from './database.ts'
import { run, type Transaction } from './database.ts'

/** A web session as it is kept. `data` is JSON and opaque here. */
export interface WebSessionRow {
  readonly sha256: Uint8Array
  /** Undefined until somebody has signed in. */
  readonly accountNo: number | undefined
  readonly data: string
  readonly device: string
  readonly network: string
  readonly provider: { readonly issuer: string; readonly subject: string; readonly sid: string | undefined } | undefined
  readonly createdMicros: number
  readonly expiresMicros: number
}

/** What is read of a session on every request. */
export interface FoundSession {
  readonly data: string
  readonly seenMicros: number
}

/** A session as its owner sees it in the list. */
export interface ListedSession {
  /** SHA-256 of the identifier, in hex: names the session, opens nothing. */
  readonly id: string
  /** As in {@link WebSessionRow}. */
  readonly data: string
  readonly device: string
  readonly network: string
  readonly createdMicros: number
  readonly seenMicros: number
  readonly expiresMicros: number
}

const FIND = {
  name: 'web-session',
  text: 'select data, seen_micros from web_session where sha256 = $1::bytea and expires_micros > $2::bigint',
}

/** The session that an identifier stands for; undefined when it has ended. */
export async function findSession(
  database: Database,
  sha256: Uint8Array,
  nowMicros: number,
): Promise<FoundSession | undefined> {
  const [row] = await database.reader.rows<{ data: string; seen_micros: number }>(FIND, [sha256, nowMicros])
  return row && { data: row.data, seenMicros: Number(row.seen_micros) }
}

/** Keeps a session that is new. */
export async function insertSession(database: Database, row: WebSessionRow): Promise<void> {
  await database.kysely
    .insertInto('web_session')
    .values({
      sha256: row.sha256,
      account_no: row.accountNo ?? null,
      data: row.data,
      device: row.device,
      network: row.network,
      issuer: row.provider?.issuer ?? null,
      subject: row.provider?.subject ?? null,
      provider_sid: row.provider?.sid ?? null,
      created_micros: row.createdMicros,
      seen_micros: row.createdMicros,
      expires_micros: row.expiresMicros,
    })
    .execute()
}

/** Keeps what has changed in a session. One that has ended meanwhile stays ended. */
export async function updateSession(
  database: Database,
  sha256: Uint8Array,
  data: string,
  nowMicros: number,
): Promise<void> {
  await database.kysely
    .updateTable('web_session')
    .set({ data, seen_micros: notBefore(nowMicros) })
    .where('sha256', '=', sha256)
    .execute()
}

/** A write that was overtaken by a later one must not make the session look older than it is. */
function notBefore(nowMicros: number) {
  return sql<number>`greatest(seen_micros, ${nowMicros}::bigint)`
}

/** Notes that a session was used. */
export async function touchSession(database: Database, sha256: Uint8Array, nowMicros: number): Promise<void> {
  await database.kysely
    .updateTable('web_session')
    .set({ seen_micros: notBefore(nowMicros) })
    .where('sha256', '=', sha256)
    .execute()
}

/** Ends one session. */
export async function removeSession(database: Database, sha256: Uint8Array): Promise<void> {
  await database.kysely.deleteFrom('web_session').where('sha256', '=', sha256).execute()
}

/** The sessions of an account, newest use first. */
export async function sessionsOf(
  database: Database,
  accountNo: number,
  nowMicros: number,
): Promise<readonly ListedSession[]> {
  const rows = await database.kysely
    .selectFrom('web_session')
    .select(['sha256', 'data', 'device', 'network', 'created_micros', 'seen_micros', 'expires_micros'])
    .where('account_no', '=', accountNo)
    .where('expires_micros', '>', nowMicros)
    .orderBy('seen_micros', 'desc')
    .limit(200)
    .execute()
  return rows.map((row) => ({
    id: Buffer.from(row.sha256).toString('hex'),
    data: row.data,
    device: row.device,
    network: row.network,
    createdMicros: row.created_micros,
    seenMicros: row.seen_micros,
    expiresMicros: row.expires_micros,
  }))
}

/**
 * Ends sessions of an account, in the caller's transaction.
 * @param only the one with this SHA-256; all of them when it is not given
 * @param except all but the one with this SHA-256
 * @returns how many
 */
export async function endSessionsOf(
  trx: Transaction,
  accountNo: number,
  { only, except }: { readonly only?: Uint8Array; readonly except?: Uint8Array } = {},
): Promise<number> {
  const { count } = await run(
    trx,
    `delete from web_session where account_no = $1::int
        and ($2::bytea is null or sha256 = $2::bytea) and ($3::bytea is null or sha256 <> $3::bytea)`,
    [accountNo, only ?? null, except ?? null],
  )
  return count
}

/**
 * Ends sessions that began at an outside provider, in the caller's transaction.
 * @param of the subject everywhere, or one session of the provider when `sid` is given
 * @returns how many
 */
export async function endSessionsOfProvider(
  trx: Transaction,
  of: { readonly issuer: string; readonly subject: string | undefined; readonly sid: string | undefined },
): Promise<number> {
  if (of.subject === undefined && of.sid === undefined) return 0
  const { count } = await run(
    trx,
    `delete from web_session where issuer = $1::text
        and ($2::text is null or subject = $2::text) and ($3::text is null or provider_sid = $3::text)`,
    [of.issuer, of.subject ?? null, of.sid ?? null],
  )
  return count
}

/** Forgets sessions and remembered devices whose time is over. */
export async function expireSessions(database: Database, nowMicros: number): Promise<void> {
  await database.kysely.deleteFrom('web_session').where('expires_micros', '<=', nowMicros).execute()
  await database.kysely.deleteFrom('remembered_device').where('expires_micros', '<=', nowMicros).execute()
}
