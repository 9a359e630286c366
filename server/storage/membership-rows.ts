import { CAPABILITIES, type MemberState } from '../../policies/member-state.ts'
import type { MembershipRule } from '../../policies/membership.ts'
import { run, type Transaction } from './database.ts'

/** One step of a membership's history. */
export interface MembershipStep {
  readonly groupNo: number
  readonly accountNo: number
  readonly atMicros: number
  /** What happened: an act of somebody, or `review`. */
  readonly event: string
  /** Undefined: there was no membership. */
  readonly from: MemberState | undefined
  /** Undefined: there is none any more. */
  readonly to: MemberState | undefined
  readonly actor: string
  readonly because?: readonly MembershipRule[]
}

/**
 * Writes the state of a membership that there is, and its history with it. The one place where a state changes; that who
 * may do what has changed is the caller's to say.
 */
export async function storeState(trx: Transaction, step: MembershipStep & { readonly to: MemberState }): Promise<void> {
  await trx
    .updateTable('membership')
    .set({ state: step.to, active: CAPABILITIES[step.to].see, state_micros: step.atMicros })
    .where('group_no', '=', step.groupNo)
    .where('account_no', '=', step.accountNo)
    .execute()
  await addHistory(trx, step)
}

/** Adds to the history of a membership; nothing is ever taken from it. */
export async function addHistory(trx: Transaction, step: MembershipStep): Promise<void> {
  await trx
    .insertInto('membership_history')
    .values({
      group_no: step.groupNo,
      account_no: step.accountNo,
      at_micros: step.atMicros,
      event: step.event,
      from_state: step.from ?? null,
      to_state: step.to ?? null,
      actor: step.actor,
      reasons: JSON.stringify(step.because ?? []),
    })
    .execute()
}

/** Why vouches end. */
export type VouchEnd = 'withdrawn' | 'replaced' | 'left' | 'nomination-failed' | 'voided'

/**
 * Ends standing vouches in a group; they stay on the record.
 * @returns the accounts on the other side of them
 */
export async function endVouches(
  trx: Transaction,
  wanted: {
    readonly groupNo: number
    readonly side: 'given-by' | 'received-by'
    readonly accountNo: number
    readonly reason: VouchEnd
    readonly nowMicros: number
  },
): Promise<readonly number[]> {
  const [own, other] = wanted.side === 'given-by' ? ['voucher_no', 'vouchee_no'] : ['vouchee_no', 'voucher_no']
  const { rows } = await run<{ account_no: number }>(
    trx,
    `update vouch set ended_micros = $3::bigint, end_reason = $4::text
      where group_no = $1::int and ${own} = $2::int and ended_micros is null
      returning ${other} as account_no`,
    [wanted.groupNo, wanted.accountNo, wanted.nowMicros, wanted.reason],
  )
  return rows.map((row) => row.account_no)
}

/** Those whom a member vouches for now. */
export async function voucheesOf(trx: Transaction, groupNo: number, accountNo: number): Promise<readonly number[]> {
  const rows = await trx
    .selectFrom('vouch')
    .select('vouchee_no')
    .where('group_no', '=', groupNo)
    .where('voucher_no', '=', accountNo)
    .where('ended_micros', 'is', null)
    .execute()
  return rows.map((row) => row.vouchee_no)
}

/** Closes the open nomination of somebody, where there is one. */
export async function endNomination(
  trx: Transaction,
  wanted: {
    readonly groupNo: number
    readonly accountNo: number
    readonly outcome: 'approved' | 'failed' | 'blocked' | 'withdrawn'
    readonly nowMicros: number
  },
): Promise<void> {
  await trx
    .updateTable('nomination')
    .set({ ended_micros: wanted.nowMicros, outcome: wanted.outcome })
    .where('group_no', '=', wanted.groupNo)
    .where('account_no', '=', wanted.accountNo)
    .where('ended_micros', 'is', null)
    .execute()
}
