import { every, isDigit } from './characters.ts'

/** RFC 3339 date and time in UTC with any number of fraction digits, as text (STIX 2.1 §2.16). */
export type Timestamp = string

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const
const DASH = 45
const COLON = 58

/**
 * True for `YYYY-MM-DDTHH:MM:SS[.s…]Z` that names a real instant: leap years are counted, second 60 is refused (it has no
 * place in an order of instants). The letters are capitals.
 */
export function isTimestamp(text: string): boolean {
  const length = text.length
  if (length < 20 || text.charCodeAt(length - 1) !== 90 || text.charCodeAt(10) !== 84) return false
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return false
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return false
  if (length > 20 && (length === 21 || text.charCodeAt(19) !== 46 || !every(text, isDigit, 20, length - 1)))
    return false
  const century = twoDigits(text, 0)
  const yearOfCentury = twoDigits(text, 2)
  if (century < 0 || yearOfCentury < 0) return false
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false
  const day = twoDigits(text, 8)
  return day > 0 && day <= daysIn(century * 100 + yearOfCentury, twoDigits(text, 5))
}

/** The number that two digits write, or -1. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at)
  const ones = text.charCodeAt(at + 1)
  return isDigit(tens) && isDigit(ones) ? (tens - 48) * 10 + ones - 48 : -1
}

function daysIn(year: number, month: number): number {
  if (month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) return 29
  return DAYS[month - 1] ?? 0
}

/**
 * The comparable form of a timestamp: without `Z`, without the trailing zeros of the fraction, and without the dot when no
 * fraction is left. Plain comparison of two such forms (`<`) orders the instants, and equal instants have equal forms.
 * @param text a valid timestamp
 */
export function normalVersion(text: Timestamp): string {
  let end = text.length - 1
  if (end > 19) {
    while (text.charCodeAt(end - 1) === 48) end--
    if (end === 20) end = 19
  }
  return text.slice(0, end)
}

/** Orders two valid timestamps by instant: negative, zero or positive. */
export function compareTimestamps(a: Timestamp, b: Timestamp): number {
  if (a === b) return 0
  // texts of one length have fractions of one length, so they compare as they are
  if (a.length === b.length) return a < b ? -1 : 1
  const left = normalVersion(a)
  const right = normalVersion(b)
  if (left === right) return 0
  return left < right ? -1 : 1
}

/** Digits after the dot of a valid timestamp. */
export function fractionDigits(text: Timestamp): number {
  return Math.max(0, text.length - 21)
}
