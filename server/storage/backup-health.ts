import { type Database, run, type Transaction } from './database.ts'
import { OPEN_ENDS } from './backup-settle.ts'

/** What `doctor` asks a set-up database. Times are microseconds. */
export interface SiteHealth {
  readonly outgoing: boolean
  readonly administrators: number
  /** Date of the newest release; undefined while there is none. */
  readonly newestRelease: number | undefined
  readonly newestAudit: number | undefined
  /** When the last backup was put on record. */
  readonly lastBackup: number | undefined
  /** Collections whose segments or clocks do not fit their releases, by alias or id. */
  readonly unfitting: readonly string[]
  /** Tables with over 10,000 rows of which the planner knows nothing. */
  readonly unanalyzed: readonly string[]
}

/** Number of the major version, for example 15. */
export async function serverVersion(database: Database): Promise<number> {
  return await database.transaction(async (trx) => {
    const { rows } = await run<{ number: number }>(trx, `select current_setting('server_version_num')::int as number`)
    return Math.floor((rows[0]?.number ?? 0) / 10_000)
  })
}

/** Reads the health of a site; undefined when the database was never set up. */
export async function siteHealth(database: Database): Promise<SiteHealth | undefined> {
  return await database.transaction(async (trx) => {
    const [site] = (await run<SiteRow>(trx, SITE)).rows
    if (!site) return undefined
    return {
      outgoing: site.outgoing,
      administrators: site.administrators,
      newestRelease: site.newest_release ?? undefined,
      newestAudit: site.newest_audit ?? undefined,
      lastBackup: site.last_backup ?? undefined,
      unfitting: await names(trx, UNFITTING),
      unanalyzed: await names(trx, UNANALYZED),
    }
  })
}

interface SiteRow {
  readonly outgoing: boolean
  readonly administrators: number
  readonly newest_release: number | null
  readonly newest_audit: number | null
  readonly last_backup: number | null
}

const SITE = `
  select s.outgoing,
         (select count(*)::int from account where role = 'administrator' and active) as administrators,
         (select max(last_micros) from collection_clock where ledger_seq > 0) as newest_release,
         (select at_micros from audit order by seq desc limit 1) as newest_audit,
         (select max(at_micros) from audit where kind = 'backup_made') as last_backup
    from site s`

const UNFITTING = `
  select coalesce(c.alias, c.collection_id::text) as name
    from collection c
    join collection_clock k using (collection_no)
    join (${OPEN_ENDS}) e using (collection_no)
   where e.open_first is distinct from k.open_first or e.open_count <> k.open_count or e.open_objects <> k.open_objects
   order by 1`

const UNANALYZED = `
  select relname::text as name from pg_class
   where relname in ('object', 'release', 'ledger') and relnamespace = current_schema()::regnamespace
     and reltuples < 0 and pg_relation_size(oid) > 1048576
   order by 1`

async function names(trx: Transaction, text: string): Promise<readonly string[]> {
  return (await run<{ name: string }>(trx, text)).rows.map((row) => row.name)
}

/** When the site was made, and when its last backup was put on record. */
export async function lastBackup(
  database: Database,
): Promise<{ readonly siteMicros: number; readonly backupMicros: number | undefined }> {
  return await database.transaction(async (trx) => {
    const { rows } = await run<{ created_micros: number; last_backup: number | null }>(
      trx,
      `select created_micros, (select max(at_micros) from audit where kind = 'backup_made') as last_backup from site`,
    )
    return { siteMicros: rows[0]?.created_micros ?? 0, backupMicros: rows[0]?.last_backup ?? undefined }
  })
}

/** The job queue: whether its tables are there, jobs that wait, and since when the oldest could have run. */
export interface QueueHealth {
  readonly waiting: number
  /** Microseconds. */
  readonly oldestMicros: number | undefined
}

/** Asks the tables of the job queue; undefined while no server has ever started on this database. */
export async function queueHealth(database: Database): Promise<QueueHealth | undefined> {
  return await database.transaction(async (trx) => {
    const there = await run<{ there: boolean }>(trx, `select to_regclass('pgboss.job') is not null as there`)
    if (!there.rows[0]?.there) return undefined
    const { rows } = await run<{ waiting: number; oldest: number | null }>(
      trx,
      `select count(*)::int as waiting, (extract(epoch from min(greatest(created_on, start_after))) * 1000000)::bigint as oldest
         from pgboss.job where state in ('created', 'retry')`,
    )
    return { waiting: rows[0]?.waiting ?? 0, oldestMicros: rows[0]?.oldest ?? undefined }
  })
}
