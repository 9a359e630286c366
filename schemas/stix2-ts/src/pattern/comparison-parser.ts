import type { Lexer } from './lexer.ts'
import { readLiteral, readSet, readString } from './literal-parser.ts'
import { readPath } from './path-parser.ts'
import { T } from './token.ts'
import type { ComparisonExpression, ComparisonOperator } from './tree.ts'

/**
 * Open brackets and parentheses at any point. Patterns in the field nest three or four deep; the parser and all that
 * walks the tree recurse once for each level, so this keeps them well inside the stack.
 */
const MAX_DEPTH = 64

/** Enters a bracket or parenthesis, unless there are too many open. */
export function descend(lexer: Lexer): boolean {
  if (lexer.depth < MAX_DEPTH) {
    lexer.depth++
    lexer.next()
    return true
  }
  lexer.fail('pattern-depth', `Brackets nest deeper than ${MAX_DEPTH} levels; leave out the parentheses not needed.`)
  return false
}

/** Reads a comparison expression: OR of AND of tests, with parentheses (STIX 2.1 §9.5). */
export function readComparison(lexer: Lexer): ComparisonExpression | undefined {
  return readChain(lexer, 'OR')
}

function readChain(lexer: Lexer, operator: 'AND' | 'OR'): ComparisonExpression | undefined {
  const sign = operator === 'AND' ? T.and : T.or
  const first = operator === 'AND' ? readTest(lexer) : readChain(lexer, 'AND')
  if (first === undefined || lexer.kind !== sign) return first
  const operands = [first]
  let end = first.end
  while (lexer.take(sign)) {
    const operand = operator === 'AND' ? readTest(lexer) : readChain(lexer, 'AND')
    if (operand === undefined) return undefined
    operands.push(operand)
    end = operand.end
  }
  return { kind: 'comparison-join', start: first.start, end, operator, operands }
}

function readTest(lexer: Lexer): ComparisonExpression | undefined {
  const { kind, start } = lexer
  if (kind === T.openParen) return readGroup(lexer)
  if (kind !== T.not && kind !== T.exists) return readPropertyTest(lexer)
  const negated = lexer.take(T.not)
  if (!lexer.take(T.exists)) {
    return lexer.fail('not', 'NOT stands before EXISTS or after the object path, like file:name NOT = ; move it there.')
  }
  const path = readPath(lexer)
  return path && { kind: 'exists', start, end: path.end, path, negated }
}

function readGroup(lexer: Lexer): ComparisonExpression | undefined {
  const { start } = lexer
  if (!descend(lexer)) return undefined
  const inner = readComparison(lexer)
  if (inner === undefined) return undefined
  const { end } = lexer
  lexer.depth--
  if (!lexer.take(T.closeParen)) {
    return lexer.fail('comparison', 'AND, OR or a closing parenthesis must stand here; close the one left open.')
  }
  // The span takes the parentheses in, so that the text of a span is the expression as written.
  return { ...inner, start, end }
}

function readPropertyTest(lexer: Lexer): ComparisonExpression | undefined {
  const path = readPath(lexer)
  if (path === undefined) return undefined
  const negated = lexer.take(T.not)
  const operator = operatorOf(lexer.kind)
  if (operator === undefined) {
    return lexer.fail('operator', 'A comparison operator must follow the object path, such as =, IN, LIKE or MATCHES.')
  }
  lexer.next()
  const value = readOperand(lexer, operator)
  return value && { kind: 'comparison', start: path.start, end: value.end, path, negated, operator, value }
}

function readOperand(lexer: Lexer, operator: ComparisonOperator): ReturnType<typeof readSet | typeof readLiteral> {
  switch (operator) {
    case 'IN':
      return readSet(lexer)
    case 'LIKE':
    case 'MATCHES':
    case 'ISSUBSET':
    case 'ISSUPERSET':
      return readString(lexer)
    case '=':
    case '!=':
      return readLiteral(lexer)
    case '<':
    case '<=':
    case '>':
    case '>=':
      if (lexer.kind !== T.true && lexer.kind !== T.false) return readLiteral(lexer)
      return lexer.fail('value', 'true and false have no order; compare them with = or !=.')
  }
}

function operatorOf(kind: number): ComparisonOperator | undefined {
  switch (kind) {
    case T.eq:
      return '='
    case T.neq:
      return '!='
    case T.lt:
      return '<'
    case T.le:
      return '<='
    case T.gt:
      return '>'
    case T.ge:
      return '>='
    case T.in:
      return 'IN'
    case T.like:
      return 'LIKE'
    case T.matches:
      return 'MATCHES'
    case T.isSubset:
      return 'ISSUBSET'
    case T.isSuperset:
      return 'ISSUPERSET'
    default:
      return undefined
  }
}
