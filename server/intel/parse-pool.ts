import { Worker } from 'node:worker_threads'
import type { Tlp } from '../../policies/tlp.ts'
import { UnavailableError, UnprocessableError } from '../errors.ts'
import type { ParsedEnvelope } from './parse-envelope.ts'

/** An envelope on its way to the worker; its buffer moves, it is not copied. */
export interface ParseRequest {
  readonly id: number
  readonly bytes: ArrayBuffer
  readonly unmarked: Tlp
}

/** The answer, with the buffer moved back. */
export interface ParseAnswer {
  readonly id: number
  readonly envelope: ParsedEnvelope
  readonly bytes: ArrayBuffer
}

interface Waiting {
  readonly resolve: (answer: ParseAnswer) => void
  readonly reject: (error: Error) => void
}

/** The largest envelope takes under a second; what takes this long was made to. */
const MAX_MILLIS = 20_000

/** Parses envelopes in a worker thread, so that a large body never stops the server from answering others. */
export class ParsePool {
  #worker: Worker | undefined
  readonly #waiting = new Map<number, Waiting>() // in the order of the worker: the first is under way
  #timer: NodeJS.Timeout | undefined
  #lastId = 0

  /**
   * Parses an envelope.
   * @param bytes moved to the worker: use the returned ones afterwards
   * @throws {UnprocessableError} when the input breaks the worker or takes longer than 20 seconds
   * @throws {UnavailableError} when another's input broke the worker while this one waited its turn
   */
  async parse(bytes: Uint8Array, unmarked: Tlp): Promise<{ envelope: ParsedEnvelope; bytes: Uint8Array }> {
    const buffer = ownBuffer(bytes)
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<ParseAnswer>()
    this.#waiting.set(id, { resolve, reject })
    if (this.#waiting.size === 1) this.#watch()
    const request: ParseRequest = { id, bytes: buffer, unmarked }
    this.#start().postMessage(request, [buffer])
    const answer = await promise
    return { envelope: answer.envelope, bytes: new Uint8Array(answer.bytes) }
  }

  /** Ends the worker; envelopes under way are refused. */
  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
    for (const { reject } of this.#emptied()) reject(new UnavailableError())
  }

  #start(): Worker {
    if (this.#worker) return this.#worker
    // tsc does not rewrite URLs: the ending follows this file's own
    const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
    const worker = new Worker(new URL(`./parse-worker${ending}`, import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 },
    })
    worker.unref()
    worker.on('message', (answer: ParseAnswer) => this.#settle(answer))
    worker.on('error', () => this.#restart())
    this.#worker = worker
    return worker
  }

  #settle(answer: ParseAnswer): void {
    const waiting = this.#waiting.get(answer.id)
    if (!waiting) return
    this.#waiting.delete(answer.id)
    this.#watch()
    waiting.resolve(answer)
  }

  /** The time counts from an envelope's turn, not from its arrival. */
  #watch(): void {
    clearTimeout(this.#timer)
    this.#timer = this.#waiting.size > 0 ? setTimeout(() => this.#restart(), MAX_MILLIS).unref() : undefined
  }

  #restart(): void {
    void this.#worker?.terminate()
    this.#worker = undefined
    this.#refuseAll()
  }

  /** The first broke it, or was too slow; the others only stood behind it. */
  #refuseAll(): void {
    const [culprit, ...others] = this.#emptied()
    culprit?.reject(
      new UnprocessableError('not_parsed', 'the envelope could not be read in time: send fewer objects at once'),
    )
    for (const { reject } of others) reject(new UnavailableError())
  }

  #emptied(): readonly Waiting[] {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    this.#watch()
    return waiting
  }
}

/** A buffer that holds these bytes and nothing else, so that it can be moved. */
function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
  return whole && bytes.buffer instanceof ArrayBuffer ? bytes.buffer : new Uint8Array(bytes).buffer
}
