import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { openDatabase } from '../storage/open.ts'
import { restore, type Restored, type Restoring } from './restore.ts'

/**
 * Proves that a backup restores: loads it into a new embedded database in a temporary folder, verifies every chain there
 * and removes it. Needs no other database and at least twice the unpacked size on the disk of the temporary folder.
 * @throws as {@link restore}
 */
export async function verifyBackup(clock: Clock, restoring: Omit<Restoring, 'actor'>): Promise<Restored> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'vouchsafe-verify-'))
  try {
    const choice = { dataFolder, poolSize: 2, statementSeconds: 600, onIdleError: () => undefined }
    const database = await openDatabase(choice)
    try {
      return await restore({ database, clock }, { ...restoring, actor: 'command line' })
    } finally {
      await database.close()
    }
  } finally {
    await rm(dataFolder, { recursive: true, force: true })
  }
}
