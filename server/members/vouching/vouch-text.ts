import { BadRequestError } from '../../errors.ts'

/** Longest text of a vouch, a reason, a biography; in characters. */
export const MAX_TEXT = 2000
/** Longest name or affiliation. */
export const MAX_LINE = 100

/** What shows as nothing but changes what is read: controls, and what turns the direction of the text around it. */
const UNSEEN_IN_LINE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu
const UNSEEN_IN_TEXT = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu

/** One line without what is not to be seen. */
export function seenLine(text: string): string {
  return text.normalize('NFC').replaceAll(UNSEEN_IN_LINE, ' ').replaceAll(/ +/g, ' ').trim()
}

/** Text of several lines without what is not to be seen; none of them ends with a blank. */
export function seenText(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(UNSEEN_IN_TEXT, '')
    .replaceAll(/ +$/gm, '')
    .trim()
}

/**
 * One line that somebody wrote, as it is kept.
 * @throws {BadRequestError} with the code, when it is too long, or empty although it is needed
 */
export function keptLine(
  text: string,
  field: { readonly code: string; readonly what: string; readonly needed?: true },
) {
  const line = seenLine(text)
  if (line.length > MAX_LINE || (field.needed && line === '')) {
    throw new BadRequestError(
      field.code,
      `${field.what} has ${field.needed ? 1 : 0} to ${MAX_LINE} characters, in one line`,
    )
  }
  return line
}

/** As {@link keptLine}, for text of several lines; none of them ends with a blank, so that a signature over it holds. */
export function keptText(
  text: string,
  field: { readonly code: string; readonly what: string; readonly needed?: true },
) {
  const kept = seenText(text)
  if (kept.length > MAX_TEXT) {
    throw new BadRequestError(field.code, `${field.what} has at most ${MAX_TEXT} characters`)
  }
  if (field.needed && kept === '')
    throw new BadRequestError(field.code, `${field.what} is needed: write a sentence or two`)
  return kept
}
