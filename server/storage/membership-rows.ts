import { CAPABILITIES, type MemberState, statesThat } from '../../policies/member-state.ts'
import type { MembershipRule } from '../../policies/membership.ts'
import { int8Array, textArray } from './bulk.ts'
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

/** What the rules have done to a membership: the steps in order, of which the last is where it is now. */
export interface MembershipMove {
  readonly accountNo: number
  readonly from: MemberState
  readonly steps: readonly { readonly state: MemberState; readonly because: readonly MembershipRule[] }[]
}

/** As {@link storeState}, for what a review moved: as many statements for thousands as for one. */
export async function storeMoves(
  trx: Transaction,
  place: { readonly groupNo: number; readonly atMicros: number; readonly actor: string },
  moves: readonly MembershipMove[],
): Promise<void> {
  const { groupNo, atMicros, actor } = place
  const now = moves.flatMap(({ accountNo, steps }) => steps.slice(-1).map(({ state }) => ({ accountNo, state })))
  await run(
    trx,
    `update membership m set state = s.state, active = s.state = any($4::text[]), state_micros = $5::bigint
       from unnest($2::bigint[], $3::text[]) s (account_no, state)
      where m.group_no = $1::int and m.account_no = s.account_no::int`,
    [
      groupNo,
      int8Array(now.map((each) => each.accountNo)),
      textArray(now.map((each) => each.state)),
      textArray(statesThat('see')),
      atMicros,
    ],
  )
  const history = moves.flatMap(({ accountNo, from, steps }) =>
    steps.map(({ state, because }, at) => ({ accountNo, from: steps[at - 1]?.state ?? from, to: state, because })),
  )
  await run(
    trx,
    `insert into membership_history (group_no, account_no, at_micros, event, from_state, to_state, actor, reasons)
     select $1::int, account_no::int, $2::bigint, 'review', from_state, to_state, $3::text, reasons
       from unnest($4::bigint[], $5::text[], $6::text[], $7::text[])
            with ordinality s (account_no, from_state, to_state, reasons, place) order by place`,
    [
      groupNo,
      atMicros,
      actor,
      int8Array(history.map((each) => each.accountNo)),
      textArray(history.map((each) => each.from)),
      textArray(history.map((each) => each.to)),
      textArray(history.map((each) => JSON.stringify(each.because))),
    ],
  )
}

/** Remembers since when members have too few vouches; null for those who have enough. */
export async function storeBelow(
  trx: Transaction,
  groupNo: number,
  accounts: readonly number[],
  belowMicros: number | null,
): Promise<void> {
  if (accounts.length === 0) return
  const text = `update membership set below_micros = $3::bigint where group_no = $1::int and account_no = any($2::bigint[]::int[])`
  await run(trx, text, [groupNo, int8Array(accounts), belowMicros])
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
    /** Whose, or of which several. */
    readonly accountNo: number | readonly number[]
    readonly reason: VouchEnd
    readonly nowMicros: number
  },
): Promise<readonly number[]> {
  const [own, other] = wanted.side === 'given-by' ? ['voucher_no', 'vouchee_no'] : ['vouchee_no', 'voucher_no']
  const { rows } = await run<{ account_no: number }>(
    trx,
    `update vouch set ended_micros = $3::bigint, end_reason = $4::text
      where group_no = $1::int and ${own} = any($2::bigint[]::int[]) and ended_micros is null
      returning ${other} as account_no`,
    [wanted.groupNo, int8Array([wanted.accountNo].flat()), wanted.nowMicros, wanted.reason],
  )
  return rows.map((row) => row.account_no)
}

/** Those whom these members vouch for now. */
export async function voucheesOf(
  trx: Transaction,
  groupNo: number,
  accounts: readonly number[],
): Promise<readonly number[]> {
  if (accounts.length === 0) return []
  const { rows } = await run<{ vouchee_no: number }>(
    trx,
    `select distinct vouchee_no from vouch
      where group_no = $1::int and voucher_no = any($2::bigint[]::int[]) and ended_micros is null`,
    [groupNo, int8Array(accounts)],
  )
  return rows.map((row) => row.vouchee_no)
}

/** Closes the open nominations of somebody, or of several, where there are any. */
export async function endNomination(
  trx: Transaction,
  wanted: {
    readonly groupNo: number
    readonly accountNo: number | readonly number[]
    readonly outcome: 'approved' | 'failed' | 'blocked' | 'withdrawn'
    readonly nowMicros: number
  },
): Promise<void> {
  await run(
    trx,
    `update nomination set ended_micros = $3::bigint, outcome = $4::text
      where group_no = $1::int and account_no = any($2::bigint[]::int[]) and ended_micros is null`,
    [wanted.groupNo, int8Array([wanted.accountNo].flat()), wanted.nowMicros, wanted.outcome],
  )
}
