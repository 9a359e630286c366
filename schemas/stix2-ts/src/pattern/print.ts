import { continuesName, startsName } from './char-class.ts'
import { quote } from './literals.ts'
import { keywordAt, T } from './token.ts'
import type { ComparisonExpression, Literal, ObjectPath, ObservationExpression, Pattern, Qualifier } from './tree.ts'
import { OBSERVATION_OPERATORS } from './tree.ts'

/**
 * The canonical text of a pattern: one blank between tokens, `=` and `!=`, quotes and parentheses only where needed.
 * Parsing it gives the same pattern again, the spans apart. May be longer than the text it was read from.
 */
export function printPattern(pattern: Pattern): string {
  return printObservation(pattern.expression)
}

function printObservation(node: ObservationExpression): string {
  switch (node.kind) {
    case 'observation':
      return `[${printComparison(node.test)}]`
    case 'observation-join': {
      const level = OBSERVATION_OPERATORS.indexOf(node.operator)
      const operands = node.operands.map((operand) => {
        const text = printObservation(operand)
        const isLoose = operand.kind === 'observation-join' && OBSERVATION_OPERATORS.indexOf(operand.operator) <= level
        return isLoose ? `(${text})` : text
      })
      return operands.join(` ${node.operator} `)
    }
    case 'qualified': {
      const kinds = new Set(node.qualifiers.map((qualifier) => qualifier.kind))
      // Two qualifiers of a kind may stand on a parenthesised expression only.
      const isBare = node.expression.kind === 'observation' && kinds.size === node.qualifiers.length
      const text = printObservation(node.expression)
      return `${isBare ? text : `(${text})`} ${node.qualifiers.map(printQualifier).join(' ')}`
    }
  }
}

function printQualifier(node: Qualifier): string {
  switch (node.kind) {
    case 'within':
      return `WITHIN ${node.seconds.text} SECONDS`
    case 'repeats':
      return `REPEATS ${node.times.text} TIMES`
    case 'start-stop':
      return `START ${printLiteral(node.from)} STOP ${printLiteral(node.until)}`
  }
}

function printComparison(node: ComparisonExpression): string {
  switch (node.kind) {
    case 'exists':
      return `${node.negated ? 'NOT ' : ''}EXISTS ${printPath(node.path)}`
    case 'comparison': {
      const { value } = node
      const right = value.kind === 'set' ? `(${value.items.map(printLiteral).join(', ')})` : printLiteral(value)
      return `${printPath(node.path)} ${node.negated ? 'NOT ' : ''}${node.operator} ${right}`
    }
    case 'comparison-join': {
      const operands = node.operands.map((operand) => {
        const text = printComparison(operand)
        const isLoose = operand.kind === 'comparison-join' && (node.operator === 'AND' || operand.operator === 'OR')
        return isLoose ? `(${text})` : text
      })
      return operands.join(` ${node.operator} `)
    }
  }
}

/** The canonical text of an object path. */
export function printPath(path: ObjectPath): string {
  let text = `${path.type}:`
  path.steps.forEach((step, position) => {
    if (step.kind === 'index') text += `[${step.index}]`
    else text += (position === 0 ? '' : '.') + (isBareName(step.name) ? step.name : quote(step.name))
  })
  return text
}

function isBareName(name: string): boolean {
  if (!startsName(name.charCodeAt(0)) || keywordAt(name, 0, name.length) !== T.name) return false
  for (let at = 1; at < name.length; at++) if (!continuesName(name.charCodeAt(at))) return false
  return true
}

function printLiteral(node: Literal): string {
  switch (node.kind) {
    case 'string':
      return quote(node.value)
    case 'integer':
    case 'float':
      return node.text
    case 'boolean':
      return String(node.value)
    case 'hex':
      return `h'${node.text}'`
    case 'base64':
      return `b'${node.text}'`
    case 'timestamp':
      return `t'${node.text}'`
  }
}
