import { failedJobs, siteFigures, type SiteFigures } from '../storage/site-figures.ts'
import { listProviders } from '../auth/providers/providers.ts'
import { shownVersion } from '../backup/program-version.ts'
import type { Context } from '../context.ts'
import { type Check, ok, warn } from '../doctor/check.ts'
import { doctor } from '../doctor/doctor.ts'
import type { Database } from '../storage/database.ts'

/** How the server is, at one moment. */
export interface StatusReport {
  readonly atMicros: number
  readonly version: string
  /** The database in its own words. */
  readonly databaseVersion: string
  /** How long it took to answer one question. */
  readonly latencyMicros: number
  readonly figures: SiteFigures
  readonly checks: readonly Check[]
}

/** A report is shown to everybody who asks within this time: pressing the button often loads nothing. */
const FRESH_MICROS = 5_000_000

const reports = new WeakMap<Database, { readonly atMicros: number; readonly report: Promise<StatusReport> }>()

/** Looks at everything that `vouchsafe doctor` looks at, and at what only a running server knows. */
export async function statusReport(context: Context): Promise<StatusReport> {
  const nowMicros = context.clock.nowMicros()
  const known = reports.get(context.database)
  if (known && nowMicros - known.atMicros < FRESH_MICROS) return await known.report
  const report = examine(context, nowMicros)
  reports.set(context.database, { atMicros: nowMicros, report })
  // a report that failed is no answer for those who come next
  report.catch(() => reports.delete(context.database))
  return await report
}

async function examine(context: Context, nowMicros: number): Promise<StatusReport> {
  const { database, clock } = context
  const before = clock.nowMicros()
  const databaseVersion = await database.version()
  const latencyMicros = clock.nowMicros() - before
  const { checks } = await doctor(context)
  const found = [...checks, await checkFailedJobs(database), ...(await checkProviders(database)), NO_PEERS]
  return {
    atMicros: nowMicros,
    version: shownVersion().text,
    databaseVersion: /^\S+ [\d.]+/.exec(databaseVersion)?.[0] ?? databaseVersion,
    latencyMicros,
    figures: await siteFigures(database, nowMicros),
    checks: found,
  }
}

const NO_PEERS = ok('peers', 'no peer region is connected')

async function checkFailedJobs(database: Database): Promise<Check> {
  const failed = await failedJobs(database)
  if (failed.length === 0) return ok('failed jobs', 'no job was given up')
  const what = failed.map(({ task, failed: count }) => `${task}: ${count}`).join(', ')
  return warn('failed jobs', `jobs were given up after many tries (${what})`, 'look for "a job failed" in the log')
}

async function checkProviders(database: Database): Promise<readonly Check[]> {
  const providers = (await listProviders(database)).filter((provider) => provider.active)
  return providers.map(({ name, trouble }) =>
    trouble === undefined
      ? ok(`provider ${name}`, 'answered when it was last asked')
      : warn(`provider ${name}`, `did not answer as it should (${trouble})`, 'open Sign-in providers and test it'),
  )
}
