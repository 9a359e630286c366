import type { Budget } from './budget.ts'
import { MatchStop } from './budget.ts'
import { Binary, equals, isByteText, operandOf, order } from './compare.ts'
import { likeTest } from './like.ts'
import { holdsNetwork, parseNetwork } from './network.ts'
import { valuesAt } from './object-path.ts'
import type { JsonObject, ObservedData } from './observed-data.ts'
import { compileRegex } from './regex.ts'
import type { Comparison, ComparisonExpression, SetLiteral, StringLiteral } from './tree.ts'

/** A test of one object of an observation. */
type ObjectTest = (root: JsonObject, observed: ObservedData) => boolean

type ValueTest = (value: unknown) => boolean

/**
 * Makes a comparison expression ready to run. Throws {@link MatchStop} for literals that no value can be tested
 * against: mixed sets, networks that are none, regular expressions out of bounds.
 */
export function compileTest(node: ComparisonExpression, budget: Budget): ObjectTest {
  if (node.kind === 'comparison-join') {
    // AND asks the same object of each operand, so objects are tested one by one (STIX 2.1 §9.5).
    const tests = node.operands.map((operand) => compileTest(operand, budget))
    return node.operator === 'AND'
      ? (root, observed) => tests.every((test) => test(root, observed))
      : (root, observed) => tests.some((test) => test(root, observed))
  }
  const { path, negated } = node
  if (node.kind === 'exists') {
    return (root, observed) =>
      root['type'] === path.type && valuesAt(root, path, observed.resolve, budget).size > 0 !== negated
  }
  const test = compileComparison(node, budget)
  return (root, observed) => {
    budget.spend(1)
    if (root['type'] !== path.type) return false
    for (const value of valuesAt(root, path, observed.resolve, budget)) {
      budget.spend(1 + (typeof value === 'string' ? value.length >> 6 : 0))
      if (test(value) !== negated) return true
    }
    return false
  }
}

function compileComparison({ operator, value }: Comparison, budget: Budget): ValueTest {
  if (value.kind === 'set') return compileSet(value, budget)
  const operand = operandOf(value)
  switch (operator) {
    case '=':
      return (data) => equals(data, operand)
    case '!=':
      return (data) => !equals(data, operand)
    case '<':
      return (data) => (order(data, operand) ?? NaN) < 0
    case '<=':
      return (data) => (order(data, operand) ?? NaN) <= 0
    case '>':
      return (data) => (order(data, operand) ?? NaN) > 0
    case '>=':
      return (data) => (order(data, operand) ?? NaN) >= 0
    case 'IN':
    case 'LIKE':
    case 'MATCHES':
    case 'ISSUBSET':
    case 'ISSUPERSET':
      if (value.kind !== 'string') throw new Error('a set or string operator without a set or string')
      if (operator === 'LIKE') return compileLike(value, budget)
      return operator === 'MATCHES' ? compileMatches(value, budget) : compileNetwork(value, operator === 'ISSUBSET')
  }
}

function compileSet(set: SetLiteral, budget: Budget): ValueTest {
  const operands = set.items.map(operandOf)
  const [first] = operands
  // Integers and floats mix; nothing else does (STIX 2.1 §9.2).
  const isMixed = (other: unknown): boolean =>
    typeof other !== typeof first?.value || other instanceof Binary !== first?.value instanceof Binary
  if (operands.some((operand) => isMixed(operand.value))) {
    throw new MatchStop(set, 'mixed-set', 'The values of this set have different types; give it one type of value.')
  }
  const plain = new Set<unknown>(operands.map((operand) => operand.value))
  return (data) => {
    // Values of the type of the set are looked up: a set may hold thousands. The others need the conversions.
    if (!(data instanceof Binary) && typeof data === typeof first?.value) return plain.has(data)
    budget.spend(operands.length >> 2)
    return operands.some((operand) => equals(data, operand))
  }
}

function compileLike(literal: StringLiteral, budget: Budget): ValueTest {
  const test = likeTest(literal.value)
  return (data) => {
    const text = textOf(data, literal.value)
    return text !== undefined && test(text, budget)
  }
}

function compileMatches(literal: StringLiteral, budget: Budget): ValueTest {
  const regex = compileRegex(literal.value)
  if (!regex.ok) {
    const message = `This regular expression cannot be run because ${regex.reason}; write a simpler one.`
    throw new MatchStop(literal, 'regex', message)
  }
  budget.spend(10 + regex.size)
  return (data) => {
    const text = textOf(data, literal.value)
    if (text === undefined) return false
    // RE2 takes about 15 ns for each character and instruction when its automaton cannot be cached.
    budget.spend(Math.ceil((text.length * regex.size) / 8))
    return regex.find(data instanceof Binary ? text : text.normalize('NFC'))
  }
}

/** The text to match: of a binary value only where the pattern could name its bytes. */
function textOf(data: unknown, pattern: string): string | undefined {
  if (data instanceof Binary) return isByteText(pattern) ? data.text : undefined
  return typeof data === 'string' ? data : undefined
}

function compileNetwork(literal: StringLiteral, isSubset: boolean): ValueTest {
  const named = parseNetwork(literal.value)
  if (named === undefined) {
    const message = 'This is no address block; write an IPv4 or IPv6 address or CIDR block.'
    throw new MatchStop(literal, 'network', message)
  }
  return (data) => {
    const seen = typeof data === 'string' ? parseNetwork(data) : undefined
    if (seen === undefined) return false
    return isSubset ? holdsNetwork(named, seen) : holdsNetwork(seen, named)
  }
}
