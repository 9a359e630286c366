import type { Budget } from './budget.ts'
import type { ObservedData } from './observed-data.ts'
import type { Units } from './plan.ts'

/** A list of demands, the latest first: so many units among those that lie in a stretch of time. */
export interface Demand {
  readonly units: Units
  readonly lower: bigint
  readonly upper: bigint
  readonly rest: Demand | undefined
}

interface Taker {
  readonly demand: Demand
  readonly holds: Map<ObservedData, number>
}

/**
 * Says whether all the demands can be met with no unit used twice: a flow from demands to observations, whose capacity
 * is `number_observed`. Augments along shortest paths (Edmonds and Karp), so it is polynomial whatever the numbers.
 */
export function fits(demands: Demand | undefined, budget: Budget): boolean {
  const takers: Taker[] = []
  const used = new Map<ObservedData, number>()
  for (let demand = demands; demand !== undefined; demand = demand.rest) {
    const { units, lower, upper } = demand
    if (units.candidates.countIn(lower, upper, budget) < units.demand) return false
    takers.push({ demand, holds: new Map() })
  }
  if (takers.length < 2) return true
  for (const taker of takers) {
    let need = taker.demand.units.demand
    while (need > 0) {
      const taken = takeFree(taker, need, used, budget) || augment(taker, need, takers, used, budget)
      if (taken === 0) return false
      need -= taken
    }
  }
  return true
}

/** Takes units that nobody holds: enough for nearly all patterns. */
function takeFree({ demand, holds }: Taker, need: number, used: Map<ObservedData, number>, budget: Budget): number {
  for (const one of demand.units.candidates.observed) {
    budget.spend(1)
    if (one.first > demand.upper) return 0
    const amount = Math.min(need, one.count - (used.get(one) ?? 0))
    if (one.last < demand.lower || amount === 0) continue
    add(holds, one, amount)
    add(used, one, amount)
    return amount
  }
  return 0
}

/** Finds units for a taker, moving others where that frees some; gives how many it found. */
function augment(
  origin: Taker,
  need: number,
  takers: readonly Taker[],
  used: Map<ObservedData, number>,
  budget: Budget,
): number {
  /** Who asks for an observation, and which observation a taker would give up. */
  const asker = new Map<ObservedData, Taker>()
  const offer = new Map<Taker, ObservedData>()
  const queue = [origin]
  for (const taker of queue) {
    const { units, lower, upper } = taker.demand
    for (const one of units.candidates.observed) {
      budget.spend(1)
      if (one.first > upper) break
      if (one.last < lower || asker.has(one)) continue
      asker.set(one, taker)
      const free = one.count - (used.get(one) ?? 0)
      if (free > 0) return move(origin, one, Math.min(need, free), asker, offer, used)
      budget.spend(takers.length >> 2)
      for (const holder of takers) {
        if (holder !== origin && !offer.has(holder) && (holder.holds.get(one) ?? 0) > 0) {
          offer.set(holder, one)
          queue.push(holder)
        }
      }
    }
  }
  return 0
}

function move(
  origin: Taker,
  free: ObservedData,
  limit: number,
  asker: ReadonlyMap<ObservedData, Taker>,
  offer: ReadonlyMap<Taker, ObservedData>,
  used: Map<ObservedData, number>,
): number {
  const path: { readonly taker: Taker; readonly gains: ObservedData; readonly gives: ObservedData | undefined }[] = []
  let amount = limit
  let gains: ObservedData | undefined = free
  while (gains !== undefined) {
    const taker: Taker = asker.get(gains) ?? origin
    const gives: ObservedData | undefined = taker === origin ? undefined : offer.get(taker)
    if (gives !== undefined) amount = Math.min(amount, taker.holds.get(gives) ?? 0)
    path.push({ taker, gains, gives })
    gains = gives
  }
  for (const step of path) {
    add(step.taker.holds, step.gains, amount)
    if (step.gives !== undefined) add(step.taker.holds, step.gives, -amount)
  }
  add(used, free, amount)
  return amount
}

function add(counts: Map<ObservedData, number>, key: ObservedData, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount)
}
