import type { Budget } from './budget.ts'
import type { ObservedData } from './observed-data.ts'

/** Times before and after all others: no bound. */
export const EARLIEST = -(10n ** 30n)
export const LATEST = 10n ** 30n

/**
 * The observations that one bracket matches, ready for questions about a stretch of time. An observation lies in
 * [lower, upper] when some instant of it does: last ≥ lower and first ≤ upper. Each counts `number_observed` times.
 */
export class Candidates {
  /** Ascending by `first`. */
  readonly observed: readonly ObservedData[]
  readonly #firsts: readonly bigint[]
  readonly #lasts: readonly bigint[]
  /** Counts of the observations before a position in the two orders. */
  readonly #countsByFirst: readonly number[]
  readonly #countsByLast: readonly number[]

  constructor(observed: readonly ObservedData[]) {
    this.observed = observed.toSorted((a, b) => compare(a.first, b.first))
    const byLast = observed.toSorted((a, b) => compare(a.last, b.last))
    this.#firsts = this.observed.map((one) => one.first)
    this.#lasts = byLast.map((one) => one.last)
    this.#countsByFirst = runningSums(this.observed)
    this.#countsByLast = runningSums(byLast)
  }

  /** First instants, ascending, with repeats. */
  get firsts(): readonly bigint[] {
    return this.#firsts
  }

  /** Last instants, ascending, with repeats. */
  get lasts(): readonly bigint[] {
    return this.#lasts
  }

  /** How many units lie in the stretch. Logarithmic, unless the stretch is turned round. */
  countIn(lower: bigint, upper: bigint, budget: Budget): number {
    if (lower > upper) {
      budget.spend(this.observed.length)
      let count = 0
      for (const one of this.observed) if (one.last >= lower && one.first <= upper) count += one.count
      return count
    }
    budget.spend(4)
    // What ends too early and what begins too late are different observations here.
    const tooEarly = this.#countsByLast[positionOf(this.#lasts, lower)] ?? 0
    const inTime = this.#countsByFirst[positionOf(this.#firsts, upper + 1n)] ?? 0
    return inTime - tooEarly
  }

  /** The earliest upper bound at which `demand` units lie in the stretch from `lower`, or undefined. */
  earliest(demand: number, lower: bigint, upper: bigint, budget: Budget): bigint | undefined {
    let count = 0
    for (const one of this.observed) {
      if (one.first > upper) return undefined
      budget.spend(1)
      if (one.last < lower) continue
      count += one.count
      if (count >= demand) return one.first
    }
    return undefined
  }
}

/** The position of the first of the ascending times that is not before `time`. */
export function positionOf(times: readonly bigint[], time: bigint): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? time) < time) low = middle + 1
    else high = middle
  }
  return low
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function runningSums(observed: readonly ObservedData[]): readonly number[] {
  const sums = [0]
  let sum = 0
  for (const one of observed) sums.push((sum += one.count))
  return sums
}
