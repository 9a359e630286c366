import type { GroupPolicy } from '../../policies/group-policy.ts'
import { counts, type StandingVouch } from '../../policies/vouch-count.ts'
import { ringsAmong, type VouchEdge } from '../../policies/vouch-ring.ts'
import { run, type Transaction } from './database.ts'
import { caseOf, type MemberRow, type MembershipCase, readMembers } from './membership-facts.ts'

/** Everything that the rules of one group look at, read once: to see what would be, if the rules or the day were others. */
export interface GroupFacts {
  readonly members: readonly MemberRow[]
  readonly received: ReadonlyMap<number, readonly StandingVouch[]>
}

/** Reads a whole group in three queries, whatever its size. */
export async function readGroupFacts(trx: Transaction, groupNo: number, nowMicros: number): Promise<GroupFacts> {
  const members = await readMembers(trx, groupNo, nowMicros, undefined)
  const organisations = await run<{ account_no: number; affiliation: string }>(
    trx,
    `select p.account_no, p.affiliation from profile p join membership m on m.account_no = p.account_no
      where m.group_no = $1::int and p.affiliation <> ''`,
    [groupNo],
  )
  // one row a member: 20,000 rows would cost more than all of the rules
  const vouches = await run<{ vouchee_no: number; vouches: string }>(
    trx,
    `select vouchee_no, string_agg(voucher_no::text || ' ' || coalesce(expires_micros, 0)::text, ',') as vouches
       from vouch where group_no = $1::int and ended_micros is null and voucher_no <> vouchee_no group by vouchee_no`,
    [groupNo],
  )
  const states = new Map(members.map((row) => [row.account_no, row.state]))
  const organisationOf = new Map(organisations.rows.map((row) => [row.account_no, row.affiliation]))
  const received = new Map(
    vouches.rows.map((row) => [
      row.vouchee_no,
      row.vouches.split(',').map((text): StandingVouch => {
        const [voucher, expires] = text.split(' ')
        const voucherNo = Number(voucher)
        return {
          voucherNo,
          expiresMicros: expires === '0' ? undefined : Number(expires),
          voucherState: states.get(voucherNo),
          organisation: organisationOf.get(voucherNo) ?? '',
        }
      }),
    ]),
  )
  return { members, received }
}

/** Every membership as the rules would see it at some moments: the same as membershipCases with this policy at each. */
export function rehearsedCases(
  facts: GroupFacts,
  rules: GroupPolicy,
  moments: readonly number[],
): readonly (readonly MembershipCase[])[] {
  let latest: { readonly standing: Standing; readonly atMicros: number } | undefined
  return moments.map((nowMicros) => {
    const known = latest && !expiresBetween(facts, latest.atMicros, nowMicros) ? latest.standing : undefined
    const standing = known ?? standingAt(facts, rules, nowMicros)
    latest = { standing, atMicros: nowMicros }
    return facts.members.map((row) => caseOf(row, { rules, nowMicros, received: facts.received, ...standing }))
  })
}

/** What vouches amount to in the group as a whole. */
interface Standing {
  readonly given: ReadonlyMap<number, number>
  readonly rings: ReadonlyMap<number, number>
}

function standingAt({ members, received }: GroupFacts, rules: GroupPolicy, nowMicros: number): Standing {
  const given = new Map<number, number>()
  const edges: VouchEdge[] = []
  for (const [voucheeNo, vouches] of received) {
    for (const vouch of vouches) {
      const { voucherNo, expiresMicros } = vouch
      if (expiresMicros !== undefined && expiresMicros <= nowMicros) continue
      given.set(voucherNo, (given.get(voucherNo) ?? 0) + 1)
      if (rules.ringDetection && counts(vouch, nowMicros)) edges.push({ voucherNo, voucheeNo })
    }
  }
  const anchored = members.filter(({ admitted }) => admitted !== 'nomination').map((row) => row.account_no)
  return { given, rings: rules.ringDetection ? ringsAmong(edges, new Set(anchored)) : new Map() }
}

function expiresBetween({ received }: GroupFacts, from: number, until: number): boolean {
  for (const vouches of received.values()) {
    for (const { expiresMicros } of vouches) {
      if (expiresMicros !== undefined && expiresMicros > from && expiresMicros <= until) return true
    }
  }
  return false
}
