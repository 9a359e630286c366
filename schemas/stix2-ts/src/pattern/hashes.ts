import { isHexDigit } from './char-class.ts'
import type { PatternProblem } from './problem.ts'
import type { Comparison, Literal } from './tree.ts'

/** Hexadecimal digits of a digest by algorithm, the name in upper case without hyphens (STIX 2.1 §10.8). */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ['MD5', 32],
  ['RIPEMD160', 40],
  ['SHA1', 40],
  ['SHA224', 56],
  ['SHA256', 64],
  ['SHA384', 96],
  ['SHA512', 128],
  ['SHA3224', 56],
  ['SHA3256', 64],
  ['SHA3384', 96],
  ['SHA3512', 128],
  ['WHIRLPOOL', 128],
])

/**
 * Reports string values that cannot be the digest which their path names, as in `file:hashes.MD5 = 'f00'`: such a
 * comparison never holds. Only whole values are checked (=, != and IN), for LIKE and MATCHES may name a part.
 */
export function checkHashes(comparison: Comparison, problems: PatternProblem[]): void {
  const { steps } = comparison.path
  const last = steps.at(-1)
  if (
    steps.length < 2 ||
    last?.kind !== 'key' ||
    !steps.some((step) => step.kind === 'key' && step.name === 'hashes')
  ) {
    return
  }
  const { operator, value } = comparison
  if (operator !== '=' && operator !== '!=' && operator !== 'IN') return
  const digits = DIGITS.get(last.name.toUpperCase().replaceAll('-', ''))
  if (digits === undefined) return
  for (const item of value.kind === 'set' ? value.items : [value]) {
    if (!isDigest(item, digits)) {
      const message = `This value is no hash of the algorithm named; write its ${digits} hexadecimal digits.`
      problems.push({ start: item.start, end: item.end, rule: 'hash-value', message })
    }
  }
}

function isDigest(item: Literal, digits: number): boolean {
  if (item.kind !== 'string') return true
  if (item.value.length !== digits) return false
  for (let at = 0; at < digits; at++) if (!isHexDigit(item.value.charCodeAt(at))) return false
  return true
}
