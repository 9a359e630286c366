import { parseNetwork } from './network.ts'
import type { PatternProblem } from './problem.ts'
import { compileRegex } from './regex.ts'
import type { Comparison, ComparisonExpression, Literal, Pattern, QualifiedObservation } from './tree.ts'
import { nanosOfTimestamp } from './timestamp.ts'
import { comparisonsOf, observationsOf, qualifiedOf } from './walk.ts'

/**
 * What the standard forbids or no data can meet although `parsePattern` accepts it, because the reference validator
 * does: AND over different object types, mixed sets, WITHIN 0, START not before STOP, a qualifier twice on a group,
 * networks that are none, regular expressions that RE2 does not run. For warnings to an author, not for ingest.
 */
export function doubtsOf(pattern: Pattern): readonly PatternProblem[] {
  const doubts: PatternProblem[] = []
  for (const { test } of observationsOf(pattern)) objectTypesOf(test, doubts)
  for (const comparison of comparisonsOf(pattern)) {
    if (comparison.kind === 'comparison') doubtComparison(comparison, doubts)
  }
  for (const qualified of qualifiedOf(pattern)) doubtQualifiers(qualified, doubts)
  return doubts.toSorted((a, b) => a.start - b.start)
}

/** The object types that could meet the expression. Operands of AND must share one (STIX 2.1 §9.5). */
function objectTypesOf(node: ComparisonExpression, doubts: PatternProblem[]): ReadonlySet<string> {
  if (node.kind !== 'comparison-join') return new Set([node.path.type])
  const [first, ...others] = node.operands.map((operand) => objectTypesOf(operand, doubts))
  const types = others.reduce(
    (left, right) => (node.operator === 'AND' ? left.intersection(right) : left.union(right)),
    first ?? new Set<string>(),
  )
  if (types.size === 0) {
    const message = 'AND joins comparisons of different object types, which no object meets; use two brackets.'
    doubts.push({ start: node.start, end: node.end, rule: 'object-type', message })
  }
  return types
}

function doubtComparison({ operator, value }: Comparison, doubts: PatternProblem[]): void {
  const { start, end } = value
  if (value.kind === 'set') {
    if (new Set(value.items.map(typeOf)).size > 1) {
      const message = 'The values of this set have different types; give it one type of value.'
      doubts.push({ start, end, rule: 'mixed-set', message })
    }
  } else if (value.kind === 'string' && operator === 'MATCHES') {
    const regex = compileRegex(value.value)
    if (!regex.ok) {
      const message = `This regular expression cannot be run because ${regex.reason}; write a simpler one.`
      doubts.push({ start, end, rule: 'regex', message })
    }
  } else if (value.kind === 'string' && (operator === 'ISSUBSET' || operator === 'ISSUPERSET')) {
    if (parseNetwork(value.value) === undefined) {
      const message = 'This is no address block; write an IPv4 or IPv6 address or CIDR block.'
      doubts.push({ start, end, rule: 'network', message })
    }
  }
}

function typeOf(literal: Literal): string {
  if (literal.kind === 'float') return 'integer'
  return literal.kind === 'hex' ? 'base64' : literal.kind
}

function doubtQualifiers({ qualifiers }: QualifiedObservation, doubts: PatternProblem[]): void {
  const seen = new Set<string>()
  for (const qualifier of qualifiers) {
    const { kind, start, end } = qualifier
    if (seen.has(kind)) {
      const message = 'A qualifier of this kind stands here already; keep one.'
      doubts.push({ start, end, rule: 'qualifier-twice', message })
    }
    seen.add(kind)
    if (kind === 'within' && qualifier.seconds.value === 0) {
      const message = 'WITHIN needs a time above zero; write a positive number of seconds.'
      doubts.push({ start, end, rule: 'within', message })
    }
    if (
      kind === 'start-stop' &&
      !((nanosOfTimestamp(qualifier.from.text) ?? 0n) < (nanosOfTimestamp(qualifier.until.text) ?? 0n))
    ) {
      const message = 'STOP is not after START, so nothing lies between; set the later time at STOP.'
      doubts.push({ start, end, rule: 'start-stop', message })
    }
  }
}
