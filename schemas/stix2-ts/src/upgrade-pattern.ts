const QUOTE = 39
const BACKSLASH = 92
const SPACE = 32

/**
 * Writes the times of START and STOP as timestamp literals: STIX 2.0 had them as plain strings. Text in quotes is left
 * as it is. One pass over the pattern.
 */
export function upgradePattern(pattern: string): string {
  let upgraded = ''
  let copied = 0
  let i = 0
  while (i < pattern.length) {
    if (pattern.charCodeAt(i) !== QUOTE) {
      i++
      continue
    }
    if (followsStartOrStop(pattern, i)) {
      upgraded += `${pattern.slice(copied, i)}t`
      copied = i
    }
    i = endOfString(pattern, i)
  }
  return upgraded + pattern.slice(copied)
}

function endOfString(pattern: string, start: number): number {
  let i = start + 1
  while (i < pattern.length && pattern.charCodeAt(i) !== QUOTE) i += pattern.charCodeAt(i) === BACKSLASH ? 2 : 1
  return i + 1
}

/** True when the word before a quote is START or STOP. A pattern has one space there; a few more are allowed for. */
function followsStartOrStop(pattern: string, quote: number): boolean {
  let end = quote
  while (end > 0 && quote - end < 8 && pattern.charCodeAt(end - 1) <= SPACE) end--
  const before = pattern.slice(Math.max(0, end - 6), end)
  return end < quote && (/(?:^|[\s\])])START$/u.test(before) || /(?:^|[\s'\])])STOP$/u.test(before))
}
