import { fits, type Demand } from './assignment.ts'
import { type Budget, MatchStop } from './budget.ts'
import { EARLIEST, LATEST, positionOf } from './candidates.ts'
import { earliest, partingsOf, startsOf } from './earliest.ts'
import type { Goal, Sequence } from './plan.ts'
import type { Span } from './tree.ts'

/** Repeats of a group with times or choices of its own. A plain `[…] REPEATS n TIMES` is a number without a bound. */
const MAX_GROUP_REPEATS = 256

interface Pending {
  readonly goal: Goal
  readonly lower: bigint
  readonly upper: bigint
  readonly rest: Pending | undefined
}

/** Choices on one line of the search. Each is a level of recursion, and a thousand fit on any stack. */
const MAX_CHOICES = 1000

/**
 * Says whether the goal can be met with each unit of an observation used once. Choices (a branch of OR, a parting
 * instant of FOLLOWEDBY, a start of WITHIN) are made depth first; under a full set of choices what is left is an
 * assignment of units, which `fits` decides in polynomial time. The number of choices made is under the budget.
 */
export function canBeMet(goal: Goal, span: Span, budget: Budget): boolean {
  const search = { span, budget, depth: 0 }
  return settle({ goal, lower: EARLIEST, upper: LATEST, rest: undefined }, undefined, search)
}

interface Search {
  readonly span: Span
  readonly budget: Budget
  depth: number
}

function settle(start: Pending | undefined, met: Demand | undefined, search: Search): boolean {
  const { budget } = search
  let demands = met
  let pending = start
  while (pending !== undefined) {
    const { goal, lower, upper, rest }: Pending = pending
    if (earliest(goal, lower, upper, budget) === undefined) return false
    pending = rest
    if (goal.kind === 'units') {
      demands = { units: goal, lower, upper, rest: demands }
    } else if (goal.kind === 'all') {
      pending = pushAll(goal.goals, lower, upper, pending)
    } else if (goal.kind === 'copies') {
      if (goal.times > MAX_GROUP_REPEATS) stop(search)
      pending = pushAll(Array<Goal>(goal.times).fill(goal.goal), lower, upper, pending)
    } else {
      // Whatever is chosen, the least that the goals ask for must fit: with too few units nothing is tried at all.
      const least = leastOf({ goal, lower, upper, rest }, demands)
      return fits(least, budget) && choose(choicesOf(goal, lower, upper, pending, demands, budget), demands, search)
    }
  }
  return fits(demands, budget)
}

function choose(choices: Iterable<Pending | undefined>, demands: Demand | undefined, search: Search): boolean {
  if (search.depth === MAX_CHOICES) stop(search)
  search.depth++
  for (const next of choices) if (settle(next, demands, search)) return true
  search.depth--
  return false
}

function stop({ span }: Search): never {
  const message = 'Groups of this pattern repeat too often together; repeat single observations or repeat less.'
  throw new MatchStop(span, 'match-budget', message)
}

/** What the goals need whatever the choices are, with what is settled. */
function leastOf(pending: Pending, met: Demand | undefined): Demand | undefined {
  let demands = met
  for (let one: Pending | undefined = pending; one !== undefined; one = one.rest) {
    demands = addLeast(one.goal, 1, one.lower, one.upper, demands)
  }
  return demands
}

function addLeast(
  goal: Goal,
  times: number,
  lower: bigint,
  upper: bigint,
  rest: Demand | undefined,
): Demand | undefined {
  switch (goal.kind) {
    case 'units':
      return { units: times === 1 ? goal : { ...goal, demand: goal.demand * times }, lower, upper, rest }
    case 'all':
      return goal.goals.reduce<Demand | undefined>((sum, part) => addLeast(part, times, lower, upper, sum), rest)
    case 'any':
      return rest
    case 'sequence':
      return addLeast(goal.right, times, lower, upper, addLeast(goal.left, times, lower, upper, rest))
    case 'window':
      return addLeast(goal.goal, times, lower, upper, rest)
    case 'copies':
      return addLeast(goal.goal, times * goal.times, lower, upper, rest)
  }
}

/** Units come to stand before what has choices: they cut the search off early. */
function pushAll(
  goals: readonly Goal[],
  lower: bigint,
  upper: bigint,
  pending: Pending | undefined,
): Pending | undefined {
  let rest = pending
  for (const goal of goals) if (goal.kind !== 'units') rest = { goal, lower, upper, rest }
  for (const goal of goals) if (goal.kind === 'units') rest = { goal, lower, upper, rest }
  return rest
}

function* choicesOf(
  goal: Exclude<Goal, { kind: 'units' | 'all' | 'copies' }>,
  lower: bigint,
  upper: bigint,
  rest: Pending | undefined,
  met: Demand | undefined,
  budget: Budget,
): Generator<Pending | undefined, void, undefined> {
  if (goal.kind === 'any') {
    for (const branch of goal.goals) yield { goal: branch, lower, upper, rest }
  } else if (goal.kind === 'sequence') {
    const partings = partingsOf(goal.left, budget)
    for (let at = firstParting(goal, partings, lower, upper, met, budget); at < partings.length; at++) {
      budget.spend(1)
      const parting = partings[at] ?? upper
      const after = parting > lower ? parting : lower
      // A later parting leaves less to the right side.
      if (parting > upper || earliest(goal.right, after, upper, budget) === undefined) return
      const right: Pending = { goal: goal.right, lower: after, upper, rest }
      yield { goal: goal.left, lower, upper: parting, rest: right }
    }
  } else {
    for (const start of startsOf(goal.goal, budget)) {
      budget.spend(1)
      if (start < lower) continue
      const end = start + goal.nanos < upper ? start + goal.nanos : upper
      if (earliest(goal.goal, start, end, budget) === undefined) continue
      yield { goal: goal.goal, lower: start, upper: end, rest }
    }
  }
}

/** The position of the first parting that leaves enough units to the left side. A later one leaves more. */
function firstParting(
  goal: Sequence,
  partings: readonly bigint[],
  lower: bigint,
  upper: bigint,
  met: Demand | undefined,
  budget: Budget,
): number {
  let low = positionOf(partings, earliest(goal.left, lower, upper, budget) ?? LATEST)
  let high = partings.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (fits(addLeast(goal.left, 1, lower, partings[middle] ?? upper, met), budget)) high = middle
    else low = middle + 1
  }
  return low
}
