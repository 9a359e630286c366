import { RE2JS, RE2JSException } from 're2js'
import { isDigit } from './char-class.ts'

/** UTF-8 bytes of a regular expression. Those in the field are below 200. */
const MAX_REGEX_BYTES = 512

/** The largest count in braces: 50 × `{1000}` took RE2 6.6 s to compile. */
const MAX_REGEX_COUNT = 100

/** Instructions of the compiled program. A match may cost this many steps for each character. */
const MAX_REGEX_PROGRAM = 2000

const BACKSLASH = 0x5c
const BRACE = 0x7b

/** A compiled regular expression with the size of its program, or why it cannot be used. */
type RegexReading =
  | { readonly ok: true; readonly find: (text: string) => boolean; readonly size: number }
  | { readonly ok: false; readonly reason: string }

/**
 * Compiles the right side of MATCHES, in NFC, for a search anywhere in the value (STIX 2.1 §9.6.1). RE2 runs in time
 * linear in the value but knows no look-around and no back references, which PCRE has: those are refused.
 */
export function compileRegex(source: string): RegexReading {
  if (Buffer.byteLength(source) > MAX_REGEX_BYTES) {
    return { ok: false, reason: `it is longer than ${MAX_REGEX_BYTES} bytes` }
  }
  if (largestCount(source) > MAX_REGEX_COUNT) {
    return { ok: false, reason: `it repeats more than ${MAX_REGEX_COUNT} times` }
  }
  try {
    const compiled = RE2JS.compile(source.normalize('NFC'))
    const size = compiled.programSize()
    if (size > MAX_REGEX_PROGRAM) return { ok: false, reason: 'its repetitions multiply' }
    return { ok: true, find: (text) => compiled.test(text), size }
  } catch (error) {
    if (error instanceof RE2JSException) return { ok: false, reason: 'it is malformed or uses what RE2 does not know' }
    throw error
  }
}

function largestCount(source: string): number {
  let largest = 0
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at)
    if (code === BACKSLASH) at++
    if (code !== BRACE) continue
    let count = 0
    for (at++; at < source.length; at++) {
      const digit = source.charCodeAt(at)
      if (isDigit(digit)) count = count * 10 + digit - 48
      else {
        largest = Math.max(largest, count)
        count = 0
        if (digit !== 0x2c) break
      }
    }
  }
  return largest
}
