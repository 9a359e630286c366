import { randomBytes } from 'node:crypto'
import { chmod, link, readdir, unlink } from 'node:fs/promises'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { ConflictError } from './errors.ts'
import { askHolder, type Holder } from './lock-holder.ts'
import { socketFolder } from './lock-folder.ts'

/** The right to open the embedded database of a data folder. Only one process has it. */
export interface Lock extends AsyncDisposable {
  /** The socket at which this process can be reached. */
  readonly socketPath: string
  /** From now on other processes that want the folder may send their requests here. */
  answer(listener: RequestListener): void
  /** Lets the next process in. Close the database first. */
  release(): Promise<void>
}

/** The lock, or who has it. */
export type Locked =
  | { readonly taken: true; readonly lock: Lock }
  | { readonly taken: false; readonly holder: Holder; readonly socketPath: string }

const NAME = /^socket-(\d{1,9})$/
/** Every failed round means that another process was in the middle of its own; more than a few have never been seen. */
const MAX_ROUNDS = 100

/**
 * Takes the lock of a data folder, which must exist. PGlite does not lock its folder: two processes in it lose rows.
 *
 * The lock is a listening unix socket `socket-<n>`, so a process that dies gives it up at once. How exactly one of
 * several wins: each makes a socket that listens already and links it under the next free number (a link is atomic).
 * Then it looks at the others. One with a lower number that lives goes first: we step back. One with a higher number is
 * asked, and answers only when it has the lock itself or has stepped back because of us. Of two processes the one that
 * published later sees the other, so never do both go on.
 * @throws {ForbiddenError} when the folder is in use by another user
 */
export async function takeLock(dataFolder: string): Promise<Locked> {
  const folder = await socketFolder(dataFolder)
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const held = await findHolder(folder, (await numbersIn(folder)).reverse())
    if (held) return held
    const claim = await publish(folder)
    if (!claim) continue
    const verdict = await isFirst(folder, claim.number)
    if (verdict === 'first') return { taken: true, lock: claim.win() }
    await claim.withdraw()
    if (verdict !== 'retry') return verdict
  }
  throw new ConflictError('locked', `many processes want ${dataFolder} at once: try again`)
}

type Held = Locked & { taken: false }

/** Asks each socket; one that is being decided answers when it has been. */
async function findHolder(folder: string, numbers: readonly number[]): Promise<Held | undefined> {
  for (const number of numbers) {
    const socketPath = pathOf(folder, number)
    const asked = await askHolder(socketPath)
    if (asked.state === 'held') return { taken: false, holder: asked.holder, socketPath }
  }
  return undefined
}

async function isFirst(folder: string, own: number): Promise<'first' | 'retry' | Held> {
  const others = (await numbersIn(folder)).filter((number) => number !== own)
  const dead: number[] = []
  for (const number of others.filter((other) => other < own)) {
    if ((await askHolder(pathOf(folder, number), 'without waiting')).state !== 'dead') return 'retry'
    dead.push(number)
  }
  const held = await findHolder(
    folder,
    others.filter((other) => other > own),
  )
  if (held) return held
  // what is dead stays dead: a number is only given to a socket that lives
  for (const number of dead) await unlink(pathOf(folder, number)).catch(ignoreMissing)
  return 'first'
}

interface Claim {
  readonly number: number
  win(): Lock
  withdraw(): Promise<void>
}

/** Listens, then takes the next number; undefined when somebody else took it first. */
async function publish(folder: string): Promise<Claim | undefined> {
  let decided = false
  let listener: RequestListener | undefined
  const waiting: ServerResponse[] = []
  const tell = (response: ServerResponse) => {
    const holder: Holder = { pid: process.pid, serves: listener !== undefined }
    response.setHeader('Connection', 'close')
    response.end(JSON.stringify(holder))
  }
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    if (request.method === 'POST' && listener) listener(request, response)
    else if (decided) tell(response)
    else waiting.push(response)
  })
  const made = join(folder, `socket-${randomBytes(4).toString('hex')}.new`)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(made, resolve)
  await promise
  let path: string | undefined
  const close = async () => {
    if (path !== undefined) await unlink(path).catch(ignoreMissing)
    const closed = Promise.withResolvers<void>()
    server.close(() => closed.resolve())
    server.closeAllConnections()
    await closed.promise
  }
  try {
    await chmod(made, 0o600)
    const number = ((await numbersIn(folder)).at(-1) ?? 0) + 1
    await link(made, pathOf(folder, number))
    path = pathOf(folder, number)
    await unlink(made)
    const lock: Lock = {
      socketPath: path,
      answer: (wanted) => (listener = wanted),
      release: close,
      [Symbol.asyncDispose]: close,
    }
    const win = () => {
      decided = true
      waiting.forEach(tell)
      return lock
    }
    return { number, win, withdraw: close }
  } catch (error) {
    await close()
    // the number went to somebody else, or the file was cleared away before it had one
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** The numbers that are taken, lowest first. */
async function numbersIn(folder: string): Promise<number[]> {
  const numbers = (await readdir(folder)).flatMap((name) => NAME.exec(name)?.[1] ?? [])
  return numbers.map(Number).sort((a, b) => a - b)
}

function pathOf(folder: string, number: number): string {
  return join(folder, `socket-${number}`)
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
