import type { Comparison, Existence, ObjectPath, Observation, ObservationExpression, Pattern } from './tree.ts'
import type { ComparisonExpression, QualifiedObservation } from './tree.ts'

/** Every observation of the pattern, in the order of the text. */
export function observationsOf(pattern: Pattern): readonly Observation[] {
  const found: Observation[] = []
  visit(pattern.expression, (node) => {
    if (node.kind === 'observation') found.push(node)
  })
  return found
}

/** Every expression with qualifiers, the outer before the inner. */
export function qualifiedOf(pattern: Pattern): readonly QualifiedObservation[] {
  const found: QualifiedObservation[] = []
  visit(pattern.expression, (node) => {
    if (node.kind === 'qualified') found.push(node)
  })
  return found
}

/** Every comparison and existence test of the pattern, in the order of the text. */
export function comparisonsOf(pattern: Pattern): readonly (Comparison | Existence)[] {
  const found: (Comparison | Existence)[] = []
  visit(pattern.expression, (node) => {
    if (node.kind === 'observation') collect(node.test, found)
  })
  return found
}

/** Every object path of the pattern with its object type and span, in the order of the text. */
export function objectPathsOf(pattern: Pattern): readonly ObjectPath[] {
  return comparisonsOf(pattern).map((comparison) => comparison.path)
}

// The recursion of both is as deep as the parser lets brackets nest.
function visit(node: ObservationExpression, see: (node: ObservationExpression) => void): void {
  see(node)
  if (node.kind === 'qualified') visit(node.expression, see)
  else if (node.kind === 'observation-join') for (const operand of node.operands) visit(operand, see)
}

function collect(node: ComparisonExpression, found: (Comparison | Existence)[]): void {
  if (node.kind === 'comparison-join') for (const operand of node.operands) collect(operand, found)
  else found.push(node)
}
