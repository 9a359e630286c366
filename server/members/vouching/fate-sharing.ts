import type { MemberState } from '../../../policies/member-state.ts'
import { settled } from '../../../policies/membership.ts'
import { mayStand } from '../../../policies/vouch-count.ts'
import { type Database, run, type Transaction } from '../../storage/database.ts'
import { type MembershipCase, membershipCases } from '../../storage/membership-facts.ts'

/** Somebody whose fate hangs on the vouches of a member. */
export interface SharedFate {
  readonly account: string
  readonly displayName: string
  readonly state: MemberState
  /** Vouches that count now, and those that would be left. */
  readonly vouches: number
  readonly left: number
  /** What they would become at once; their state where nothing happens at once. */
  readonly becomes: MemberState
  /** When days of grace would end. */
  readonly byMicros: number | undefined
  /** Whether nobody else vouches for them. */
  readonly isOnlyVouch: boolean
  /** Whether the member vouches for them; else it follows from another who would fall. */
  readonly isDirect: boolean
}

/** What hangs on a member, for whoever is about to block them. */
export interface FateSharing {
  readonly vouchees: readonly SharedFate[]
  /** Who vouches for the member. */
  readonly vouchers: readonly { readonly account: string; readonly displayName: string; readonly state: MemberState }[]
}

const DAY = 86_400_000_000

/**
 * Says what follows if the vouches of a member are void: whom they vouched for, what each has left and becomes, and what
 * follows from that in turn. Reads only.
 */
export async function fateSharing(
  database: Database,
  wanted: { readonly groupNo: number; readonly accountNo: number; readonly nowMicros: number },
): Promise<FateSharing> {
  const { groupNo, accountNo, nowMicros } = wanted
  return await database.transaction(async (trx) => {
    const vouchers = await vouchersOf(trx, groupNo, accountNo)
    const direct = new Set(await voucheesOf(trx, groupNo, [accountNo]))
    const fates = new Map<number, SharedFate>()
    const fallen = [accountNo]
    for (let waiting = [...direct]; waiting.length > 0;) {
      const now = await membershipCases(trx, groupNo, nowMicros, { accounts: waiting })
      const then = await membershipCases(trx, groupNo, nowMicros, { accounts: waiting, without: fallen })
      const falls: number[] = []
      for (const [index, before] of now.entries()) {
        const after = then[index]
        if (!after || before.accountNo === accountNo) continue
        const fate = fateOf(before, after, direct.has(before.accountNo))
        fates.set(before.accountNo, fate)
        if (mayStand(fate.state) && !mayStand(fate.becomes)) falls.push(before.accountNo)
      }
      const fresh = falls.filter((each) => !fallen.includes(each))
      fallen.push(...fresh)
      waiting = fresh.length > 0 ? [...(await voucheesOf(trx, groupNo, fresh))] : []
    }
    const vouchees = [...fates.values()].toSorted((a, b) => a.left - b.left || (a.account < b.account ? -1 : 1))
    return { vouchees, vouchers }
  })
}

function fateOf(before: MembershipCase, after: MembershipCase, isDirect: boolean): SharedFate {
  const becomes = settled(after.state, after.facts).at(-1)?.state ?? after.state
  const { belowSinceMicros, policy, vouches } = after.facts
  const falls = belowSinceMicros !== undefined && becomes === after.state && after.state !== 'inactive'
  return {
    account: after.account,
    displayName: after.displayName,
    state: after.state,
    vouches: before.facts.vouches,
    left: vouches,
    becomes,
    byMicros: falls ? belowSinceMicros + policy.invouchGraceDays * DAY : undefined,
    isOnlyVouch: before.facts.vouches > 0 && vouches === 0,
    isDirect,
  }
}

/** Those whom these members vouch for now, blocked and failed ones left out: nothing can happen to them. */
async function voucheesOf(trx: Transaction, groupNo: number, accounts: readonly number[]): Promise<readonly number[]> {
  const rows = await trx
    .selectFrom('vouch as v')
    .innerJoin('membership as m', (join) =>
      join.onRef('m.group_no', '=', 'v.group_no').onRef('m.account_no', '=', 'v.vouchee_no'),
    )
    .select('v.vouchee_no')
    .distinct()
    .where('v.group_no', '=', groupNo)
    .where('v.voucher_no', 'in', accounts)
    .where('v.ended_micros', 'is', null)
    .where('m.state', 'not in', ['failed', 'blocked', 'deceased'])
    .execute()
  return rows.map((row) => row.vouchee_no)
}

async function vouchersOf(trx: Transaction, groupNo: number, accountNo: number): Promise<FateSharing['vouchers']> {
  const { rows } = await run<{ name: string; display_name: string; state: MemberState }>(
    trx,
    `select a.name, a.display_name, m.state
       from vouch v
       join account a on a.account_no = v.voucher_no
       join membership m on m.group_no = v.group_no and m.account_no = v.voucher_no
      where v.group_no = $1::int and v.vouchee_no = $2::int and v.ended_micros is null
      order by a.name`,
    [groupNo, accountNo],
  )
  return rows.map((row) => ({ account: row.name, displayName: row.display_name || row.name, state: row.state }))
}
