import { isBase64Digit, isHexDigit } from './char-class.ts'

const EQUALS = 0x3d

/** The text of a string literal given without its quotes: `\'` and `\\` lose the backslash (STIX 2.1 §9.2). */
export function unescape(body: string): string {
  let from = 0
  let at = body.indexOf('\\')
  if (at === -1) return body
  let value = ''
  while (at !== -1) {
    value += body.slice(from, at)
    from = at + 1
    at = body.indexOf('\\', from + 1)
  }
  return value + body.slice(from)
}

/** The string literal for a text, quotes included; the inverse of {@link unescape}. */
export function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** Says whether text[start, end) is an even number of hexadecimal digits. None at all is an empty value. */
export function isHex(text: string, start: number, end: number): boolean {
  if ((end - start) % 2 !== 0) return false
  for (let at = start; at < end; at++) if (!isHexDigit(text.charCodeAt(at))) return false
  return true
}

/** Says whether text[start, end) is padded base64 with at least one group (RFC 4648 §4). */
export function isBase64(text: string, start: number, end: number): boolean {
  if (end === start || (end - start) % 4 !== 0) return false
  let last = end
  if (text.charCodeAt(last - 1) === EQUALS) last--
  if (last < end && text.charCodeAt(last - 1) === EQUALS) last--
  for (let at = start; at < last; at++) if (!isBase64Digit(text.charCodeAt(at))) return false
  return true
}

/**
 * The bytes of hexadecimal digits as a text with one character below U+0100 for each byte, or undefined when they are
 * no such digits. Binary values are held like this because that is how they compare with strings (STIX 2.1 §9.6).
 */
export function bytesOfHex(text: string): string | undefined {
  return isHex(text, 0, text.length) ? Buffer.from(text, 'hex').toString('latin1') : undefined
}

/** The bytes of padded base64 in the form that {@link bytesOfHex} gives, or undefined when it is not base64. */
export function bytesOfBase64(text: string): string | undefined {
  return isBase64(text, 0, text.length) ? Buffer.from(text, 'base64').toString('latin1') : undefined
}

/** Decimal digits with at most one point, in thousand-millionths: exact where a double is not. Cuts off the rest. */
export function nanosOfSeconds(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole || '0') * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'))
}
