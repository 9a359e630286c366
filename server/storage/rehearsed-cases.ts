import type { GroupPolicy } from '../../policies/group-policy.ts'
import { counts, type StandingVouch } from '../../policies/vouch-count.ts'
import { ringsAmong, type VouchEdge } from '../../policies/vouch-ring.ts'
import type { Transaction } from './database.ts'
import { caseOf, type MemberRow, type MembershipCase, readMembers, readVouches } from './membership-facts.ts'

/** Everything that the rules of one group look at, read once: to see what would be, if the rules or the day were others. */
export interface GroupFacts {
  readonly members: readonly MemberRow[]
  readonly received: ReadonlyMap<number, readonly StandingVouch[]>
}

/** Reads a whole group in two queries, whatever its size. */
export async function readGroupFacts(trx: Transaction, groupNo: number, nowMicros: number): Promise<GroupFacts> {
  const members = await readMembers(trx, groupNo, nowMicros, undefined)
  return { members, received: await readVouches(trx, groupNo, undefined, []) }
}

/** Every membership as the rules would see it: the same as membershipCases with this policy at this moment. */
export function rehearsedCases(
  { members, received }: GroupFacts,
  rules: GroupPolicy,
  nowMicros: number,
): readonly MembershipCase[] {
  const given = new Map<number, number>()
  const edges: VouchEdge[] = []
  for (const [voucheeNo, vouches] of received) {
    for (const vouch of vouches) {
      if (vouch.expiresMicros !== undefined && vouch.expiresMicros <= nowMicros) continue
      given.set(vouch.voucherNo, (given.get(vouch.voucherNo) ?? 0) + 1)
      if (rules.ringDetection && counts(vouch, nowMicros)) edges.push({ voucherNo: vouch.voucherNo, voucheeNo })
    }
  }
  const anchored = members.filter(({ admitted }) => admitted !== 'nomination').map((row) => row.account_no)
  const rings = rules.ringDetection ? ringsAmong(edges, new Set(anchored)) : new Map<number, number>()
  return members.map((row) => caseOf(row, { rules, nowMicros, received, given, rings }))
}
