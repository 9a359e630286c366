import { setTimeout as wait } from 'node:timers/promises'
import { adminFace } from '../admin/face.ts'
import { claim } from '../admin/claim.ts'
import type { Config } from '../config/schema.ts'
import type { Context } from '../context.ts'
import { ConflictError } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Core, openCore, startServer } from '../main.ts'
import { databaseFailure } from '../storage/database-failure.ts'

/** What a command does around a server. */
export interface Serving {
  /** Whether a data folder without a database gets one. */
  readonly create: boolean
  /** Called when the database is open and nobody is answered yet. */
  readonly prepare?: (context: Context) => Promise<void>
  /** Called when the server answers. */
  readonly listening: (url: string, context: Context) => Promise<void> | void
  readonly note: (message: string) => void
  /** Whether npm started this process: it does not pass a signal on through its shell, so that one has to be watched. */
  readonly underNpm: boolean
}

/** After a power cut server and database start together. */
const DATABASE_PATIENCE_SECONDS = 30
/** An import that runs without a server holds the embedded database for minutes. */
const LOCK_PATIENCE_SECONDS = 600
const IDLE_MILLIS = 10_000
/** A terminal and npm both pass Ctrl+C on: only a later signal means that somebody has lost patience. */
const REPEAT_MILLIS = 1_000

/**
 * Serves until SIGTERM, SIGINT or SIGHUP, then lets running work finish. A second signal ends the process at once.
 * @throws {ConflictError} when a server runs on this data folder already
 */
export async function serveUntilStopped(config: Config, log: Log, serving: Serving): Promise<void> {
  const stop = stopSignal(serving.underNpm)
  const claimed = await claim(config, {
    create: serving.create,
    patienceSeconds: LOCK_PATIENCE_SECONDS,
    onWait: serving.note,
  })
  if (claimed.kind === 'server') {
    throw new ConflictError('running', `a server runs on ${config.dataFolder} already (process ${claimed.pid})`)
  }
  try {
    const core = await openPatiently(config, log, serving.note)
    await serve(core, serving, claimed.lock, stop)
  } finally {
    await claimed.lock?.release()
  }
}

type Lock = Extract<Awaited<ReturnType<typeof claim>>, { kind: 'ours' }>['lock']

async function serve(core: Core, serving: Serving, lock: Lock, stop: Promise<string>): Promise<void> {
  const { context } = core
  let server
  try {
    await serving.prepare?.(context)
    server = await startServer(core)
  } catch (error) {
    await core.close()
    throw error
  }
  const face = adminFace(context)
  try {
    lock?.answer(face.listener)
    await serving.listening(server.url, context)
    const signal = await stop
    context.log.info({ signal }, 'stopping')
    await face.idle(IDLE_MILLIS)
  } finally {
    await server.close()
    context.log.info('stopped')
  }
}

async function openPatiently(config: Config, log: Log, note: (message: string) => void): Promise<Core> {
  const until = performance.now() + DATABASE_PATIENCE_SECONDS * 1000
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openCore(config, log)
    } catch (error) {
      if (databaseFailure(error)?.status !== 503 || performance.now() > until) throw error
      if (attempt === 1) note(`the database does not answer: waiting up to ${DATABASE_PATIENCE_SECONDS} seconds for it`)
      await wait(500)
    }
  }
}

function stopSignal(underNpm: boolean): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let first = 0
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const now = performance.now()
      if (first === 0) first = now
      else if (now - first > REPEAT_MILLIS) process.exit(1)
      resolve(signal)
    })
  }
  const parent = process.ppid
  const look = () => process.ppid !== parent && resolve('npm is gone')
  if (underNpm) setInterval(look, 500).unref()
  return promise
}
