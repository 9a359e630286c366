import pg from 'pg'

/** What a column is read as: times become microseconds since 1970, intervals seconds. */
export type ColumnKind = 'text' | 'flag' | 'number' | 'time' | 'seconds'

/** Columns of one table, by name. */
export type Columns = Readonly<Record<string, ColumnKind>>

/** A row of them; a column that this database does not have is null in every row. */
export type SourceRow<C extends Columns> = {
  readonly [Name in keyof C]: (C[Name] extends 'flag' ? boolean : C[Name] extends 'text' ? string : number) | null
}

/** Another system's PostgreSQL database, read within one transaction that can change nothing. */
export interface PortalSource {
  /** Whether there is such a column, or, without a column, such a table that may be read. */
  has(table: string, column?: string): boolean
  /** All rows, by the names of their columns: never `*`, so nothing comes along that nobody asked for. */
  rows<C extends Columns>(table: string, columns: C): Promise<readonly SourceRow<C>[]>
  /** Rows of the table of what was done, oldest first, some thousands at a time. See {@link HISTORY_COLUMNS}. */
  history(): AsyncGenerator<readonly SourceRow<typeof HISTORY_COLUMNS>[]>
  /** How many of those rows hold whole SQL statements, and how many hold sentences. */
  countHistory(): Promise<{ readonly statements: number; readonly sentences: number }>
  close(): Promise<void>
}

/** Of `audit_history`; `statement` is the verb and the table of a row that holds SQL, whose text is not read at all. */
export const HISTORY_COLUMNS = {
  entered: 'time',
  member: 'text',
  username: 'text',
  trustgroup: 'text',
  statement: 'text',
  sentence: 'text',
} as const

const STATEMENT_MILLIS = 120_000
const HISTORY_ROWS = 2000

/**
 * Connects and begins the reading transaction.
 * @param zone IANA name: of the times, which that database keeps without a zone
 * @throws what node-pg throws when the database cannot be reached or does not know the zone
 */
export async function openPortalSource(url: string, zone: string): Promise<PortalSource> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    query_timeout: STATEMENT_MILLIS + 5000,
    application_name: 'vouchsafe import-portal',
  })
  // a connection that is lost between two statements tells its client only; unheard, it ends the process
  client.on('error', () => undefined)
  const end = () => client.end().catch(() => undefined)
  try {
    await client.connect()
    await client.query('begin isolation level repeatable read read only')
    await client.query(`set local statement_timeout = ${STATEMENT_MILLIS}`)
    await client.query('select now() at time zone $1::text', [zone])
    return new Source(client, zone, await readColumns(client), end)
  } catch (error) {
    await end()
    throw error
  }
}

/** Whether an error is the other database's own, and what it says: for the operator. */
export function sourceTrouble(error: unknown): string | undefined {
  if (error instanceof pg.DatabaseError) return `${error.message} (SQLSTATE ${error.code ?? 'unknown'})`
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code === 'string' && error instanceof Error) return error.message === '' ? code : error.message
  return error instanceof Error && /timeout|terminated|SSL|SASL/i.test(error.message) ? error.message : undefined
}

/** Types by table and column: of what the role may read. */
async function readColumns(client: pg.Client): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const { rows } = await client.query<{ table_name: string; column_name: string; data_type: string }>(
    `select c.table_name, c.column_name, c.data_type from information_schema.columns c
      where c.table_schema = any(current_schemas(false))
        and has_column_privilege(format('%I.%I', c.table_schema, c.table_name), c.column_name, 'select')`,
  )
  const tables = new Map<string, Map<string, string>>()
  for (const row of rows) {
    const columns = tables.get(row.table_name) ?? new Map<string, string>()
    columns.set(row.column_name, row.data_type)
    tables.set(row.table_name, columns)
  }
  return tables
}

class Source implements PortalSource {
  readonly #client: pg.Client
  readonly #zone: string
  readonly #columns: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly close: () => Promise<void>

  constructor(
    client: pg.Client,
    zone: string,
    columns: ReadonlyMap<string, ReadonlyMap<string, string>>,
    close: () => Promise<void>,
  ) {
    this.#client = client
    this.#zone = zone
    this.#columns = columns
    this.close = close
  }

  has(table: string, column?: string): boolean {
    const columns = this.#columns.get(table)
    return column === undefined ? columns !== undefined : (columns?.has(column) ?? false)
  }

  async rows<C extends Columns>(table: string, columns: C): Promise<readonly SourceRow<C>[]> {
    if (!this.has(table)) return []
    const list = Object.entries(columns).map(([name, kind]) => `${this.#expression(table, name, kind)} as "${name}"`)
    const { rows } = await this.#client.query(`select ${list.join(', ')} from "${table}" t, ${this.#zoned()}`, [
      this.#zone,
    ])
    return rows as SourceRow<C>[]
  }

  async *history(): AsyncGenerator<readonly SourceRow<typeof HISTORY_COLUMNS>[]> {
    if (!this.has('audit_history', 'what')) return
    const column = (name: string, kind: ColumnKind) => this.#expression('audit_history', name, kind)
    await this.#client.query(
      `declare history no scroll cursor for
       select ${column('entered', 'time')} as entered, ${column('member', 'text')} as member,
              ${column('username', 'text')} as username, ${column('trustgroup', 'text')} as trustgroup,
              case when ${IS_STATEMENT} then coalesce(substring(t.what from ${VERB_AND_TABLE}), '') end as statement,
              case when not ${IS_STATEMENT} then t.what end as sentence
         from audit_history t, ${this.#zoned()} order by t.entered`,
      [this.#zone],
    )
    for (;;) {
      const { rows } = await this.#client.query(`fetch ${HISTORY_ROWS} from history`)
      if (rows.length === 0) break
      yield rows as SourceRow<typeof HISTORY_COLUMNS>[]
    }
    await this.#client.query('close history')
  }

  async countHistory(): Promise<{ readonly statements: number; readonly sentences: number }> {
    if (!this.has('audit_history', 'what')) return { statements: 0, sentences: 0 }
    const { rows } = await this.#client.query<{ statements: number; sentences: number }>(
      `select (count(*) filter (where ${IS_STATEMENT}))::float8 as statements,
              (count(*) filter (where not ${IS_STATEMENT}))::float8 as sentences from audit_history t`,
    )
    return rows[0] ?? { statements: 0, sentences: 0 }
  }

  /** The zone as a relation of one row: a parameter that no column uses would have no type. */
  #zoned(): string {
    return '(select $1::text as zone) as z'
  }

  #expression(table: string, name: string, kind: ColumnKind): string {
    const type = this.#columns.get(table)?.get(name)
    if (type === undefined) return `null::${kind === 'text' ? 'text' : kind === 'flag' ? 'boolean' : 'float8'}`
    const column = `t."${name}"`
    switch (kind) {
      case 'text':
        return `${column}::text`
      case 'flag':
        return `${column}::boolean`
      case 'number':
        return `${column}::float8`
      case 'seconds':
        return `extract(epoch from ${column})::float8`
      case 'time': {
        const instant = type === 'timestamp without time zone' ? `(${column} at time zone z.zone)` : column
        const micros = `round(extract(epoch from ${instant})::numeric * 1000000)::float8`
        return `case when isfinite(${column}) then ${micros} end`
      }
    }
  }
}

const IS_STATEMENT = "(t.what ~* '^\\s*sql:')"
const VERB_AND_TABLE = "'(?i)^\\s*sql:\\s*((?:insert\\s+into|update|delete\\s+from)\\s+[a-z_]+)'"
