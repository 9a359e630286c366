import { isDigit, isLetter } from './characters.ts'

const PREFIX = 'cpe:2.3:'
const BACKSLASH = 92
const COLON = 58
const STAR = 42
const QUESTION = 63
/** A CPE of the NVD is far shorter; the bound is the longest name that a database keeps. */
const MAX_LENGTH = 2048

/** True for a CPE 2.3 formatted string: a part and ten attributes, with backslash before punctuation (NISTIR 7695 §6.2). */
export function isCpe(text: string): boolean {
  if (text.length > MAX_LENGTH || !text.startsWith(PREFIX)) return false
  if (!'aho*-'.includes(text.charAt(PREFIX.length)) || text.charCodeAt(PREFIX.length + 1) !== COLON) return false
  let attributes = 1
  let from = PREFIX.length + 2
  for (let i = from; i <= text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === BACKSLASH) i++
    else if (i === text.length || code === COLON) {
      if (!isAttribute(text, from, i)) return false
      attributes++
      from = i + 1
    }
  }
  return attributes === 11
}

function isAttribute(text: string, start: number, end: number): boolean {
  if (start >= end) return false
  if (end - start === 1 && (text.charCodeAt(start) === 45 || text.charCodeAt(start) === STAR)) return true
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === BACKSLASH) {
      if (++i >= end || isLetter(text.charCodeAt(i)) || isDigit(text.charCodeAt(i)) || text.charCodeAt(i) <= 32)
        return false
    } else if (code === STAR || code === QUESTION) {
      // a wildcard stands at the beginning or at the end
      if (i !== start && i !== end - 1 && code === STAR) return false
    } else if (!isLetter(code) && !isDigit(code) && code !== 45 && code !== 46 && code !== 95) return false
  }
  return true
}
