import { verifyAuditTail } from '../backup/verify-audit.ts'
import type { Config } from '../config/schema.ts'
import { type SiteHealth, siteHealth } from '../storage/backup-health.ts'
import type { Database } from '../storage/database.ts'
import { type Check, fail, ok, spanOf, warn } from './check.ts'

const MINUTE = 60_000_000
const HOUR = 60 * MINUTE
/** experience.md: a backup older than this is shown in red. */
const OLD_BACKUP = 48 * HOUR
const TAIL = 1000

/** What the site's own rows say. */
export async function checkSite(database: Database, config: Config, nowMicros: number): Promise<readonly Check[]> {
  const site = await siteHealth(database)
  if (!site) return [fail('site', 'the database was not set up', 'vouchsafe init')]
  return [
    checkClock(site, nowMicros),
    checkAdministrator(site),
    checkBackup(site, config, nowMicros),
    checkOutgoing(site),
    ...checkViews(site, database.kind),
    await checkAuditTail(database),
  ]
}

function checkClock(site: SiteHealth, nowMicros: number): Check {
  const newest = Math.max(site.newestRelease ?? 0, site.newestAudit ?? 0)
  const ahead = newest - nowMicros
  if (ahead < MINUTE) return ok('clock', `the clock says ${new Date(nowMicros / 1000).toISOString()}`)
  return warn(
    'clock',
    `the newest record is ${spanOf(ahead)} ahead of the clock: it was set back, or was wrong before`,
    'timedatectl set-ntp true (objects go on with dates after the newest one, so no reader misses any)',
  )
}

function checkAdministrator({ administrators }: SiteHealth): Check {
  if (administrators > 0) return ok('administrator', `${administrators} active`)
  return warn('administrator', 'the site has no administrator yet', 'open the link that "vouchsafe init" prints')
}

function checkBackup({ lastBackup }: SiteHealth, config: Config, nowMicros: number): Check {
  const make = 'vouchsafe backup site.backup'
  if (config.backup.passphrase === undefined) {
    return warn(
      'backup',
      lastBackup === undefined
        ? 'no backup was ever made, and no passphrase is set'
        : 'no passphrase for backups is set',
      'put a passphrase into a file and set VOUCHSAFE_BACKUP_PASSPHRASE_FILE to it (keep a copy elsewhere), then: ' +
        make,
    )
  }
  if (lastBackup === undefined) return warn('backup', 'no backup was ever made', make)
  const age = nowMicros - lastBackup
  if (age > OLD_BACKUP) return warn('backup', `the last backup is ${spanOf(age)} old`, make)
  return ok('backup', `the last backup is ${spanOf(age)} old`)
}

function checkOutgoing({ outgoing }: SiteHealth): Check {
  if (outgoing) return ok('outgoing', 'outgoing traffic is on')
  return warn(
    'outgoing',
    'the site was restored and sends nothing yet',
    'switch the old site off, then: vouchsafe restore --confirm',
  )
}

function checkViews(site: SiteHealth, kind: Database['kind']): readonly Check[] {
  const segments =
    site.unfitting.length === 0
      ? ok('segments', 'views and their segments agree')
      : fail(
          'segments',
          `counts do not fit the releases of ${site.unfitting.join(', ')}`,
          'vouchsafe verify, then restore the last backup that verifies',
        )
  const statistics =
    site.unanalyzed.length === 0
      ? ok('statistics', 'the planner knows the large tables')
      : warn(
          'statistics',
          `the planner knows nothing of ${site.unanalyzed.join(', ')}: first pages may be slow`,
          kind === 'postgres'
            ? `psql "$DATABASE_URL" -c "analyze ${site.unanalyzed.join(', ')}"`
            : 'vouchsafe serve (it looks at them after the next import)',
        )
  return [segments, statistics]
}

async function checkAuditTail(database: Database): Promise<Check> {
  const { checked, problem } = await verifyAuditTail(database, TAIL)
  if (problem === undefined) return ok('audit', `the last ${checked} records of the audit chain are whole`)
  return fail('audit', problem, 'vouchsafe verify; keep the database as it is and find out who changed it')
}
