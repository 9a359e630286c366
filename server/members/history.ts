import { isMemberState, type MemberState } from '../../policies/member-state.ts'
import { MEMBERSHIP_RULES, type MembershipRule } from '../../policies/membership.ts'
import type { Transaction } from '../storage/database.ts'

/** One step of a membership. */
export interface HistoryStep {
  readonly atMicros: number
  /** What happened: an act of somebody, or `review`. */
  readonly event: string
  /** Undefined: there was no membership. */
  readonly from: MemberState | undefined
  /** Undefined: there is none any more. */
  readonly to: MemberState | undefined
  /** For administrators only: it may name a voucher who has thought better of it. */
  readonly actor: string
  readonly because: readonly MembershipRule[]
}

/** More than anybody reads; older steps stay in the audit. */
const MAX_STEPS = 200

/** What a membership has gone through, newest first. */
export async function membershipHistory(
  trx: Transaction,
  groupNo: number,
  accountNo: number,
): Promise<readonly HistoryStep[]> {
  const rows = await trx
    .selectFrom('membership_history')
    .select(['at_micros', 'event', 'from_state', 'to_state', 'actor', 'reasons'])
    .where('group_no', '=', groupNo)
    .where('account_no', '=', accountNo)
    .orderBy('history_no', 'desc')
    .limit(MAX_STEPS)
    .execute()
  return rows.map((row) => ({
    atMicros: row.at_micros,
    event: row.event,
    from: stateOf(row.from_state),
    to: stateOf(row.to_state),
    actor: row.actor,
    because: rulesIn(row.reasons),
  }))
}

function stateOf(word: string | null): MemberState | undefined {
  return word !== null && isMemberState(word) ? word : undefined
}

function rulesIn(json: string): readonly MembershipRule[] {
  const codes: unknown = JSON.parse(json)
  return Array.isArray(codes) ? MEMBERSHIP_RULES.filter((rule) => codes.includes(rule)) : []
}
