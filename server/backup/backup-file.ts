import { BadRequestError, InsufficientStorageError } from '../errors.ts'
import { writeWholeFile } from './whole-file.ts'
import { type BackupContext, type BackupReport, noteBackup, writeBackup } from './write-backup.ts'

/** A backup into a file of this machine. */
export interface FileBackup {
  readonly path: string
  readonly passphrase: string
  readonly actor: string
}

/**
 * Makes a backup file and puts it on record. The file is there whole or not at all; an older one of the same name stays
 * until then.
 * @throws {InsufficientStorageError} when the disk is full
 * @throws {BadRequestError} when the file cannot be made there
 */
export async function backupToFile(context: BackupContext, wanted: FileBackup): Promise<BackupReport> {
  const { path, passphrase, actor } = wanted
  const report = await keepFile(path, (write) => writeBackup(context, { passphrase, write }))
  await noteBackup(context, actor, report)
  return report
}

/** {@link writeWholeFile} with refusals that name the fix: for a backup that comes from this process or from a server. */
export async function keepFile<T>(
  path: string,
  produce: (write: (bytes: Uint8Array) => Promise<void>) => Promise<T>,
): Promise<T> {
  try {
    return await writeWholeFile(path, produce)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new DiskFullError(path)
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EROFS' || code === 'EISDIR' || code === 'ENOTDIR') {
      throw new BadRequestError('bad_path', `the backup cannot be written to ${path} (${code}): name another place`)
    }
    throw error
  }
}

/** The disk that the backup goes to is full: no part of the file is left, an older backup is still there. */
export class DiskFullError extends InsufficientStorageError {
  constructor(path: string) {
    super()
    this.message = `there is no room for the backup ${path}: nothing was left there, an older backup of that name is untouched; free some space or name another place`
  }
}
