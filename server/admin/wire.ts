import { BadRequestError, TrustGroupError } from '../errors.ts'

/** What a refusal looks like on the wire and in `--json` output. */
export interface WireError {
  readonly code: string
  readonly message: string
  readonly status: number
}

/**
 * An answer is lines of JSON. `bytes` announces that many raw bytes after its line; `result` or `error` comes last.
 */
export type WireLine =
  | { readonly progress: unknown }
  | { readonly bytes: number }
  | { readonly result: unknown }
  | { readonly error: WireError }

/** Arguments and results are far smaller; a longer line is no line of ours. */
const MAX_LINE = 8 * 1024 * 1024
const NEWLINE = 10

/** Reads lines and raw bytes from a stream, in the order in which they come. */
export class WireReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #buffered: Uint8Array = new Uint8Array(0)

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]()
  }

  /**
   * The next line without its end; undefined at the end of the stream.
   * @throws {BadRequestError} when it is longer than 8 MiB
   */
  async line(): Promise<string | undefined> {
    const parts: Uint8Array[] = []
    let length = 0
    for (;;) {
      const end = this.#buffered.indexOf(NEWLINE)
      const part = end < 0 ? this.#buffered : this.#buffered.subarray(0, end)
      parts.push(part)
      length += part.length
      if (length > MAX_LINE) throw new BadRequestError('line_too_long', 'the line is longer than 8 MiB')
      if (end >= 0) {
        this.#buffered = this.#buffered.subarray(end + 1)
        break
      }
      if (!(await this.#refill())) {
        if (length === 0) return undefined
        break
      }
    }
    return Buffer.concat(parts).toString()
  }

  /** The next `count` bytes in pieces as they come. */
  async *take(count: number): AsyncGenerator<Uint8Array, void> {
    let left = count
    while (left > 0) {
      if (this.#buffered.length === 0 && !(await this.#refill())) throw new Error('the stream ended too early')
      const part = this.#buffered.subarray(0, left)
      this.#buffered = this.#buffered.subarray(part.length)
      left -= part.length
      yield part
    }
  }

  /** All bytes that are left. */
  async *rest(): AsyncGenerator<Uint8Array, void> {
    if (this.#buffered.length > 0) yield this.#buffered
    while (await this.#refill()) yield this.#buffered
  }

  async #refill(): Promise<boolean> {
    const next = await this.#chunks.next()
    this.#buffered = next.done === true ? new Uint8Array(0) : next.value
    return next.done !== true
  }
}

/** A refusal that came over the wire, with the words of the server. */
export class RemoteError extends TrustGroupError {
  override readonly name = 'RemoteError'
  constructor({ status, code, message }: WireError) {
    super(status, code, message)
  }
}

/** Reads one line of an answer; a line that is none of ours is an error of the other version's. */
export function parseWireLine(line: string): WireLine {
  const value: unknown = JSON.parse(line)
  if (typeof value === 'object' && value !== null) {
    if ('bytes' in value && typeof value.bytes === 'number') return { bytes: value.bytes }
    if ('progress' in value) return { progress: value.progress }
    if ('result' in value) return { result: value.result }
    if ('error' in value && isWireError(value.error)) return { error: value.error }
  }
  throw new BadRequestError('not_understood', 'the server answered in words of another version: restart it')
}

function isWireError(value: unknown): value is WireError {
  if (typeof value !== 'object' || value === null) return false
  return (
    'code' in value &&
    typeof value.code === 'string' &&
    'message' in value &&
    typeof value.message === 'string' &&
    'status' in value &&
    typeof value.status === 'number'
  )
}
