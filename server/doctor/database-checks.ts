import { queueHealth, serverVersion } from '../storage/backup-health.ts'
import type { Database } from '../storage/database.ts'
import { migrate } from '../storage/migrate.ts'
import { type Check, fail, ok, spanOf, warn } from './check.ts'

const MIN_MAJOR = 15
const MINUTE = 60_000_000

/** Reachable, new enough, and whether what is acknowledged survives a power loss. */
export async function checkDatabase(database: Database): Promise<readonly Check[]> {
  const major = await serverVersion(database)
  const what = database.kind === 'embedded' ? `the embedded database (PostgreSQL ${major})` : `PostgreSQL ${major}`
  const version =
    major >= MIN_MAJOR
      ? ok('database', `${what} answers`)
      : fail(
          'database',
          `${what} is too old`,
          `move to PostgreSQL ${MIN_MAJOR} or later: vouchsafe backup, then restore into it`,
        )
  return [version, durability(database)]
}

function durability({ kind }: Database): Check {
  if (kind === 'postgres') return ok('durability', 'what is acknowledged is on the disk, as PostgreSQL is configured')
  return warn(
    'durability',
    'the embedded database does not sync to the disk: it survives the death of the server, but a power loss may take the newest objects',
    'for production use PostgreSQL: "vouchsafe backup site.backup", then "DATABASE_URL=postgres://... vouchsafe restore site.backup"',
  )
}

/** Whether the schema is the program's. */
export async function checkSchema(database: Database): Promise<Check> {
  try {
    const { pending } = await migrate(database, { plan: true })
    if (pending.length === 0) return ok('schema', 'the schema is up to date')
    return fail('schema', `the schema lacks ${pending.join(', ')}`, 'vouchsafe migrate')
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return fail('schema', message, 'install the version that wrote the database, or a later one')
  }
}

/** Whether jobs are run: one that could have run for ten minutes says that none are. */
export async function checkQueue(database: Database, nowMicros: number): Promise<Check> {
  const queue = await queueHealth(database)
  if (!queue) return warn('jobs', 'the job queue was never started', 'vouchsafe serve')
  const waited = queue.oldestMicros === undefined ? 0 : nowMicros - queue.oldestMicros
  if (waited < 10 * MINUTE) return ok('jobs', `${queue.waiting} jobs wait`)
  return warn(
    'jobs',
    `${queue.waiting} jobs wait, the oldest for ${spanOf(waited)}: nobody runs them`,
    'vouchsafe serve',
  )
}
