import { type Database, run, type Transaction } from './database.ts'

/**
 * What a backup does with a table. `whole`: small, read within the cut. The others grow and are read in short pages
 * after it, each bounded in its own way (see backup-pages.ts).
 */
export interface BackupTable {
  readonly name: string
  readonly key: readonly string[]
  readonly reading: 'whole' | 'status' | 'object' | 'release' | 'ledger' | 'audit'
}

/** Every table that is kept, parents before children, so that they load in this order; `site` comes last. */
export const BACKUP_TABLES: readonly BackupTable[] = [
  { name: 'secret', key: ['name'], reading: 'whole' },
  { name: 'trust_group', key: ['group_no'], reading: 'whole' },
  { name: 'api_root', key: ['root_no'], reading: 'whole' },
  { name: 'account', key: ['account_no'], reading: 'whole' },
  { name: 'collection', key: ['collection_no'], reading: 'whole' },
  { name: 'collection_grant', key: ['account_no', 'collection_no'], reading: 'whole' },
  { name: 'token', key: ['token_no'], reading: 'whole' },
  { name: 'account_certificate', key: ['fingerprint'], reading: 'whole' },
  { name: 'setup_link', key: ['sha256'], reading: 'whole' },
  { name: 'setting', key: ['name'], reading: 'whole' },
  { name: 'account_address', key: ['address_no'], reading: 'whole' },
  { name: 'profile', key: ['account_no'], reading: 'whole' },
  { name: 'affiliation', key: ['affiliation_no'], reading: 'whole' },
  { name: 'photo', key: ['account_no'], reading: 'whole' },
  { name: 'asset', key: ['asset_no'], reading: 'whole' },
  { name: 'service_account', key: ['account_no'], reading: 'whole' },
  { name: 'certificate', key: ['certificate_no'], reading: 'whole' },
  { name: 'membership', key: ['group_no', 'account_no'], reading: 'whole' },
  { name: 'key_challenge', key: ['challenge_no'], reading: 'whole' },
  { name: 'key_change', key: ['change_no'], reading: 'whole' },
  { name: 'key_warning', key: ['certificate_no', 'days'], reading: 'whole' },
  { name: 'membership_history', key: ['history_no'], reading: 'whole' },
  { name: 'nomination', key: ['nomination_no'], reading: 'whole' },
  { name: 'nomination_approval', key: ['nomination_no', 'approver_no'], reading: 'whole' },
  { name: 'attestation', key: ['group_no', 'name', 'version'], reading: 'whole' },
  { name: 'vouch', key: ['vouch_no'], reading: 'whole' },
  { name: 'vouch_mark', key: ['group_no', 'voucher_no', 'vouchee_no'], reading: 'whole' },
  { name: 'vouch_signal', key: ['signal_no'], reading: 'whole' },
  { name: 'vouch_export', key: ['export_no'], reading: 'whole' },
  { name: 'group_field', key: ['group_no', 'name'], reading: 'whole' },
  { name: 'member_field', key: ['group_no', 'account_no', 'name'], reading: 'whole' },
  { name: 'admission_request', key: ['request_no'], reading: 'whole' },
  { name: 'participant_map', key: ['version_no'], reading: 'whole' },
  { name: 'imported_person', key: ['source', 'outside_id'], reading: 'whole' },
  { name: 'imported_group', key: ['source', 'outside_name'], reading: 'whole' },
  { name: 'break_glass', key: ['break_glass_no'], reading: 'whole' },
  { name: 'passkey', key: ['credential_id'], reading: 'whole' },
  { name: 'code_generator', key: ['generator_no'], reading: 'whole' },
  { name: 'recovery_code', key: ['account_no', 'sha256'], reading: 'whole' },
  { name: 'sign_in_provider', key: ['provider_no'], reading: 'whole' },
  { name: 'external_identity', key: ['issuer', 'subject'], reading: 'whole' },
  { name: 'group_mapping', key: ['provider_no', 'outside_group', 'group_no'], reading: 'whole' },
  { name: 'membership_proposal', key: ['proposal_no'], reading: 'whole' },
  { name: 'one_time_link', key: ['sha256'], reading: 'whole' },
  { name: 'recovery_request', key: ['recovery_no'], reading: 'whole' },
  { name: 'recovery_approval', key: ['recovery_no', 'voucher_no'], reading: 'whole' },
  { name: 'notice', key: ['notice_no'], reading: 'whole' },
  { name: 'digest_entry', key: ['entry_no'], reading: 'whole' },
  { name: 'collection_clock', key: ['collection_no'], reading: 'whole' },
  { name: 'read_tally', key: ['minute', 'account_no', 'collection_no', 'process'], reading: 'whole' },
  { name: 'intake_cursor', key: ['name'], reading: 'whole' },
  { name: 'audit_head', key: ['site_no'], reading: 'whole' },
  { name: 'status', key: ['status_id'], reading: 'status' },
  { name: 'object', key: ['object_no'], reading: 'object' },
  { name: 'release', key: ['collection_no', 'date_added'], reading: 'release' },
  { name: 'ledger', key: ['collection_no', 'seq'], reading: 'ledger' },
  { name: 'audit', key: ['seq'], reading: 'audit' },
  { name: 'site', key: ['site_no'], reading: 'whole' },
]

