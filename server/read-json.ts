import { isKey, withPlainKeys } from './plain-keys.ts'
import { MAX_DEPTH, MAX_MARKS, scanJson } from './scan-json.ts'

/** A body that was read, with the byte ranges of the elements of its list. */
export interface ReadJson {
  /** To be checked, not to be stored: a key that needs escapes stands in it as {@link withPlainKeys} writes it. */
  readonly value: unknown
  /** Start and end of each element of the list under the wanted key, in pairs. */
  readonly elements: readonly number[]
}

/** Why a body was not read; the message names the fix. */
export interface JsonProblem {
  readonly code: 'not_utf8' | 'too_deep' | 'too_many' | 'not_json' | 'duplicate_key' | 'refused_key'
  readonly message: string
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The only way JSON from outside becomes a value: fatal UTF-8, depth, parse, duplicate keys (RFC 7493 §2.3), keys that
 * reach for prototypes. Size is the caller's business: it is checked before the bytes are collected.
 * @param key the list of the outermost object whose elements' exact bytes are wanted
 */
export function readJson(
  bytes: Uint8Array,
  key: string,
): { readonly ok: true; readonly read: ReadJson } | { readonly ok: false; readonly problem: JsonProblem } {
  const scan = scanJson(bytes, key)
  if (scan === 'too_deep') return refuse(scan, `the JSON is nested deeper than ${MAX_DEPTH} levels: flatten it`)
  if (scan === 'too_many') return refuse(scan, `the JSON has more than ${MAX_MARKS} values: send fewer objects at once`)
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    return refuse('not_utf8', 'the body is not valid UTF-8: encode it as UTF-8 (RFC 8259 §8.1)')
  }
  let value: unknown
  try {
    value = JSON.parse(scan.escapedKeys ? withPlainKeys(text) : text)
  } catch (error) {
    return refuse('not_json', `the body is not JSON: ${positionOf(error)}`)
  }
  const keys: KeyCount = { count: 0, refused: undefined }
  countKeys(value, keys)
  if (keys.refused) return refuse('refused_key', `the key ${keys.refused} is not allowed: leave it out`)
  if (keys.count !== scan.keys) {
    return refuse('duplicate_key', `the key ${firstDouble(text)} stands twice in one JSON object: keep one of them`)
  }
  return { ok: true, read: { value, elements: scan.elements } }
}

function refuse(code: JsonProblem['code'], message: string): { readonly ok: false; readonly problem: JsonProblem } {
  return { ok: false, problem: { code, message } }
}

/** Only the position: the engine's own message may quote content. */
function positionOf(error: unknown): string {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined
  return position ? `check it near character ${position}` : 'it ends too early or has a stray character'
}

interface KeyCount {
  count: number
  refused: string | undefined
}

/** Counts keys through the whole value and notes those that reach for prototypes. Depth is bounded by the scan. */
function countKeys(value: unknown, found: KeyCount): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) countKeys(item, found)
    return
  }
  for (const key of Object.keys(value)) {
    found.count += 1
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a parsed object is a record of its own keys
    const inner: unknown = (value as Record<string, unknown>)[key] // a parsed object is a record of its own keys
    if (key === '__proto__') found.refused = '__proto__'
    if (key === 'constructor' && typeof inner === 'object' && inner !== null && Object.hasOwn(inner, 'prototype')) {
      found.refused = 'constructor.prototype'
    }
    countKeys(inner, found)
  }
}

/** Slow, for the message only: the first key that its object has already. The text is valid JSON. */
function firstDouble(text: string): string {
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '{') open.push(new Set())
    else if (character === '[') open.push(undefined)
    else if (character === '}' || character === ']') open.pop()
    else if (character === '"') {
      // no regular expression: one that steps over a string of megabytes runs out of its stack
      const start = at
      for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++
      if (!isKey(text, at + 1)) continue
      const keys = open.at(-1)
      const key = String(JSON.parse(text.slice(start, at + 1)))
      if (keys?.has(key)) return JSON.stringify(key.slice(0, 80).toWellFormed())
      keys?.add(key)
    }
  }
  return '(unknown)'
}
