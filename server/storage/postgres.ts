import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { type Database, inTransaction, refuseInsideTransaction, type Statement } from './database.ts'
import { RawRead } from './raw-read.ts'
import type { OnRow, RowReader } from './row-reader.ts'
import type { Tables } from './tables.ts'

/** PostgreSQL, and the address that the job queue connects to. */
export interface PostgresDatabase extends Database {
  readonly kind: 'postgres'
  readonly url: string
}

const INT8 = 20

/** What PostgreSQL is asked for on each connection. */
export interface PostgresOptions {
  readonly poolSize: number
  /** A statement that runs longer is cancelled: a slow database must not pile up requests. */
  readonly statementSeconds: number
  /** Told of errors on idle connections; without a listener node-pg would end the process. */
  readonly onIdleError: (error: Error) => void
}

/** Connects lazily: the first query finds out whether PostgreSQL is there. */
export function openPostgres(url: string, options: PostgresOptions): PostgresDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize,
    connectionTimeoutMillis: 3_000,
    statement_timeout: options.statementSeconds * 1000,
    // plans are for pages and bulk inserts: compiling them (jit) costs more than it saves
    options: '-c jit=off',
    application_name: 'vouchsafe',
    types: { getTypeParser: parserOf },
  })
  pool.on('error', options.onIdleError)
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    kind: 'postgres',
    url,
    kysely,
    reader: new PostgresReader(pool),
    transaction: (use) => inTransaction(kysely, use),
    version: async () => (await pool.query<{ version: string }>('select version()')).rows[0]?.version ?? '',
    close: async () => {
      await kysely.destroy()
      if (!pool.ended) await pool.end()
    },
  }
}

// node-pg's own table for everything but int8, which it would give as text
const parserOf: typeof pg.types.getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format as 'text')) as never

class PostgresReader implements RowReader {
  readonly #pool: pg.Pool
  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  async rows<Row>(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]> {
    refuseInsideTransaction()
    // the rows of a statement are what its text selects: the one cast between SQL and TypeScript on this path
    return (await this.#pool.query({ name: statement.name, text: statement.text, values: [...values] })).rows as Row[]
  }

  async eachRaw(statement: Statement, values: readonly (string | number)[], onRow: OnRow): Promise<void> {
    refuseInsideTransaction()
    const client = await this.#pool.connect()
    const read = new RawRead(statement, values.map(String), onRow)
    let broken: unknown
    try {
      client.query(read)
      await read.done
    } catch (error) {
      broken = error
      throw error
    } finally {
      // an error of the statement leaves the connection usable; anything else does not
      client.release(broken !== undefined && !(broken instanceof pg.DatabaseError))
    }
  }
}
