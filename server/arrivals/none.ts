/**
 * What the portal and Trident write where there is nothing: null, the empty text, `???`, the first day of 1970 (kept in
 * local time, so it may read as the last of 1969). A database that was upgraded from one to the other holds all of them.
 */
const FIRST_DAY = 86_400_000_000

/** A text, or undefined for every way to say none. */
export function someText(text: string | null): string | undefined {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' || trimmed === '???' ? undefined : trimmed
}

/** A time, or undefined for every way to say none. */
export function someTime(micros: number | null): number | undefined {
  return micros === null || micros < FIRST_DAY ? undefined : micros
}

/** One line of text without control characters or marks that turn its direction, cut to a length. */
export function cleanLine(text: string, maxLength: number): string {
  return cut(text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' '), maxLength)
}

/** Text of several lines, cleaned as {@link cleanLine} does. */
export function cleanText(text: string, maxLength: number): string {
  const lines = text.replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
  return cut(lines.replaceAll(/[^\P{Cc}\n\t]/gu, ''), maxLength)
}

function cut(text: string, maxLength: number): string {
  const clean = text.replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '').trim()
  return Array.from(clean).slice(0, maxLength).join('')
}
