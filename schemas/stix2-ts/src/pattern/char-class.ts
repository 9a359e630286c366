const LETTER = 1
const DIGIT = 2
const SPACE = 4
const HEX = 8
const BASE64 = 16

// One table look-up per character costs less than the comparisons it replaces.
const CLASSES = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const text = String.fromCharCode(code)
  const isLetter = (text >= 'a' && text <= 'z') || (text >= 'A' && text <= 'Z')
  const isDigit = text >= '0' && text <= '9'
  let bits = 0
  if (isLetter || text === '_') bits |= LETTER
  if (isDigit) bits |= DIGIT
  if (isLetter || isDigit || text === '+' || text === '/') bits |= BASE64
  if (isDigit || (text >= 'a' && text <= 'f') || (text >= 'A' && text <= 'F')) bits |= HEX
  if (text === ' ' || (code >= 9 && code <= 13)) bits |= SPACE
  CLASSES[code] = bits
}

function has(code: number, bits: number): boolean {
  // Also false for NaN, which charCodeAt gives past the end.
  return code < 128 && ((CLASSES[code] ?? 0) & bits) !== 0
}

/** A to Z, a to z or underscore: what a bare name begins with. */
export function startsName(code: number): boolean {
  return has(code, LETTER)
}

/** What a bare name goes on with, the hyphen apart. */
export function continuesName(code: number): boolean {
  return has(code, LETTER | DIGIT)
}

/** 0 to 9. */
export function isDigit(code: number): boolean {
  return has(code, DIGIT)
}

/** 0 to 9, A to F, a to f. */
export function isHexDigit(code: number): boolean {
  return has(code, HEX)
}

/** The base64 alphabet without the padding sign (RFC 4648 §4). */
export function isBase64Digit(code: number): boolean {
  return has(code, BASE64)
}

/** White space between tokens: ASCII blanks and the Unicode space separators of the OASIS grammar. */
export function isSpace(code: number): boolean {
  if (code < 128) return has(code, SPACE)
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  )
}
