import { timestampOf } from '../clock.ts'

/**
 * Versions are kept in a normal form that compares byte by byte in the order of time: no `Z`, no trailing zeros of the
 * fraction. The number of decimals as posted stands beside it, so the text can be given back as it was.
 */
export function versionText(normal: string, digits: number): string {
  if (digits === 0) return `${normal}Z`
  const [seconds = '', fraction = ''] = normal.split('.')
  return `${seconds}.${fraction.padEnd(digits, '0')}Z`
}

/** The decimals of a timestamp's text. */
export function digitsOf(timestamp: string): number {
  const dot = timestamp.indexOf('.')
  return dot < 0 ? 0 : timestamp.length - dot - 2
}

/** The normal form of a moment in microseconds: the version of an object that has none of its own. */
export function normalOfMicros(micros: number): string {
  let end = timestampOf(micros).length - 1
  const text = timestampOf(micros)
  while (text[end - 1] === '0') end -= 1
  if (text[end - 1] === '.') end -= 1
  return text.slice(0, end)
}
