import type { Socket } from 'node:net'
import { answer } from './answer.ts'
import type { Directory } from './directory.ts'
import { resultText } from './ldif.ts'
import { type Reading, readRequest, type Request } from './request.ts'
import { NOT_PROVEN, RESULT, type Result } from './result-codes.ts'

/** The longest request that is read; slapd takes 256 KiB from strangers itself. */
const MAX_REQUEST = 262_144
/** slapd writes a request at once. */
const REQUEST_MILLIS = 2_000
/** slapd waits for a client that reads slowly; we do not wait for slapd for ever. */
const ANSWER_MILLIS = 30_000

const TOO_LONG: Result = { code: RESULT.adminLimitExceeded, info: 'the request is too long' }
const NOT_READ: Result = {
  code: RESULT.protocolError,
  info: 'the request was not understood; slapd.conf needs: extensions binddn peername ssf connid',
}

/** Reads one request of slapd, answers it, and ends: every operation has a connection of its own. */
export async function converse(directory: Directory, socket: Socket): Promise<void> {
  socket.on('error', () => undefined) // whoever goes away has gone
  socket.setTimeout(ANSWER_MILLIS, () => socket.destroy())
  const incoming = new Incoming(socket)
  const read = await incoming.request()
  if (read === undefined) {
    socket.destroy()
    return
  }
  const result = 'code' in read ? read : await decided(directory, read, incoming, socket)
  if (result) socket.end(resultText(result))
  else socket.end()
}

async function decided(
  directory: Directory,
  request: Request,
  incoming: Incoming,
  socket: Socket,
): Promise<Result | undefined> {
  const result = await answer(directory, request, (text) => write(socket, text))
  // bytes after the end: the end was smuggled in by whoever chose the DN, and slapd would remember another DN than we do
  if (request.kind === 'bind' && result?.code === RESULT.success && incoming.hasMore) {
    directory.binds.forget(request.origin)
    return NOT_PROVEN
  }
  return result
}

async function write(socket: Socket, text: string): Promise<void> {
  if (text === '' || socket.destroyed || socket.write(text)) return
  const { promise, resolve } = Promise.withResolvers<void>()
  socket.once('drain', resolve).once('close', resolve)
  await promise
  socket.off('drain', resolve).off('close', resolve)
}

/** The bytes of a request as they come in. */
class Incoming {
  #bytes = Buffer.alloc(0)
  #isRead = false
  #hasMore = false
  readonly #settled = Promise.withResolvers<Request | Result | undefined>()

  constructor(socket: Socket) {
    const chunks: Buffer[] = []
    let length = 0
    // bytes that wait behind a busy moment of ours are read first
    const timer = setTimeout(() => setImmediate(() => this.#settle(this.#late())), REQUEST_MILLIS)
    socket.on('data', (chunk: Buffer) => {
      if (this.#isRead) {
        this.#hasMore = true // read away: slapd reads the answer only after it has written everything
        return
      }
      chunks.push(chunk)
      length += chunk.length
      if (length > MAX_REQUEST) {
        this.#settle(TOO_LONG)
        return
      }
      // only a piece that can be the last one is worth looking at the whole
      if (length !== chunk.length && chunk.at(-1) !== 0x0a) return
      this.#bytes = Buffer.concat(chunks)
      const reading = readRequest(this.#bytes)
      if (reading.state !== 'more') this.#settle(outcomeOf(reading))
    })
    const gone = () => this.#settle(undefined)
    socket.on('end', gone).on('close', gone)
    void this.#settled.promise.then(() => clearTimeout(timer))
  }

  /** @returns undefined when the other side went away before it had said anything whole */
  async request(): Promise<Request | Result | undefined> {
    return await this.#settled.promise
  }

  /** Whether something came after the request. */
  get hasMore(): boolean {
    return this.#hasMore
  }

  #settle(outcome: Request | Result | undefined): void {
    this.#isRead = true
    this.#bytes = Buffer.alloc(0)
    this.#settled.resolve(outcome)
  }

  /** A bind that never becomes whole has a password with a zero byte in it. */
  #late(): Result {
    return this.#bytes.toString('latin1', 0, 5) === 'BIND\n' ? NOT_PROVEN : NOT_READ
  }
}

function outcomeOf(reading: Exclude<Reading, { state: 'more' }>): Request | Result {
  return reading.state === 'whole' ? reading.request : NOT_READ
}
