import { Readable } from 'node:stream'
import { loadConfig } from '../../server/config/load.ts'
import { type BackupContext, writeBackup } from '../../server/backup/write-backup.ts'
import { restore, type RestoreTarget } from '../../server/backup/restore.ts'
import { systemClock } from '../../server/clock.ts'
import { createLog } from '../../server/log.ts'
import { openCore, startServer } from '../../server/main.ts'
import { run } from '../../server/storage/database.ts'
import { openScratch, type Scratch, scratch, TEST_DATABASE_URL } from '../support/database.ts'

export const PASSPHRASE = 'six words make a good passphrase'

/** The databases that this run can use: the embedded one always, PostgreSQL when there is one. */
export const KINDS: readonly ('embedded' | 'postgres')[] = TEST_DATABASE_URL ? ['embedded', 'postgres'] : ['embedded']

/** An encrypted backup in memory. */
export async function backupBytes(context: BackupContext): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  await writeBackup(context, { passphrase: PASSPHRASE, write: async (bytes) => void pieces.push(bytes) })
  return Buffer.concat(pieces)
}

/** An empty, opened database of one kind. */
export async function emptyTarget(kind: 'embedded' | 'postgres' = TEST_DATABASE_URL ? 'postgres' : 'embedded') {
  const made = await scratch()
  const place: Scratch = kind === 'embedded' ? { ...made, url: undefined } : made
  const database = await openScratch(place)
  return {
    database,
    clock: systemClock(),
    place,
    close: async () => {
      await database.close()
      await made.remove()
    },
  }
}

export type Target = Awaited<ReturnType<typeof emptyTarget>>

/** Restores from bytes. */
export async function restoreBytes(target: RestoreTarget, bytes: Uint8Array, passphrase = PASSPHRASE) {
  return await restore(target, { source: Readable.from(chunksOf(bytes)), passphrase, actor: 'test' })
}

function* chunksOf(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

/** Starts a server on a restored database. Closing it closes the database. */
export async function serve(target: Target) {
  const loaded = loadConfig(target.place.url ? { DATABASE_URL: target.place.url } : {}, {
    overrides: { data_folder: target.place.folder, listen_port: 0, log_level: 'fatal' },
  })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const core = await openCore(loaded.config, createLog(loaded.config), { database: target.database })
  return await startServer(core)
}

/** Runs one statement. */
export async function change(target: Pick<RestoreTarget, 'database'>, text: string, values: readonly unknown[] = []) {
  return await target.database.transaction((trx) => run<Record<string, unknown>>(trx, text, values))
}
