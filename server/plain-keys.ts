/**
 * V8's JSON.parse may read a key that is written with an escape as another one: an earlier key in its cache decides
 * (nodejs/node issue 63785, in Node 24 and 26). A twin of a key would pass for a key of its own. So before parsing, such
 * keys are written without escapes. Text values are not affected.
 */
const STAND_INS = 0xe000

/**
 * Rewrites the keys of a JSON text that hold a backslash. A quotation mark, a backslash or a control character has a
 * stand-in of the private use area in its place, U+0000 a lone surrogate, which is refused wherever U+0000 is.
 * What is no JSON stays as it is.
 */
export function withPlainKeys(text: string): string {
  const parts: string[] = []
  let copied = 0
  let start = text.indexOf('"')
  while (start >= 0) {
    let end = start + 1
    let isEscaped = false
    while (end < text.length && text[end] !== '"') {
      if (text[end] === '\\') {
        isEscaped = true
        end++
      }
      end++
    }
    if (isEscaped && isKey(text, end + 1)) {
      parts.push(text.slice(copied, start), plain(text.slice(start, end + 1)))
      copied = end + 1
    }
    start = text.indexOf('"', end + 1)
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(copied)
}

/** Whether a string that ends here is a key: a colon is the next thing. */
export function isKey(text: string, end: number): boolean {
  let at = end
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++
  return text[at] === ':'
}

function plain(token: string): string {
  let key: unknown
  try {
    key = JSON.parse(token)
  } catch {
    return token
  }
  return typeof key === 'string' ? `"${key.replaceAll(/["\\\p{Cc}]/gu, standIn)}"` : token
}

function standIn(character: string): string {
  return character === '\0' ? '\ud800' : String.fromCharCode(STAND_INS + character.charCodeAt(0))
}
