import { lastBackup } from '../storage/backup-health.ts'
import type { Database } from '../storage/database.ts'
import { isDemo } from '../demo/is-demo.ts'
import type { Warning } from './components/banner.ts'
import { isSignedIn, type OpenVisit } from './visit.ts'

const HOUR_MICROS = 3_600_000_000
/** Nightly is the habit: two missed nights are a fault. */
const OLD_BACKUP_MICROS = 48 * HOUR_MICROS
/** How long an answer about backups is believed, so that pages do not ask the database each time. */
const BELIEVED_MICROS = 60_000_000

interface Known {
  readonly atMicros: number
  readonly siteMicros: number
  readonly backupMicros: number | undefined
}

const known = new WeakMap<Database, Known>()

/** What stands above every page: that the site shows a demonstration; to administrators that backups are missing. */
export async function siteWarnings(visit: OpenVisit): Promise<readonly Warning[]> {
  if (!isSignedIn(visit)) return []
  const { shell } = visit.words
  const warnings: Warning[] = []
  if (isDemo(visit.access)) warnings.push({ tone: 'plain', text: shell.demo })
  if (!visit.actor.siteAdministrator) return warnings
  const { siteMicros, backupMicros } = await backups(visit)
  const since = visit.nowMicros - (backupMicros ?? siteMicros)
  if (since > OLD_BACKUP_MICROS) {
    const text = backupMicros ? shell.oldBackup(Math.floor(since / (24 * HOUR_MICROS))) : shell.noBackup
    warnings.push({ tone: 'bad', text })
  }
  return warnings
}

async function backups({ context, nowMicros }: OpenVisit): Promise<Known> {
  const last = known.get(context.database)
  if (last && nowMicros - last.atMicros < BELIEVED_MICROS) return last
  const found = { atMicros: nowMicros, ...(await lastBackup(context.database)) }
  known.set(context.database, found)
  return found
}
