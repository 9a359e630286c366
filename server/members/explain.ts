import { CAPABILITIES, type Capabilities, type MemberState } from '../../policies/member-state.ts'
import { type Requirement, requirements } from '../../policies/membership.ts'
import { NotFoundError } from '../errors.ts'
import type { Database } from '../storage/database.ts'
import { membershipCases } from '../storage/membership-facts.ts'
import { type HistoryStep, membershipHistory } from './history.ts'
import type { Eyes } from './list-members.ts'

/** The answer to "why am I in this state, what mends it, by when". */
export interface Explanation {
  readonly accountNo: number
  readonly account: string
  readonly displayName: string
  readonly state: MemberState
  readonly sinceMicros: number
  readonly lets: Capabilities
  /** Every rule that bears on the membership; concerns among them for administrators alone. */
  readonly requirements: readonly Requirement[]
  /** When the member went away; the idle clock stands still from then on. */
  readonly awaySinceMicros: number | undefined
  readonly history: readonly HistoryStep[]
}

/**
 * Explains one membership.
 * @param wanted.eyes whether an administrator asks, who may know of concerns, or the member
 * @throws {NotFoundError} where there is no such membership
 */
export async function explainMembership(
  database: Database,
  wanted: { readonly groupNo: number; readonly accountNo: number; readonly eyes: Eyes; readonly nowMicros: number },
): Promise<Explanation> {
  const { groupNo, accountNo, eyes, nowMicros } = wanted
  return await database.transaction(async (trx) => {
    const [own] = await membershipCases(trx, groupNo, nowMicros, { accounts: [accountNo] })
    const row = await trx
      .selectFrom('membership')
      .select('state_micros')
      .where('group_no', '=', groupNo)
      .where('account_no', '=', accountNo)
      .executeTakeFirst()
    if (!own || !row) throw new NotFoundError('this membership')
    const { state, facts } = own
    const rules = requirements(state, facts)
    const isNominee = state === 'nominated' || state === 'vetted'
    const concerns: Requirement = {
      rule: 'concerns-settled',
      met: facts.concerns === 0,
      have: facts.concerns,
      need: 0,
      fixedBy: 'administrators',
    }
    return {
      accountNo,
      account: own.account,
      displayName: own.displayName,
      state,
      sinceMicros: row.state_micros,
      lets: CAPABILITIES[state],
      requirements: eyes !== 'member' && isNominee ? [...rules, concerns] : rules,
      awaySinceMicros: facts.awaySinceMicros,
      history: await membershipHistory(trx, groupNo, accountNo),
    }
  })
}
