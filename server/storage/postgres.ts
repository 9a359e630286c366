import type { Socket } from 'node:net'
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
/** How much longer than a statement may run a connection may be silent. */
const SILENT_SECONDS = 2

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
    // one that waits in the pool must be gone before its silence looks like a lost connection
    idleTimeoutMillis: Math.min(10_000, options.statementSeconds * 1000),
    statement_timeout: options.statementSeconds * 1000,
    // plans are for pages and bulk inserts: compiling them (jit) costs more than it saves
    options: '-c jit=off',
    application_name: 'vouchsafe',
    types: { getTypeParser: parserOf },
  })
  pool.on('error', options.onIdleError)
  pool.on('connect', (client) => {
    // a connection that is lost between two statements of a transaction tells its client only; unheard, it ends the process
    client.on('error', () => undefined)
    cutWhenSilent(url, client, (options.statementSeconds + SILENT_SECONDS) * 1000)
  })
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    kind: 'postgres',
    url,
    kysely,
    reader: new PostgresReader(pool),
    transaction: (use) => inTransaction(kysely, use),
    mustHaveRoom: async () => undefined,
    connections: () => ({ total: pool.totalCount, idle: pool.idleCount, wanted: pool.waitingCount }),
    version: async () => (await pool.query<{ version: string }>('select version()')).rows[0]?.version ?? '',
    close: async () => {
      await kysely.destroy()
      if (!pool.ended) await pool.end()
    },
  }
}

/** The part of node-pg's client that its type hides. */
interface Backend {
  readonly processID: number
  readonly connection: { readonly stream: Socket }
}

/**
 * Ends a connection on which nothing has come or gone for longer than a statement may run, unless PostgreSQL says that it
 * is at work (a restore may take longer). Without this a network that swallows packets keeps every connection for minutes.
 * The query fails as on a lost connection.
 */
function cutWhenSilent(url: string, client: pg.PoolClient, millis: number): void {
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- node-pg's own type hides what is used here
  const { processID, connection } = client as unknown as Backend
  const { stream } = connection
  stream.setTimeout(millis)
  stream.on('timeout', () => {
    void isAtWork(url, processID).then((atWork) => {
      if (atWork) stream.setTimeout(millis)
      else stream.destroy()
    })
  })
}

async function isAtWork(url: string, pid: number): Promise<boolean> {
  const asking = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000, query_timeout: 3_000 })
  asking.on('error', () => undefined)
  try {
    await asking.connect()
    const text = "select 1 from pg_stat_activity where pid = $1::int and state = 'active'"
    return (await asking.query(text, [pid])).rows.length > 0
  } catch {
    return false
  } finally {
    // not ended politely: it may be as silent as the other, and its socket would keep the process alive
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- node-pg's own type hides what is used here
    const { connection } = asking as unknown as Backend
    connection.stream.destroy()
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
