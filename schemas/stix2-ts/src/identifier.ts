import { isDigit, isHexDigit, isLower } from './characters.ts'

/** `type--UUID` (STIX 2.1 §2.9). */
export type Identifier<T extends string = string> = `${T}--${string}`

const UUID_LENGTH = 36
const HYPHEN = 45

/**
 * True for an object type: 3 to 250 of a-z, 0-9 and hyphen, that starts with a letter, ends with a letter or digit and has
 * no two hyphens in a row (STIX 2.1 §3.1, §11.2).
 */
export function isObjectType(text: string): boolean {
  return text.length >= 3 && text.length <= 250 && isTypeSpan(text, text.length)
}

function isTypeSpan(text: string, end: number): boolean {
  if (!isLower(text.charCodeAt(0))) return false
  for (let i = 1; i < end; i++) {
    const code = text.charCodeAt(i)
    if (isLower(code) || isDigit(code)) continue
    if (code !== HYPHEN || i === end - 1 || text.charCodeAt(i - 1) === HYPHEN) return false
  }
  return true
}

/** True for an RFC 4122 UUID of version 1 to 5, in either case. */
export function isUuid(text: string): boolean {
  return text.length === UUID_LENGTH && isUuidAt(text, 0)
}

function isUuidAt(text: string, start: number): boolean {
  for (let i = 0; i < UUID_LENGTH; i++) {
    const code = text.charCodeAt(start + i)
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (code !== HYPHEN) return false
    } else if (!isHexDigit(code)) return false
  }
  const version = text.charCodeAt(start + 14)
  if (version < 49 || version > 53) return false
  const variant = text.charCodeAt(start + 19)
  return variant === 56 || variant === 57 || (variant | 32) === 97 || (variant | 32) === 98
}

/** True for a well-formed identifier: an object type, two hyphens and an RFC 4122 UUID (STIX 2.1 §2.9). */
export function isIdentifier(text: string): text is Identifier {
  const end = text.length - UUID_LENGTH - 2
  if (end < 3 || end > 250) return false
  if (text.charCodeAt(end) !== HYPHEN || text.charCodeAt(end + 1) !== HYPHEN) return false
  return isUuidAt(text, end + 2) && isTypeSpan(text, end)
}

/** The object type that an identifier names: what stands before the two hyphens. Empty when there are none. */
export function typeOfIdentifier<T extends string>(id: Identifier<T>): T
export function typeOfIdentifier(id: string): string
export function typeOfIdentifier(id: string): string {
  const end = id.indexOf('--')
  return end < 0 ? '' : id.slice(0, end)
}

/** The version digit of the UUID of a well-formed identifier: 1 to 5. */
export function uuidVersion(id: Identifier): number {
  return id.charCodeAt(id.length - UUID_LENGTH + 14) - 48
}
