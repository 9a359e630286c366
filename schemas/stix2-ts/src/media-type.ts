import { every, isDigit, isLetter } from './characters.ts'

/** Top-level media types that IANA registers. */
const TOP_LEVEL = [
  'application',
  'audio',
  'example',
  'font',
  'haptics',
  'image',
  'message',
  'model',
  'multipart',
  'text',
  'video',
]

/** True for `type/subtype` with a registered top-level type and a subtype of RFC 6838 §4.2 characters. */
export function isMediaType(text: string): boolean {
  const slash = text.indexOf('/')
  if (slash < 0 || text.length > 255 || !TOP_LEVEL.includes(text.slice(0, slash).toLowerCase())) return false
  return slash < text.length - 1 && every(text, isRestrictedNameCharacter, slash + 1)
}

function isRestrictedNameCharacter(code: number): boolean {
  return isLetter(code) || isDigit(code) || '!#$&-^_.+'.includes(String.fromCharCode(code))
}
