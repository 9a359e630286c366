import { claim } from '../admin/claim.ts'
import { socketAdmin } from '../admin/socket-admin.ts'
import { systemClock } from '../clock.ts'
import type { Config } from '../config/schema.ts'
import { openDatabase } from '../storage/open.ts'
import { type Diagnosis, ok } from './check.ts'
import { doctor, type Patient } from './doctor.ts'

/**
 * Examines a site from outside: a running server examines itself, as it has the database; else the database is opened,
 * without bringing its schema up to date or setting anything up.
 */
export async function examine(config: Config, onWait: (message: string) => void): Promise<Diagnosis> {
  let claimed
  try {
    claimed = await claim(config, { create: false, onWait, patienceSeconds: 10 })
  } catch (failure) {
    return await doctor({ config, clock: systemClock(), database: { failure } })
  }
  if (claimed.kind === 'server') {
    const found = await socketAdmin(claimed.socketPath).call('doctor', {})
    return {
      ok: found.ok,
      checks: [ok('server', `a server runs (process ${claimed.pid ?? 'unknown'})`), ...found.checks],
    }
  }
  try {
    return await doctorOn(config)
  } finally {
    await claimed.lock?.release()
  }
}

async function doctorOn(config: Config): Promise<Diagnosis> {
  const { databaseUrl, dataFolder } = config
  const choice = { databaseUrl, dataFolder, poolSize: 2, statementSeconds: 60, onIdleError: () => undefined }
  let database: Patient['database']
  try {
    database = await openDatabase(choice)
  } catch (failure) {
    return await doctor({ config, clock: systemClock(), database: { failure } })
  }
  try {
    return await doctor({ config, clock: systemClock(), database })
  } finally {
    await database.close()
  }
}
