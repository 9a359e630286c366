import type { Config } from '../config/schema.ts'
import type { Log } from '../log.ts'
import { migrate, type MigrationReport } from '../storage/migrate.ts'
import { openDatabase } from '../storage/open.ts'
import { claim } from './claim.ts'
import { socketAdmin } from './socket-admin.ts'

/** Brings the schema up to date, or says what would be done, without anything else that an opened site does. */
export async function migrateSite(
  config: Config,
  log: Log,
  { plan, onWait }: { readonly plan: boolean; readonly onWait: (message: string) => void },
): Promise<MigrationReport> {
  const claimed = await claim(config, { create: false, onWait, patienceSeconds: 60 })
  if (claimed.kind === 'server') return await socketAdmin(claimed.socketPath).call('site.migrate', { plan })
  try {
    const database = await openDatabase({
      databaseUrl: config.databaseUrl,
      dataFolder: config.dataFolder,
      poolSize: 2,
      statementSeconds: 600, // an index on a large table takes minutes
      onIdleError: (error) => log.warn({ err: error }, 'a connection to the database was lost'),
    })
    try {
      return await migrate(database, { plan })
    } finally {
      await database.close()
    }
  } finally {
    await claimed.lock?.release()
  }
}
