import { type Database, run } from './database.ts'

/** Numbers about the site that its status page and its metrics show. */
export interface SiteFigures {
  /** Of the whole database on the disk. */
  readonly databaseBytes: number
  /** Web sessions of people who have signed in. */
  readonly sessions: number
  readonly auditRecords: number
  readonly activeAccounts: number
}

/** Reads them in one question. */
export async function siteFigures(database: Database, nowMicros: number): Promise<SiteFigures> {
  const [row] = await database.reader.rows<{ size: number; sessions: number; records: number; accounts: number }>(
    {
      name: 'site-figures',
      text: `select pg_database_size(current_database()) as size,
                    (select count(*)::int from web_session where account_no is not null and expires_micros > $1::bigint) as sessions,
                    (select seq from audit_head) as records,
                    (select count(*)::int from account where active) as accounts`,
    },
    [nowMicros],
  )
  return {
    databaseBytes: row?.size ?? 0,
    sessions: row?.sessions ?? 0,
    auditRecords: row?.records ?? 0,
    activeAccounts: row?.accounts ?? 0,
  }
}

/** Jobs that were given up after every try, by task; empty while no server has ever started on this database. */
export async function failedJobs(
  database: Database,
): Promise<readonly { readonly task: string; readonly failed: number }[]> {
  return await database.transaction(async (trx) => {
    const there = await run<{ there: boolean }>(trx, `select to_regclass('pgboss.job') is not null as there`)
    if (!there.rows[0]?.there) return []
    const { rows } = await run<{ task: string; failed: number }>(
      trx,
      `select name as task, count(*)::int as failed from pgboss.job where state = 'failed' group by name order by name`,
    )
    return rows
  })
}