/**
 * Tables that are made anew by a restore, the record of migrations, which the schema itself brings, and what must not come
 * back from the past: web sessions, devices that need no second factor, counted attempts. A spent logout token that comes
 * back could end sessions only.
 */
export const LEFT_OUT: readonly string[] = [
  'segment',
  'kysely_migration',
  'kysely_migration_lock',
  'web_session',
  'remembered_device',
  'attempt',
  'spent_token',
]

/** A column as the database describes it. */
export interface BackupColumn {
  readonly name: string
  /** PostgreSQL's short name of the type, for example `int8`. */
  readonly type: string
  readonly nullable: boolean
  /** `generated always`: inserting needs `overriding system value`. */
  readonly identity: boolean
}

/** A table with the columns that it has in this database. */
export interface DescribedTable extends BackupTable {
  readonly columns: readonly BackupColumn[]
}

const COLUMNS = `
  select c.relname as table_name, a.attname as name, t.typname as type, not a.attnotnull as nullable,
         a.attidentity = 'a' as identity
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
   where c.relkind = 'r'
   order by c.relname, a.attnum`

interface ColumnRow extends BackupColumn {
  readonly table_name: string
}

/**
 * The kept tables with their columns, read from the database itself: a column that a later migration adds is in the
 * next backup without anybody thinking of it.
 * @throws {Error} when the schema has a table that nobody decided about
 */
export async function describeTables(trx: Transaction): Promise<readonly DescribedTable[]> {
  const { rows } = await run<ColumnRow>(trx, COLUMNS)
  const known = new Set([...BACKUP_TABLES.map((table) => table.name), ...LEFT_OUT])
  const unknown = rows.find((row) => !known.has(row.table_name))
  if (unknown) throw new Error(`nobody has decided whether the table ${unknown.table_name} belongs in a backup`)
  return BACKUP_TABLES.map((table) => ({
    ...table,
    columns: rows.filter((row) => row.table_name === table.name),
  }))
}

/** The migrations that the database has had, in order. */
export async function appliedMigrations(trx: Transaction): Promise<readonly string[]> {
  const { rows } = await run<{ name: string }>(trx, 'select name from kysely_migration order by name')
  return rows.map((row) => row.name)
}

/**
 * One transaction that sees one moment (repeatable read) and whose statements may take up to ten minutes. On the
 * embedded database everything else waits for it, so keep it short.
 */
export async function atOneMoment<T>(database: Database, use: (trx: Transaction) => Promise<T>): Promise<T> {
  return await database.transaction(async (trx) => {
    await run(trx, 'set transaction isolation level repeatable read, read only')
    await run(trx, "set local statement_timeout = '10min'")
    return await use(trx)
  })
}

/** A column as it is selected: types that JSON has no word for go as text. */
export function selected(column: BackupColumn): string {
  const isPlain = /^(int[248]|bool|text|bytea|uuid)$/.test(column.type)
  return isPlain ? column.name : `${column.name}::text as ${column.name}`
}
