import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Config } from '../config/schema.ts'
import { TrustGroupError, UnavailableError } from '../errors.ts'
import { type Lock, takeLock } from '../lock.ts'
import { embeddedFolder } from '../storage/open.ts'

/** Who may open the database: we, or the server that has it. */
export type Claim =
  | { readonly kind: 'ours'; /** Undefined with PostgreSQL, which needs none. */ readonly lock: Lock | undefined }
  | { readonly kind: 'server'; readonly socketPath: string; readonly pid: number | undefined }

/** What to do about a folder that is not there, or in use. */
export interface ClaimOptions {
  /** Whether a data folder without a database gets one. */
  readonly create: boolean
  /** How long to wait for another command to finish. */
  readonly patienceSeconds: number
  /** Told once when waiting begins. */
  readonly onWait: (message: string) => void
}

const LOOK_AGAIN_MILLIS = 100

/** The data folder has no database yet. */
export class NotSetUpError extends TrustGroupError {
  override readonly name = 'NotSetUpError'
  constructor(folder: string) {
    super(404, 'not_set_up', `there is no database in ${folder}: run "vouchsafe init", or correct VOUCHSAFE_DATA`)
  }
}

/**
 * Finds out whether this process may open the database, and takes the lock when it is an embedded one. A server in the
 * middle of its start, or another command, is waited for.
 * @throws {NotSetUpError} when there is no database and none is to be made
 * @throws {UnavailableError} when another command takes too long
 */
export async function claim(config: Config, options: ClaimOptions): Promise<Claim> {
  if (config.databaseUrl) return { kind: 'ours', lock: undefined }
  const { dataFolder } = config
  if (options.create) await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  else if (!existsSync(dataFolder)) throw new NotSetUpError(dataFolder)
  const until = performance.now() + options.patienceSeconds * 1000
  let told = false
  for (;;) {
    const locked = await takeLock(dataFolder)
    if (locked.taken) return await ours(locked.lock, dataFolder, options.create)
    const { holder, socketPath } = locked
    if (holder.serves) return { kind: 'server', socketPath, pid: holder.pid }
    const who = holder.pid === undefined ? 'a process that does not answer' : `process ${holder.pid}`
    if (performance.now() > until) {
      throw new UnavailableError(`${who} has the database of ${dataFolder} open: wait until it has finished, or end it`)
    }
    if (!told) options.onWait(`waiting for ${who}, which has the database open`)
    told = true
    await wait(LOOK_AGAIN_MILLIS)
  }
}

async function ours(lock: Lock, dataFolder: string, create: boolean): Promise<Claim> {
  if (create || existsSync(join(embeddedFolder(dataFolder), 'PG_VERSION'))) return { kind: 'ours', lock }
  await lock.release()
  throw new NotSetUpError(dataFolder)
}
