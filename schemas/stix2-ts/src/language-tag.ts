import { every, isDigit, isLetter } from './characters.ts'

/** Longer tags are no languages; RFC 5646 §4.4.1 asks for 35. */
const MAX_LENGTH = 250

/**
 * True for a language tag that RFC 5646 calls well-formed, or a private one (`x-…`). Whether the language is registered is
 * not looked up.
 */
export function isLanguageTag(text: string): boolean {
  if (text.length < 2 || text.length > MAX_LENGTH) return false
  const subtags = text.split('-')
  const first = subtags[0] ?? ''
  if (!subtags.every((subtag) => subtag.length >= 1 && subtag.length <= 8 && every(subtag, isLetterOrDigit)))
    return false
  if (first === 'x' || first === 'X' || first === 'i' || first === 'I') return subtags.length > 1
  if (first.length < 2 || !every(first, isLetter)) return false
  // a singleton starts an extension and needs something after it
  return subtags.at(-1)?.length !== 1
}

function isLetterOrDigit(code: number): boolean {
  return isLetter(code) || isDigit(code)
}
