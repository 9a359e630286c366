/**
 * Kinds of token as small integers, so that the parser compares numbers and not strings.
 * The keywords are those of the OASIS grammar for STIX 2.1; they are reserved, in upper case only.
 */
export const T = {
  end: 0,
  invalid: 1,
  name: 2,
  hyphenName: 3,
  integer: 4,
  float: 5,
  string: 6,
  hex: 7,
  base64: 8,
  timestamp: 9,
  openBracket: 10,
  closeBracket: 11,
  openParen: 12,
  closeParen: 13,
  colon: 14,
  dot: 15,
  comma: 16,
  star: 17,
  eq: 18,
  neq: 19,
  lt: 20,
  le: 21,
  gt: 22,
  ge: 23,
  true: 24,
  false: 25,
  and: 26,
  or: 27,
  not: 28,
  followedBy: 29,
  like: 30,
  matches: 31,
  isSubset: 32,
  isSuperset: 33,
  exists: 34,
  in: 35,
  start: 36,
  stop: 37,
  seconds: 38,
  within: 39,
  repeats: 40,
  times: 41,
  last: 42,
} as const

const KEYWORDS: readonly (readonly [string, number])[] = [
  ['true', T.true],
  ['false', T.false],
  ['AND', T.and],
  ['OR', T.or],
  ['NOT', T.not],
  ['FOLLOWEDBY', T.followedBy],
  ['LIKE', T.like],
  ['MATCHES', T.matches],
  ['ISSUBSET', T.isSubset],
  ['ISSUPERSET', T.isSuperset],
  ['EXISTS', T.exists],
  ['IN', T.in],
  ['START', T.start],
  ['STOP', T.stop],
  ['SECONDS', T.seconds],
  ['WITHIN', T.within],
  ['REPEATS', T.repeats],
  ['TIMES', T.times],
  ['LAST', T.last],
]

const BY_FIRST: (readonly (readonly [string, number])[])[] = Array.from({ length: 128 }, (_, code) =>
  KEYWORDS.filter(([word]) => word.charCodeAt(0) === code),
)

/** The keyword that fills text[start, end), or {@link T}.name. Does not allocate. */
export function keywordAt(text: string, start: number, end: number): number {
  const candidates = BY_FIRST[text.charCodeAt(start)]
  if (candidates === undefined) return T.name
  for (const [word, kind] of candidates) {
    if (word.length === end - start && text.startsWith(word, start)) return kind
  }
  return T.name
}
