import { type MembershipFacts, settled } from '../../policies/membership.ts'
import type { GroupRow } from '../members/permission.ts'
import type { Transaction } from '../storage/database.ts'
import { membershipCases } from '../storage/membership-facts.ts'
import type { Move } from './report.ts'

const DAY = 86_400_000_000
const FEW = 200

/**
 * What the rules of the groups will make of memberships at the next review, and once the days of grace are over: the
 * rules' own answer to the rows as they are written now.
 */
export async function outlookOf(
  trx: Transaction,
  groups: readonly { readonly row: GroupRow; readonly accounts: readonly number[] }[],
  nowMicros: number,
): Promise<{ readonly nextReview: readonly Move[]; readonly afterGrace: readonly Move[] }> {
  const nextReview: Move[] = []
  const afterGrace: Move[] = []
  for (const { row, accounts } of groups) {
    const wanted = new Set(accounts)
    // a long list of accounts costs the database more than the whole group
    const some = accounts.length <= FEW ? { accounts } : {}
    for (const { accountNo, account, state, facts } of await membershipCases(trx, row.group_no, nowMicros, some)) {
      if (!wanted.has(accountNo)) continue
      const moved = (to: ReturnType<typeof settled>): Move | undefined => {
        const last = to.at(-1)
        const because = [...new Set(to.flatMap((step) => step.because))]
        return last && { group: row.name, account, from: state, to: last.state, because }
      }
      const now = moved(settled(state, facts))
      if (now) {
        nextReview.push(now)
        continue
      }
      const later = moved(settled(state, afterGraceOf(facts)))
      if (later) afterGrace.push(later)
    }
  }
  return { nextReview, afterGrace }
}

/** The same facts when all days of grace are over: of vouches that are missing, and of a key that has expired. */
function afterGraceOf(facts: MembershipFacts): MembershipFacts {
  const { policy, nowMicros, belowSinceMicros, key } = facts
  return {
    ...facts,
    ...(belowSinceMicros !== undefined && { belowSinceMicros: nowMicros - policy.invouchGraceDays * DAY }),
    ...(key.state === 'expired' && { key: { ...key, sinceMicros: nowMicros - policy.keyGraceDays * DAY } }),
  }
}
