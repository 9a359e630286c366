import type { Clock } from '../clock.ts'
import type { Config } from '../config/schema.ts'
import type { Database } from '../storage/database.ts'
import { type Check, type Diagnosis, fail } from './check.ts'
import { checkDatabase, checkQueue, checkSchema } from './database-checks.ts'
import { checkDisk, checkFolder, checkNode } from './machine-checks.ts'
import { checkMail } from './mail-checks.ts'
import { checkCertificate, checkExposure } from './network-checks.ts'
import { checkProviders } from './provider-checks.ts'
import { checkSite } from './site-checks.ts'

/** What is examined. */
export interface Patient {
  readonly config: Config
  readonly clock: Clock
  /** The open database, or why there is none. */
  readonly database: Database | { readonly failure: unknown }
}

/** Looks at machine, network, database and site; changes nothing. One check that cannot be made never hides another. */
export async function doctor({ config, clock, database }: Patient): Promise<Diagnosis> {
  const nowMicros = clock.nowMicros()
  const checks: Check[] = [checkNode(process.version), await checkFolder(config), await checkDisk(config)]
  checks.push(checkExposure(config))
  const certificate = await checkCertificate(config, nowMicros)
  if (certificate) checks.push(certificate)
  checks.push(...(await databaseChecks(config, database, clock, nowMicros)))
  return { ok: checks.every((check) => check.outcome !== 'fail'), checks }
}

async function databaseChecks(
  config: Config,
  database: Patient['database'],
  clock: Clock,
  nowMicros: number,
): Promise<readonly Check[]> {
  if ('failure' in database) return [unreachable(config, database.failure)]
  const checks: Check[] = []
  try {
    checks.push(...(await checkDatabase(database)))
  } catch (error) {
    return [unreachable(config, error)]
  }
  const schema = await checkSchema(database)
  checks.push(schema)
  // tables of another schema cannot be asked
  if (schema.outcome === 'fail') return checks
  for (const more of [
    () => checkSite(database, config, nowMicros),
    async () => [await checkQueue(database, nowMicros)],
    () => checkProviders(database, clock),
    () => checkMail(database, config, nowMicros),
  ]) {
    try {
      checks.push(...(await more()))
    } catch (error) {
      checks.push(fail('questions', `the database does not answer a question (${reasonOf(error)})`, 'vouchsafe verify'))
    }
  }
  return checks
}

function unreachable(config: Config, failure: unknown): Check {
  const fix = config.databaseUrl
    ? 'start PostgreSQL, or correct DATABASE_URL: psql "$DATABASE_URL" -c "select 1"'
    : 'vouchsafe init; if it was there before, restore the last backup into a new folder'
  return fail('database', `the database cannot be opened (${reasonOf(failure)})`, fix)
}

/** The innermost message: the outer ones say only what was being done. */
function reasonOf(error: unknown): string {
  let reason = String(error)
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    reason = cause.message || ('code' in cause ? String(cause.code) : cause.name)
  }
  return reason
}
