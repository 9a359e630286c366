import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { claim } from '../admin/claim.ts'
import { OPERATOR } from '../admin/operator.ts'
import { systemClock } from '../clock.ts'
import type { Config } from '../config/schema.ts'
import { BadRequestError, ConflictError } from '../errors.ts'
import { openDatabase } from '../storage/open.ts'
import { restore, type Restored } from './restore.ts'
import { verifyBackup } from './verify-backup.ts'

/** A backup file of this machine. */
export interface BackupFile {
  readonly path: string
  readonly passphrase: string
  /** Told how much of the file was read. */
  readonly onBytes?: (done: number, total: number) => void
}

/**
 * Restores a file into the database of the configuration, which is made when it is not there.
 * @throws {ConflictError} when it is not empty, or a server has it
 */
export async function restoreSite(
  config: Config,
  file: BackupFile,
  onWait: (message: string) => void,
): Promise<Restored> {
  const source = await openBackup(file)
  try {
    const claimed = await claim(config, { create: true, onWait, patienceSeconds: 60 })
    if (claimed.kind === 'server') {
      throw new ConflictError('in_use', 'a server runs on this data folder: restore into a new one (VOUCHSAFE_DATA)')
    }
    const { databaseUrl, dataFolder } = config
    try {
      const choice = { databaseUrl, dataFolder, poolSize: 2, statementSeconds: 600, onIdleError: () => undefined }
      const database = await openDatabase(choice)
      try {
        const restoring = { source, passphrase: file.passphrase, actor: OPERATOR }
        return await restore({ database, clock: systemClock() }, restoring)
      } finally {
        await database.close()
      }
    } finally {
      await claimed.lock?.release()
    }
  } finally {
    source.destroy()
  }
}

/** Verifies a backup file by itself: no database of a site is touched. */
export async function verifyBackupFile(file: BackupFile): Promise<Restored> {
  return await verifyBackup(systemClock(), { source: await openBackup(file), passphrase: file.passphrase })
}

async function openBackup({ path, onBytes }: BackupFile) {
  const total = await stat(path).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new BadRequestError('bad_path', `the backup ${path} cannot be read (${code}): correct the path`)
  })
  if (!total.isFile()) throw new BadRequestError('bad_path', `${path} is no file: name a backup`)
  const source = createReadStream(path)
  let done = 0
  if (onBytes) source.prependListener('data', (chunk) => onBytes((done += chunk.length), total.size)).pause()
  return source
}
