/** Control characters, line separators, and what turns the direction of the text around it: a text could show as another. */
const NOT_IN_A_LINE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u
/** As above, but line feeds and tabs may be in a text of several lines. */
const NOT_IN_A_TEXT = /[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u

/** Whether a text shows as the line that it is. */
export function isPlainLine(text: string): boolean {
  return !NOT_IN_A_LINE.test(text)
}

/** Whether a text of several lines shows as it is. */
export function isPlainText(text: string): boolean {
  return !NOT_IN_A_TEXT.test(text)
}
