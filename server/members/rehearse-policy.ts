import type { GroupPolicy } from '../../policies/group-policy.ts'
import { CAPABILITIES, type MemberState } from '../../policies/member-state.ts'
import { type MembershipFacts, type MembershipRule, settled } from '../../policies/membership.ts'
import type { Transaction } from '../storage/database.ts'
import type { MembershipCase } from '../storage/membership-facts.ts'
import { readGroupFacts, rehearsedCases } from '../storage/rehearsed-cases.ts'

/** A membership that would move. */
export interface RehearsedMove {
  readonly accountNo: number
  readonly account: string
  readonly displayName: string
  readonly from: MemberState
  readonly to: MemberState
  readonly because: readonly MembershipRule[]
}

/** What would follow from other rules. */
export interface Rehearsal {
  /** Who would move as soon as the rules are saved. */
  readonly now: readonly RehearsedMove[]
  /** Who would move within {@link REHEARSED_DAYS}, after that, if nobody does anything. */
  readonly later: readonly RehearsedMove[]
}

/** How far a rehearsal looks ahead. */
export const REHEARSED_DAYS = 30

const DAY = 86_400_000_000

/**
 * Says who would move if a group had these rules, now and within 30 days. Reads only: three queries, whatever the group's
 * size.
 */
export async function rehearsePolicy(
  trx: Transaction,
  groupNo: number,
  policy: GroupPolicy,
  nowMicros: number,
): Promise<Rehearsal> {
  const facts = await readGroupFacts(trx, groupNo, nowMicros)
  const thenMicros = nowMicros + REHEARSED_DAYS * DAY
  const [present = [], future = []] = rehearsedCases(facts, policy, [nowMicros, thenMicros])
  const now: RehearsedMove[] = []
  const later: RehearsedMove[] = []
  for (const [index, each] of present.entries()) {
    const { state, because } = endOf(each.state, each.facts)
    if (state !== each.state) now.push(moveOf(each, each.state, state, because))
    const then = future[index]
    if (!then) continue
    const next = endOf(state, laterFacts(each, then))
    if (next.state !== state) later.push(moveOf(each, state, next.state, next.because))
  }
  return { now, later }
}

function endOf(
  from: MemberState,
  facts: MembershipFacts,
): { readonly state: MemberState; readonly because: readonly MembershipRule[] } {
  const steps = settled(from, facts)
  return { state: steps.at(-1)?.state ?? from, because: [...new Set(steps.flatMap((step) => step.because))] }
}

/** The days of grace of who falls below by the new rules count from now, when they are saved, and not from then. */
function laterFacts(each: MembershipCase, future: MembershipCase): MembershipFacts {
  const { belowSinceMicros } = future.facts
  const since = belowSinceMicros === undefined ? undefined : (each.facts.belowSinceMicros ?? belowSinceMicros)
  return { ...future.facts, belowSinceMicros: since }
}

function moveOf(
  { accountNo, account, displayName }: MembershipCase,
  from: MemberState,
  to: MemberState,
  because: readonly MembershipRule[],
): RehearsedMove {
  return { accountNo, account, displayName, from, to, because }
}

/** Moves by the state that they lead to, the harder states first. */
export function byState(moves: readonly RehearsedMove[]): ReadonlyMap<MemberState, readonly RehearsedMove[]> {
  const groups = Map.groupBy(moves, ({ to }) => to)
  return new Map([...groups].toSorted(([a], [b]) => weight(a) - weight(b)))
}

function weight(state: MemberState): number {
  const { login, see, receive } = CAPABILITIES[state]
  return (login ? 1 : 0) + (see ? 1 : 0) + (receive ? 1 : 0)
}
