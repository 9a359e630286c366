/** The deepest nesting that any JSON from outside may have: STIX needs about ten levels (security: 5 million were tried). */
export const MAX_DEPTH = 64

/**
 * The most values and keys that a body may have. A parsed one takes up to 92 bytes (measured: objects with keys of their
 * own), and a parser that runs out of its 512 MB ends the whole process. Dense envelopes of 10 MB have about a million.
 */
export const MAX_MARKS = 2_000_000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const COMMA = 0x2c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d

/** What one pass over the bytes finds out, before anything is parsed. */
export interface JsonScan {
  /** Keys of all objects, double ones counted twice. */
  readonly keys: number
  /** Whether a key is written with an escape. */
  readonly escapedKeys: boolean
  /** Start and end of each element of the list under the wanted key of the outermost object, in pairs. */
  readonly elements: readonly number[]
}

/**
 * Walks JSON bytes once: counts keys, bounds the depth and finds the byte range of each element of the list under `key`.
 * The text may be broken in any way; only what a parser accepts afterwards is meaningful.
 * @returns `too_deep` when the nesting is deeper than {@link MAX_DEPTH}, `too_many` above {@link MAX_MARKS}
 */
export function scanJson(bytes: Uint8Array, key: string): JsonScan | 'too_deep' | 'too_many' {
  const wanted = Buffer.from(`"${key}"`)
  const elements: number[] = []
  let depth = 0
  let keys = 0
  let escapedKeys = false
  let marks = 0 // colons, commas and opening brackets: each value or key has at least one
  let isWanted = false // the outermost key just read is the wanted one
  let listDepth = 0 // depth inside the wanted list, 0 when outside
  let elementStart = -1
  let lastString = 0
  let lastStringEnd = 0
  const { length } = bytes
  for (let at = 0; at < length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      if (depth === listDepth && elementStart < 0 && listDepth > 0) elementStart = at
      lastString = at
      at = endOfString(bytes, at + 1)
      lastStringEnd = at + 1
    } else if (byte === COLON) {
      keys += 1
      marks += 1
      if (!escapedKeys) escapedKeys = hasEscape(bytes, lastString, lastStringEnd)
      if (depth === 1) isWanted = matches(bytes, lastString, lastStringEnd, wanted)
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (depth === listDepth && elementStart < 0 && listDepth > 0) elementStart = at
      depth += 1
      marks += 1
      if (depth > MAX_DEPTH) return 'too_deep'
      if (isWanted && depth === 2 && byte === OPEN_LIST && listDepth === 0) {
        listDepth = 2
        elementStart = -1
        elements.length = 0
      }
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      if (depth === listDepth && listDepth > 0) {
        if (elementStart >= 0) elements.push(elementStart, trimmedEnd(bytes, at))
        listDepth = 0
        isWanted = false
      }
      depth -= 1
    } else if (byte === COMMA) {
      marks += 1
      if (marks > MAX_MARKS) return 'too_many'
      if (depth === listDepth && listDepth > 0 && elementStart >= 0) {
        elements.push(elementStart, trimmedEnd(bytes, at))
        elementStart = -1
      } else if (depth === 1) isWanted = false
    } else if (depth === listDepth && listDepth > 0 && elementStart < 0 && byte !== undefined && byte > 0x20) {
      elementStart = at // a bare number, true, false or null where an object should stand
    }
  }
  return marks > MAX_MARKS ? 'too_many' : { keys, escapedKeys, elements }
}

function endOfString(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length) {
    const byte = bytes[at]
    if (byte === QUOTE) return at
    at += byte === BACKSLASH ? 2 : 1
  }
  return at
}

function hasEscape(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === BACKSLASH) return true
  return false
}

function trimmedEnd(bytes: Uint8Array, end: number): number {
  let at = end
  while ((bytes[at - 1] ?? 0) <= 0x20 && at > 0) at -= 1
  return at
}

function matches(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): boolean {
  if (end - start !== wanted.length) return false
  for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false
  return true
}
