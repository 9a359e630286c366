import type { Budget } from './budget.ts'
import { positionOf } from './candidates.ts'
import type { Goal, Units } from './plan.ts'

/**
 * The earliest upper bound, not above `upper`, with which the goal can be met from `lower` on when its parts may use
 * the same observations; undefined when even so it cannot be met. Grows with `lower`, so that a search may stop at the
 * first failure. Polynomial: the search asks it before each choice, and only shared observations are left to try out.
 */
export function earliest(goal: Goal, lower: bigint, upper: bigint, budget: Budget): bigint | undefined {
  budget.spend(1)
  switch (goal.kind) {
    case 'units':
      if (goal.candidates.countIn(lower, upper, budget) < goal.demand) return undefined
      return goal.candidates.earliest(goal.demand, lower, upper, budget)
    case 'all': {
      let latest: bigint | undefined
      for (const part of goal.goals) {
        const time = earliest(part, lower, upper, budget)
        if (time === undefined) return undefined
        if (latest === undefined || time > latest) latest = time
      }
      return latest
    }
    case 'any': {
      let best: bigint | undefined
      for (const part of goal.goals) {
        const time = earliest(part, lower, upper, budget)
        if (time !== undefined && (best === undefined || time < best)) best = time
      }
      return best
    }
    case 'sequence': {
      const parting = earliest(goal.left, lower, upper, budget)
      if (parting === undefined) return undefined
      const time = earliest(goal.right, parting > lower ? parting : lower, upper, budget)
      return time === undefined || time > parting ? time : parting
    }
    case 'window': {
      const starts = startsOf(goal.goal, budget)
      for (let at = positionOf(starts, lower); at < starts.length; at++) {
        const start = starts[at] ?? lower
        const end = start + goal.nanos
        const time = earliest(goal.goal, start, end < upper ? end : upper, budget)
        if (time !== undefined) return time
      }
      return undefined
    }
    case 'copies':
      return earliest(goal.goal, lower, upper, budget)
  }
}

const starts = new WeakMap<Goal, readonly bigint[]>()
const partings = new WeakMap<Goal, readonly bigint[]>()

/** Where a window around the goal may begin: where the first of its observations ends. Ascending, each once. */
export function startsOf(goal: Goal, budget: Budget): readonly bigint[] {
  return timesOf(goal, starts, budget, (units) => units.candidates.lasts)
}

/** Where the goal may be parted from what follows: where the last of its observations begins. Ascending, each once. */
export function partingsOf(goal: Goal, budget: Budget): readonly bigint[] {
  return timesOf(goal, partings, budget, (units) => units.candidates.firsts)
}

function timesOf(
  goal: Goal,
  known: WeakMap<Goal, readonly bigint[]>,
  budget: Budget,
  take: (units: Units) => readonly bigint[],
): readonly bigint[] {
  let times = known.get(goal)
  if (times === undefined) {
    const found = new Set<bigint>()
    for (const units of unitsOf(goal)) {
      const own = take(units)
      budget.spend(own.length)
      for (const time of own) found.add(time)
    }
    times = [...found].toSorted((a, b) => (a < b ? -1 : 1))
    known.set(goal, times)
  }
  return times
}

function unitsOf(goal: Goal): readonly Units[] {
  switch (goal.kind) {
    case 'units':
      return [goal]
    case 'all':
    case 'any':
      return goal.goals.flatMap(unitsOf)
    case 'sequence':
      return [...unitsOf(goal.left), ...unitsOf(goal.right)]
    case 'window':
    case 'copies':
      return unitsOf(goal.goal)
  }
}
