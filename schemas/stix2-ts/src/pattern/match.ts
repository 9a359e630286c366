import { Budget, MatchStop } from './budget.ts'
import { observedDataOf } from './observed-data.ts'
import { readPattern } from './parser.ts'
import { planOf } from './plan.ts'
import type { PatternProblem } from './problem.ts'
import { canBeMet } from './settle.ts'
import type { Pattern } from './tree.ts'
import { observationsOf } from './walk.ts'

/** Steps of one match unless the caller says otherwise: about half a second at the worst. */
export const DEFAULT_MATCH_STEPS = 4_000_000

/** Brackets in a pattern that is matched. Each is tried on each observation, and a chain of them is a recursion. */
export const MAX_MATCH_OBSERVATIONS = 512

/** Whether the pattern matches, or why that cannot be said. */
export type MatchAnswer =
  | { readonly ok: true; readonly matches: boolean }
  | { readonly ok: false; readonly problems: readonly PatternProblem[] }

/**
 * Evaluates a pattern against bundles of observed-data with the objects that `object_refs` names (STIX 2.1 §9). Each
 * observed-data stands for `number_observed` observations; no two brackets use the same one. Never throws on any
 * pattern text and any JSON. A text is read by its grammar alone, so what `parsePattern` refuses for its sense is
 * evaluated as it stands.
 */
export function matchPattern(
  pattern: Pattern | string,
  bundles: readonly unknown[],
  options: { readonly maxSteps?: number } = {},
): MatchAnswer {
  const reading = typeof pattern === 'string' ? readPattern(pattern) : ({ ok: true, pattern } as const)
  if (!reading.ok) return reading
  const { expression, start, end } = reading.pattern
  const whole = { start, end }
  if (observationsOf(reading.pattern).length > MAX_MATCH_OBSERVATIONS) {
    const message = `The pattern has more than ${MAX_MATCH_OBSERVATIONS} observations; split it into several.`
    return { ok: false, problems: [{ ...whole, rule: 'match-budget', message }] }
  }
  const budget = new Budget(options.maxSteps ?? DEFAULT_MATCH_STEPS, whole)
  try {
    const goal = planOf(expression, observedDataOf(bundles, whole, budget), budget)
    return { ok: true, matches: canBeMet(goal, whole, budget) }
  } catch (error) {
    if (error instanceof MatchStop) return { ok: false, problems: [error.problem] }
    throw error
  }
}
