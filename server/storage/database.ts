import { AsyncLocalStorage } from 'node:async_hooks'
import { CompiledQuery, Kysely, type Transaction as KyselyTransaction } from 'kysely'
import type { RowReader } from './row-reader.ts'
import type { Tables } from './tables.ts'

/** An open transaction. Inside one, only its own handle is used. */
export type Transaction = KyselyTransaction<Tables>

/** A statement with a name, so that PostgreSQL plans it once per connection. */
export interface Statement {
  /** Empty for one whose best plan depends on its values: it is planned anew each time. */
  readonly name: string
  readonly text: string
}

/** The database behind the server: embedded (PGlite) or PostgreSQL, with one and the same SQL. */
export interface Database {
  readonly kind: 'embedded' | 'postgres'
  /** Typed queries outside transactions. */
  readonly kysely: Kysely<Tables>
  /** Read-only access for the hot paths; rows as bytes where that pays. */
  readonly reader: RowReader
  /** Runs `use` in one transaction and commits; any throw rolls back. Never nested. */
  transaction<T>(use: (trx: Transaction) => Promise<T>): Promise<T>
  /** Throws when the disk has no room for a write of so many bytes; a PostgreSQL looks after its own disk. */
  mustHaveRoom(bytes: number): Promise<void>
  /** How many connections there are, how many of them idle, and how many requests wait for one; PostgreSQL only. */
  connections?(): { readonly total: number; readonly idle: number; readonly wanted: number }
  /** The server's version line, for people. */
  version(): Promise<string>
  close(): Promise<void>
}

const open = new AsyncLocalStorage<true>()

/**
 * Throws when a transaction is open in this flow: on the embedded database the query would wait for that transaction
 * for ever, on PostgreSQL it would silently run outside it.
 */
export function refuseInsideTransaction(): void {
  if (open.getStore()) throw new Error('a query went around the open transaction')
}

/** Runs `use` in a transaction of `kysely`, with the guard above in force. */
export async function inTransaction<T>(kysely: Kysely<Tables>, use: (trx: Transaction) => Promise<T>): Promise<T> {
  refuseInsideTransaction()
  return await kysely.transaction().execute((trx) => open.run(true, () => use(trx)))
}

/** Runs a statement with `$1` parameters inside a transaction: for bulk work that a query builder cannot say well. */
export async function run<Row = never>(
  trx: Transaction,
  text: string,
  values: readonly unknown[] = [],
): Promise<{ readonly rows: readonly Row[]; readonly count: number }> {
  const result = await trx.executeQuery<Row>(CompiledQuery.raw(text, [...values]))
  return { rows: result.rows, count: Number(result.numAffectedRows ?? 0) }
}
