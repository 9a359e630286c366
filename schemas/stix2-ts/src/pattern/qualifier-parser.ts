import type { Lexer } from './lexer.ts'
import { isUnsigned, readNumber, readTimestamp } from './literal-parser.ts'
import { T } from './token.ts'
import type { Qualifier } from './tree.ts'

/** Says whether a qualifier begins at the current token. */
export function isQualifier(kind: number): boolean {
  return kind === T.within || kind === T.repeats || kind === T.start
}

/** Reads WITHIN n SECONDS, REPEATS n TIMES or START t STOP t (STIX 2.1 §9.3), or reports what is wrong with it. */
export function readQualifier(lexer: Lexer): Qualifier | undefined {
  if (lexer.kind === T.within) return readWithin(lexer)
  return lexer.kind === T.repeats ? readRepeats(lexer) : readStartStop(lexer)
}

function readWithin(lexer: Lexer): Qualifier | undefined {
  const { start } = lexer
  lexer.next()
  if (!isUnsigned(lexer))
    return lexer.fail('within', 'WITHIN needs a positive number of seconds, like WITHIN 300 SECONDS.')
  const seconds = readNumber(lexer)
  const { end } = lexer
  if (!lexer.take(T.seconds)) return lexer.fail('within', 'SECONDS must follow the number; WITHIN knows no other unit.')
  return { kind: 'within', start, end, seconds }
}

function readRepeats(lexer: Lexer): Qualifier | undefined {
  const { start } = lexer
  lexer.next()
  if (lexer.kind !== T.integer || !isUnsigned(lexer) || isZero(lexer)) {
    return lexer.fail('repeats', 'REPEATS needs a positive integer, like REPEATS 2 TIMES.')
  }
  const times = readNumber(lexer)
  const { end } = lexer
  if (!lexer.take(T.times)) return lexer.fail('repeats', 'TIMES must follow the number, like REPEATS 2 TIMES.')
  return { kind: 'repeats', start, end, times }
}

function isZero(lexer: Lexer): boolean {
  return Number(lexer.text.slice(lexer.start, lexer.end)) === 0
}

function readStartStop(lexer: Lexer): Qualifier | undefined {
  const { start } = lexer
  lexer.next()
  const from = readTimestamp(lexer)
  if (from === undefined) return undefined
  if (!lexer.take(T.stop)) return lexer.fail('start-stop', "STOP and a timestamp must follow START t'…'.")
  const until = readTimestamp(lexer)
  return until && { kind: 'start-stop', start, end: until.end, from, until }
}
