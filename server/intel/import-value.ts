import { MAX_DEPTH } from '../scan-json.ts'

/** Depth of one object: it is stored out of an envelope, `{"objects":[…]}`, which takes two of the levels. */
export const MAX_OBJECT_DEPTH = MAX_DEPTH - 2

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const OPEN_LIST = 0x5b
const BACKSLASH = 0x5c
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const LINE_FEED = 0x0a

type Kind = 'nest' | 'string' | 'scalar'

/**
 * Finds the end of one JSON value in chunks that may be cut anywhere. It follows brackets and strings only. Of a value
 * that is nested too deeply it counts the levels and keeps nothing of them.
 */
export class ValueReader {
  /** Line feeds outside strings in what was read of this value. */
  lines = 0
  isTooDeep = false
  /** Position in the chunk of a bracket that closes nothing; undefined while there is none. */
  mismatch: number | undefined
  #kind: Kind = 'nest'
  #depth = 0
  #maxDepth = MAX_OBJECT_DEPTH
  #inString = false
  #isEscaped = false
  readonly #brackets = new Uint8Array(MAX_OBJECT_DEPTH)

  /**
   * Begins with a value.
   * @param levelsAbove brackets that are open around it and belong to the same object
   * @returns false when no JSON value begins with this byte
   */
  begin(byte: number, levelsAbove: number): boolean {
    const kind = kindOf(byte)
    if (!kind) return false
    this.#kind = kind
    this.#depth = 0
    this.#maxDepth = MAX_OBJECT_DEPTH - levelsAbove
    this.#inString = false
    this.#isEscaped = false
    this.isTooDeep = false
    this.mismatch = undefined
    this.lines = 0
    return true
  }

  get isString(): boolean {
    return this.#kind === 'string'
  }

  /** The position after the value, -1 when it goes on in the next chunk. Look at `mismatch` before anything else. */
  read(chunk: Buffer, start: number): number {
    if (this.#kind === 'nest') return this.#readNest(chunk, start)
    return this.#kind === 'string' ? this.#readString(chunk, start) : readScalar(chunk, start)
  }

  #readNest(chunk: Buffer, start: number): number {
    const { length } = chunk
    let depth = this.#depth
    let inString = this.#inString
    let at = this.#isEscaped ? start + 1 : start
    for (; at < length; at++) {
      const byte = chunk[at]
      if (inString) {
        if (byte === QUOTE) inString = false
        else if (byte === BACKSLASH) at += 1
      } else if (byte === QUOTE) inString = true
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        if (depth < this.#maxDepth) this.#brackets[depth] = byte
        else this.isTooDeep = true
        depth += 1
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        depth -= 1
        // { and }, [ and ] are two apart
        if (depth < this.#maxDepth && this.#brackets[depth] !== byte - 2) {
          this.mismatch = at
          return -1
        }
        if (depth === 0) return at + 1
      } else if (byte === LINE_FEED) this.lines += 1
    }
    this.#depth = depth
    this.#inString = inString
    this.#isEscaped = at > length
    return -1
  }

  #readString(chunk: Buffer, start: number): number {
    // the first byte of a string is its opening quote
    let at = !this.#inString || this.#isEscaped ? start + 1 : start
    this.#inString = true
    for (; at < chunk.length; at++) {
      const byte = chunk[at]
      if (byte === QUOTE) return at + 1
      if (byte === BACKSLASH) at += 1
    }
    this.#isEscaped = at > chunk.length
    return -1
  }
}

function kindOf(byte: number): Kind | undefined {
  if (byte === OPEN_OBJECT || byte === OPEN_LIST) return 'nest'
  if (byte === QUOTE) return 'string'
  const isNumber = byte === MINUS || (byte >= 0x30 && byte <= 0x39)
  return isNumber || byte === 0x74 || byte === 0x66 || byte === 0x6e ? 'scalar' : undefined // t, f, n
}

function readScalar(chunk: Buffer, start: number): number {
  for (let at = start; at < chunk.length; at++) {
    const byte = chunk[at] ?? 0
    if (byte <= 0x20 || byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT) return at
  }
  return -1
}
