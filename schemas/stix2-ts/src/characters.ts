/** True when a string has neither U+0000 nor a lone surrogate: databases and RFC 7493 refuse both. */
export function hasSoundText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000')
}

/** Code of 0 to 9. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** Code of 0-9, a-f or A-F. */
export function isHexDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)
}

/** Code of a-z. */
export function isLower(code: number): boolean {
  return code >= 97 && code <= 122
}

/** Code of a-z or A-Z. */
export function isLetter(code: number): boolean {
  return isLower(code) || (code >= 65 && code <= 90)
}

/** True when `accepts` holds for each code unit from `start` to `end`. An empty span is accepted. */
export function every(text: string, accepts: (code: number) => boolean, start = 0, end = text.length): boolean {
  for (let i = start; i < end; i++) if (!accepts(text.charCodeAt(i))) return false
  return true
}

/** An even, positive number of hexadecimal characters (STIX 2.1 §2.8). */
export function isHex(text: string): boolean {
  return text.length > 0 && text.length % 2 === 0 && every(text, isHexDigit)
}

/** Padded base64 of RFC 4648 §4 (STIX 2.1 §2.1). The empty string is accepted. */
export function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false
  let end = text.length
  if (text.endsWith('==')) end -= 2
  else if (text.endsWith('=')) end -= 1
  return every(text, isBase64Digit, 0, end)
}

function isBase64Digit(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 43 || code === 47
}

/** A dictionary key: 1 to 250 of a-z, A-Z, 0-9, hyphen and underscore (STIX 2.1 §2.3). */
export function isDictionaryKey(text: string): boolean {
  return text.length > 0 && text.length <= 250 && every(text, isKeyCharacter)
}

function isKeyCharacter(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 45 || code === 95
}

/** a-z, 0-9 and underscore: the characters of a property name. */
export function isNameCharacter(code: number): boolean {
  return isLower(code) || isDigit(code) || code === 95
}
