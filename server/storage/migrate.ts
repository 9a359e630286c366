import { sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { ConflictError } from '../errors.ts'
import type { Database } from './database.ts'
import { MIGRATIONS } from './migrations/index.ts'

/** What a migration run did, or would do. */
export interface MigrationReport {
  readonly applied: readonly string[]
  readonly pending: readonly string[]
}

/**
 * Brings the schema up to date, under a lock: several servers may start at once, each migration is applied once.
 * @param plan only report what is missing
 * @throws {ConflictError} when the schema is newer than this program
 */
export async function migrate(database: Database, { plan = false } = {}): Promise<MigrationReport> {
  const migrator = new Migrator({ db: database.kysely, provider: { getMigrations: () => Promise.resolve(provided()) } })
  const known = new Set(MIGRATIONS.map((migration) => migration.name))
  await refuseNewer(database, known)
  const pending = (await migrator.getMigrations()).filter((entry) => !entry.executedAt).map((entry) => entry.name)
  if (plan) return { applied: [], pending }
  const { error, results } = await migrator.migrateToLatest()
  if (error) throw new Error('the schema could not be brought up to date', { cause: error })
  return { applied: (results ?? []).map((result) => result.migrationName), pending: [] }
}

function provided(): Record<string, Migration> {
  return Object.fromEntries(
    MIGRATIONS.map(({ name, sql: text }) => [
      name,
      {
        async up(db) {
          for (const statement of statementsOf(text)) await sql.raw(statement).execute(db)
        },
      } satisfies Migration,
    ]),
  )
}

/** The statements of a migration, without comments: the embedded database takes one at a time. */
function statementsOf(text: string): string[] {
  return text
    .replaceAll(/--[^\n]*/g, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

async function refuseNewer(database: Database, known: ReadonlySet<string>): Promise<void> {
  const table = await sql<{ there: boolean }>`select to_regclass('kysely_migration') is not null as there`.execute(
    database.kysely,
  )
  if (!table.rows[0]?.there) return
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(database.kysely)
  const newer = rows.filter((row) => !known.has(row.name))
  if (newer.length > 0) {
    throw new ConflictError(
      'newer_schema',
      `the database was written by a newer Vouchsafe (${newer.map((row) => row.name).join(', ')}): install that version`,
    )
  }
}
