import { isDigit } from './char-class.ts'

const SHORTEST = '2016-01-01T00:00:00Z'.length
const DASH = 0x2d
const COLON = 0x3a
const DOT = 0x2e
const UPPER_T = 0x54
const UPPER_Z = 0x5a

function two(text: string, at: number): number {
  const tens = text.charCodeAt(at)
  const ones = text.charCodeAt(at + 1)
  return isDigit(tens) && isDigit(ones) ? (tens - 48) * 10 + ones - 48 : -1
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/**
 * Says whether text[start, end) is a STIX timestamp: RFC 3339, UTC, upper case T and Z, a day that the calendar has
 * (STIX 2.1 §2.16). Second 60 is allowed, as RFC 3339 §5.6 allows it. Does not allocate: it runs on each literal.
 */
export function isTimestamp(text: string, start: number, end: number): boolean {
  if (end - start < SHORTEST) return false
  const century = two(text, start)
  const inCentury = two(text, start + 2)
  const month = two(text, start + 5)
  const day = two(text, start + 8)
  if (century < 0 || inCentury < 0 || month < 1 || month > 12 || day < 1) return false
  if (text.charCodeAt(start + 4) !== DASH || text.charCodeAt(start + 7) !== DASH) return false
  if (day > daysIn(century * 100 + inCentury, month) || text.charCodeAt(start + 10) !== UPPER_T) return false
  return isClockTime(text, start + 11, end)
}

function isClockTime(text: string, start: number, end: number): boolean {
  const hour = two(text, start)
  const minute = two(text, start + 3)
  const second = two(text, start + 6)
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return false
  if (text.charCodeAt(start + 2) !== COLON || text.charCodeAt(start + 5) !== COLON) return false
  if (text.charCodeAt(end - 1) !== UPPER_Z) return false
  const zoneAt = start + 8
  if (zoneAt === end - 1) return true
  if (text.charCodeAt(zoneAt) !== DOT || zoneAt + 1 === end - 1) return false
  for (let at = zoneAt + 1; at < end - 1; at++) if (!isDigit(text.charCodeAt(at))) return false
  return true
}

/**
 * The instant of a STIX timestamp in nanoseconds since 1970, or undefined when it is not one. Digits below the
 * nanosecond are cut off; second 60 is the instant that follows second 59.
 */
export function nanosOfTimestamp(text: string): bigint | undefined {
  if (!isTimestamp(text, 0, text.length)) return undefined
  // Date.UTC takes the years 0 to 99 as 1900 to 1999, so the year is set on its own.
  const date = new Date(0)
  date.setUTCFullYear(two(text, 0) * 100 + two(text, 2), two(text, 5) - 1, two(text, 8))
  const millis = date.getTime() + ((two(text, 11) * 60 + two(text, 14)) * 60 + two(text, 17)) * 1000
  const fraction = text.slice(20, 29).replace('Z', '')
  return BigInt(millis) * 1_000_000n + BigInt(text.length > SHORTEST ? fraction.padEnd(9, '0').slice(0, 9) : 0)
}
