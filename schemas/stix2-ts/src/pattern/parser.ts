import { descend, readComparison } from './comparison-parser.ts'
import { checkHashes } from './hashes.ts'
import { Lexer } from './lexer.ts'
import type { PatternProblem } from './problem.ts'
import { isQualifier, readQualifier } from './qualifier-parser.ts'
import { T } from './token.ts'
import type { ObservationExpression, ObservationOperator, Pattern, QualifiedObservation, Qualifier } from './tree.ts'
import { comparisonsOf, qualifiedOf } from './walk.ts'

/**
 * UTF-16 units of pattern text. Patterns in the field are below 4 KiB; a list of a thousand hashes in one IN takes
 * about 70 KB and is better split, because a match names the indicator and not the member of the set.
 */
export const MAX_PATTERN_LENGTH = 65_536

/** A pattern, or all that is wrong with the text. After a fault of syntax there is exactly one problem. */
export type PatternReading =
  | { readonly ok: true; readonly pattern: Pattern }
  | { readonly ok: false; readonly problems: readonly PatternProblem[] }

/**
 * Reads a STIX pattern (STIX 2.1 §9). Linear in the text, never throws. Accepts what the OASIS grammar accepts, and
 * like the reference validator also what the standard forbids but text in the field holds: see `doubtsOf`.
 */
export function parsePattern(text: string): PatternReading {
  const reading = readPattern(text)
  if (!reading.ok) return reading
  const problems: PatternProblem[] = []
  for (const comparison of comparisonsOf(reading.pattern)) {
    if (comparison.kind === 'comparison') checkHashes(comparison, problems)
  }
  for (const qualified of qualifiedOf(reading.pattern)) checkDuplicates(qualified, text, problems)
  return problems.length === 0 ? reading : { ok: false, problems }
}

/** Reads a pattern by its grammar alone: the matcher takes what `parsePattern` refuses for its sense. */
export function readPattern(text: string): PatternReading {
  if (text.length > MAX_PATTERN_LENGTH) {
    const message = `The pattern is longer than ${MAX_PATTERN_LENGTH} characters; split it into several indicators.`
    return { ok: false, problems: [{ start: 0, end: text.length, rule: 'pattern-length', message }] }
  }
  const lexer = new Lexer(text)
  lexer.next()
  const expression = readChain(lexer, 0)
  if (expression !== undefined && lexer.kind !== T.end) {
    lexer.fail('observation', 'AND, OR, FOLLOWEDBY, a qualifier or the end must stand here; remove the rest.')
  }
  if (lexer.problem !== undefined) return { ok: false, problems: [lexer.problem] }
  if (expression === undefined) throw new Error('a pattern was refused without a reason')
  return { ok: true, pattern: { kind: 'pattern', start: 0, end: text.length, expression } }
}

const CHAIN: readonly (readonly [number, ObservationOperator])[] = [
  [T.followedBy, 'FOLLOWEDBY'],
  [T.or, 'OR'],
  [T.and, 'AND'],
]

/** Reads a chain of the operator at this level of {@link CHAIN}, loosest first, over chains of the next level. */
function readChain(lexer: Lexer, level: number): ObservationExpression | undefined {
  const entry = CHAIN[level]
  if (entry === undefined) return readQualified(lexer)
  const [sign, operator] = entry
  const first = readChain(lexer, level + 1)
  if (first === undefined || lexer.kind !== sign) return first
  const operands = [first]
  let end = first.end
  while (lexer.take(sign)) {
    const operand = readChain(lexer, level + 1)
    if (operand === undefined) return undefined
    operands.push(operand)
    end = operand.end
  }
  return { kind: 'observation-join', start: first.start, end, operator, operands }
}

function readQualified(lexer: Lexer): ObservationExpression | undefined {
  const expression = readPrimary(lexer)
  if (expression === undefined || !isQualifier(lexer.kind)) return expression
  const qualifiers: Qualifier[] = []
  let end = expression.end
  while (isQualifier(lexer.kind)) {
    const qualifier = readQualifier(lexer)
    if (qualifier === undefined) return undefined
    qualifiers.push(qualifier)
    end = qualifier.end
  }
  return { kind: 'qualified', start: expression.start, end, expression, qualifiers }
}

function readPrimary(lexer: Lexer): ObservationExpression | undefined {
  const { kind, start } = lexer
  if (kind !== T.openBracket && kind !== T.openParen) {
    return lexer.fail('observation', 'An observation must stand here; write the comparison in square brackets.')
  }
  if (!descend(lexer)) return undefined
  if (kind === T.openParen) {
    const inner = readChain(lexer, 0)
    if (inner === undefined) return undefined
    const end = leave(lexer, T.closeParen)
    return end === undefined ? undefined : { ...inner, start, end }
  }
  const test = readComparison(lexer)
  if (test === undefined) return undefined
  const end = leave(lexer, T.closeBracket)
  return end === undefined ? undefined : { kind: 'observation', start, end, test }
}

function leave(lexer: Lexer, closing: number): number | undefined {
  const { end } = lexer
  lexer.depth--
  if (lexer.take(closing)) return end
  return closing === T.closeBracket
    ? lexer.fail('comparison', 'AND, OR or a closing bracket must stand here; close the observation with ].')
    : lexer.fail('observation', 'An operator, a qualifier or a closing parenthesis must stand here; close with ).')
}

/** Each kind of qualifier once for a bracket. On a parenthesised group the reference lets two of a kind stand. */
function checkDuplicates(node: QualifiedObservation, text: string, problems: PatternProblem[]): void {
  if (node.qualifiers.length < 2 || text.charCodeAt(node.expression.start) === 0x28) return
  const seen = new Set<string>()
  for (const { kind, start, end } of node.qualifiers) {
    if (seen.has(kind)) {
      const message = 'A qualifier of this kind stands here already; keep one, or put parentheses around the first.'
      problems.push({ start, end, rule: 'qualifier-twice', message })
    }
    seen.add(kind)
  }
}
