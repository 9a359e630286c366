import { every, isDigit, isHexDigit, isLetter } from './characters.ts'

const DOT = 46
const COLON = 58

/** An IPv4 address in dotted form without leading zeros, or a CIDR block `/0` to `/32` (STIX 2.1 §6.8). */
export function isIpv4(text: string): boolean {
  if (text.length > 18) return false
  const slash = text.indexOf('/')
  if (slash >= 0 && !isPrefixLength(text, slash + 1, 32)) return false
  return isDotted(text, 0, slash < 0 ? text.length : slash)
}

function isDotted(text: string, start: number, end: number): boolean {
  let parts = 0
  let from = start
  for (let i = start; i <= end; i++) {
    if (i < end && text.charCodeAt(i) !== DOT) continue
    if (!isNumber(text, from, i, 255)) return false
    parts++
    from = i + 1
  }
  return parts === 4
}

function isPrefixLength(text: string, start: number, max: number): boolean {
  return isNumber(text, start, text.length, max)
}

/** One to three digits without a leading zero, at most `max`. */
function isNumber(text: string, start: number, end: number, max: number): boolean {
  const digits = end - start
  if (digits < 1 || digits > 3 || !every(text, isDigit, start, end)) return false
  if (digits > 1 && text.charCodeAt(start) === 48) return false
  return Number(text.slice(start, end)) <= max
}

/** An IPv6 address of RFC 4291, or a CIDR block `/0` to `/128` (STIX 2.1 §6.9). No zone. */
export function isIpv6(text: string): boolean {
  if (text.length > 49) return false
  const slash = text.indexOf('/')
  if (slash >= 0 && !isPrefixLength(text, slash + 1, 128)) return false
  const address = slash < 0 ? text : text.slice(0, slash)
  const gap = address.indexOf('::')
  if (gap < 0) return countGroups(address, true) === 8
  if (address.includes('::', gap + 1)) return false
  const before = countGroups(address.slice(0, gap), false)
  const after = countGroups(address.slice(gap + 2), true)
  return before >= 0 && after >= 0 && before + after <= 7
}

/** Number of 16-bit groups, or -1 for a bad one. A dotted IPv4 address may take the place of the last two. */
function countGroups(text: string, mayEndDotted: boolean): number {
  if (text === '') return 0
  let groups = 0
  let from = 0
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && text.charCodeAt(i) !== COLON) continue
    const digits = i - from
    if (digits >= 1 && digits <= 4 && every(text, isHexDigit, from, i)) groups++
    else if (i === text.length && mayEndDotted && isDotted(text, from, i)) groups += 2
    else return -1
    from = i + 1
  }
  return groups
}

/** A MAC-48 address: six lower-case pairs with colons (STIX 2.1 §6.10). */
export function isMac(text: string): boolean {
  if (text.length !== 17) return false
  for (let i = 0; i < 17; i++) {
    const code = text.charCodeAt(i)
    if (i % 3 === 2 ? code !== COLON : !isHexDigit(code) || (code >= 65 && code <= 70)) return false
  }
  return true
}

/**
 * A domain name: labels of 1 to 63 characters, 253 in all. Underscores and characters beyond ASCII are accepted, because
 * both are seen in real traffic (STIX 2.1 §6.4).
 */
export function isDomainName(text: string): boolean {
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  if (name.length === 0 || name.length > 253) return false
  let label = 0
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (code === DOT) {
      if (label === 0) return false
      label = 0
    } else {
      if (!isDomainCharacter(code) || ++label > 63) return false
    }
  }
  return label > 0
}

function isDomainCharacter(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 45 || code === 95 || code === 42 || code > 127
}

/** An addr-spec of RFC 5322: a local part, the last `@`, a domain; no white space outside quotes (STIX 2.1 §6.5). */
export function isEmailAddress(text: string): boolean {
  const at = text.lastIndexOf('@')
  if (at < 1 || at === text.length - 1 || text.length > 320) return false
  const quoted = text.startsWith('"') && text.charCodeAt(at - 1) === 34 && at > 1
  if (!quoted && (text.indexOf('@') !== at || !every(text, isVisible, 0, at))) return false
  return every(text, isVisible, at + 1)
}

function isVisible(code: number): boolean {
  return code > 32 && code !== 127
}

/** True when a URL starts with a scheme and a colon (RFC 3986 §3.1). */
export function hasScheme(text: string): boolean {
  const colon = text.indexOf(':')
  // a scheme of more than 64 characters is unknown; the bound keeps the scan short
  if (colon < 1 || colon > 64 || !isLetter(text.charCodeAt(0))) return false
  return colon < text.length - 1 && every(text, isSchemeCharacter, 1, colon)
}

function isSchemeCharacter(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 43 || code === 45 || code === DOT
}

/** True when a URL has only characters that RFC 3986 allows. */
export function hasUrlCharacters(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    // space and controls, " < > \ ^ ` { | } and everything beyond ASCII
    if (code <= 34 && code !== 33) return false
    if (code > 126 || code === 60 || code === 62 || code === 92 || code === 94 || code === 96) return false
    if (code >= 123 && code <= 125) return false
  }
  return true
}
