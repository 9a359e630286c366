import type { Budget } from './budget.ts'
import { MatchStop } from './budget.ts'
import { Candidates } from './candidates.ts'
import { compileTest } from './comparison-test.ts'
import { nanosOfSeconds } from './literals.ts'
import type { ObservedData } from './observed-data.ts'
import { nanosOfTimestamp } from './timestamp.ts'
import type { ObservationExpression, Qualifier, StartStopQualifier } from './tree.ts'

/** What must be found among the observations. No two parts of a goal may use the same unit of an observation. */
export type Goal = Units | Everything | Choice | Sequence | Window | Copies

/** So many units of these observations. */
export interface Units {
  readonly kind: 'units'
  readonly candidates: Candidates
  readonly demand: number
}

/** All of the goals. */
interface Everything {
  readonly kind: 'all'
  readonly goals: readonly Goal[]
}

/** Any one of the goals. */
interface Choice {
  readonly kind: 'any'
  readonly goals: readonly Goal[]
}

/** FOLLOWEDBY: an instant parts the left from the right. */
export interface Sequence {
  readonly kind: 'sequence'
  readonly left: Goal
  readonly right: Goal
}

/** WITHIN: everything lies in a stretch of this length. */
interface Window {
  readonly kind: 'window'
  readonly goal: Goal
  readonly nanos: bigint
}

/** REPEATS of something that has times or choices of its own in each repeat. */
interface Copies {
  readonly kind: 'copies'
  readonly goal: Goal
  readonly times: number
}

/**
 * Tests every observation against every bracket and makes goals of what stands around the brackets. START and STOP
 * bind each observation on its own, so they are settled here. Recurses as deep as the parser lets brackets nest, and
 * as a chain of FOLLOWEDBY is long.
 */
export function planOf(node: ObservationExpression, observed: readonly ObservedData[], budget: Budget): Goal {
  switch (node.kind) {
    case 'observation': {
      const test = compileTest(node.test, budget)
      const found = observed.filter((one) => {
        budget.spend(1 + one.roots.length)
        return one.roots.some((root) => test(root, one))
      })
      // They are put in two orders.
      budget.spend(4 * found.length)
      return units(found, 1)
    }
    case 'observation-join': {
      const goals = node.operands.map((operand) => planOf(operand, observed, budget))
      if (node.operator === 'FOLLOWEDBY') return goals.reduce((left, right) => ({ kind: 'sequence', left, right }))
      return node.operator === 'AND' ? { kind: 'all', goals } : eitherOf(goals)
    }
    case 'qualified': {
      const limits = node.qualifiers.filter((qualifier) => qualifier.kind === 'start-stop')
      const inTime = observed.filter((one) => limits.every((limit) => isBetween(one, limit)))
      return node.qualifiers.reduce(qualify, planOf(node.expression, inTime, budget))
    }
  }
}

function units(observed: readonly ObservedData[], demand: number): Units {
  return { kind: 'units', candidates: new Candidates(observed), demand }
}

/** One unit of this or of that is one unit of either. */
function eitherOf(goals: readonly Goal[]): Goal {
  const single = goals.filter(isSingle)
  if (single.length < 2) return { kind: 'any', goals }
  const merged = units([...new Set(single.flatMap((goal) => goal.candidates.observed))], 1)
  const others = goals.filter((goal) => !isSingle(goal))
  return others.length === 0 ? merged : { kind: 'any', goals: [merged, ...others] }
}

function isSingle(goal: Goal): goal is Units {
  return goal.kind === 'units' && goal.demand === 1
}

/** START is in, STOP is out; an observation that lasts may be taken at any of its instants. */
function isBetween(one: ObservedData, { from, until }: StartStopQualifier): boolean {
  const start = nanosOfTimestamp(from.text) ?? 0n
  const stop = nanosOfTimestamp(until.text) ?? 0n
  return start < stop && one.last >= start && one.first < stop
}

function qualify(goal: Goal, qualifier: Qualifier): Goal {
  switch (qualifier.kind) {
    case 'start-stop':
      return goal
    case 'within': {
      const nanos = nanosOfSeconds(qualifier.seconds.text)
      if (nanos === 0n) {
        throw new MatchStop(qualifier, 'within', 'WITHIN needs a time above zero; write a positive number of seconds.')
      }
      // One unit always lies within any time.
      return isSingle(goal) ? goal : { kind: 'window', goal, nanos }
    }
    case 'repeats':
      return repeat(goal, qualifier.times.value)
  }
}

function repeat(goal: Goal, times: number): Goal {
  if (times === 1) return goal
  if (goal.kind === 'units') return { ...goal, demand: goal.demand * times }
  // Repeats of all of some goals are all of their repeats: no time ties them together.
  if (goal.kind === 'all') return { kind: 'all', goals: goal.goals.map((part) => repeat(part, times)) }
  if (goal.kind === 'copies') return { ...goal, times: goal.times * times }
  return { kind: 'copies', goal, times }
}
