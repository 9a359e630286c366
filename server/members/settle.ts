import { policyFrom } from '../../policies/group-policy.ts'
import { CAPABILITIES, type MemberState, statesThat } from '../../policies/member-state.ts'
import { type MembershipRule, settled } from '../../policies/membership.ts'
import { mayStand } from '../../policies/vouch-count.ts'
import { addNotice } from '../notices/add-notice.ts'
import { raiseAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Transaction } from '../storage/database.ts'
import { type MembershipCase, membershipCases } from '../storage/membership-facts.ts'
import { endNomination, endVouches, storeState, voucheesOf } from '../storage/membership-rows.ts'
import { administratorsOf } from './group-rows.ts'
import type { MembersContext } from './memberships.ts'
import { nomineeHandle } from './vouch-subject.ts'

/** A membership that the rules have moved. */
export interface Moved {
  readonly accountNo: number
  readonly account: string
  readonly from: MemberState
  readonly to: MemberState
  readonly because: readonly MembershipRule[]
}

/** Whose memberships are to be looked at anew. */
export interface Settling {
  readonly groupNo: number
  readonly accounts: readonly number[]
  /** Whose act changed the facts; `system` for the clock. */
  readonly actor: string
  readonly nowMicros: number
}

/**
 * Lets the rules of a group act after facts of these memberships changed, inside the caller's transaction: states move,
 * what hangs on them follows (whom a member in no good standing any more vouched for is looked at too), and history, audit
 * and notices say so. Call it after holdAccess or raiseAccess.
 * @returns what moved, in order
 */
export async function settle(
  trx: Transaction,
  context: MembersContext,
  { groupNo, accounts, actor, nowMicros }: Settling,
): Promise<readonly Moved[]> {
  const group = await trx
    .selectFrom('trust_group')
    .select(['name', 'policy'])
    .where('group_no', '=', groupNo)
    .executeTakeFirstOrThrow()
  const moved: Moved[] = []
  for (
    let waiting = [...new Set([...accounts, ...(await countedByRings(trx, groupNo, group.policy))])];
    waiting.length > 0;
  ) {
    const cases = await membershipCases(trx, groupNo, nowMicros, { accounts: waiting })
    const next = new Set<number>()
    for (const each of cases) {
      const move = await settleOne(trx, context, { groupNo, group: group.name, actor, nowMicros }, each)
      if (!move) continue
      moved.push(move.moved)
      for (const accountNo of move.touched) next.add(accountNo)
    }
    waiting = [...next]
  }
  if (moved.length > 0) await raiseAccess(trx)
  return moved
}

/**
 * Those whom one vouch between others can move: where rings count as one, a vouch may make or open a ring that they lean on.
 */
async function countedByRings(trx: Transaction, groupNo: number, policy: string): Promise<readonly number[]> {
  const { ringDetection, minInvouch, targetInvouch } = policyFrom(policy)
  if (!ringDetection || Math.max(minInvouch, targetInvouch) < 2) return []
  const states: readonly MemberState[] = minInvouch < 2 ? ['nominated'] : ['nominated', ...statesThat('login')]
  const rows = await trx
    .selectFrom('membership')
    .select('account_no')
    .where('group_no', '=', groupNo)
    .where('admitted', '=', 'nomination')
    .where('state', 'in', [...states])
    .execute()
  return rows.map((row) => row.account_no)
}

interface Place {
  readonly groupNo: number
  readonly group: string
  readonly actor: string
  readonly nowMicros: number
}

async function settleOne(
  trx: Transaction,
  context: MembersContext,
  place: Place,
  each: MembershipCase,
): Promise<{ readonly moved: Moved; readonly touched: readonly number[] } | undefined> {
  if (each.belowIsStale) await keepBelow(trx, context, place, each)
  const steps = settled(each.state, each.facts)
  const last = steps.at(-1)
  if (!last) return undefined
  const { groupNo, group, actor, nowMicros } = place
  const { accountNo } = each
  let from = each.state
  for (const { state, because } of steps) {
    await storeState(trx, { groupNo, accountNo, atMicros: nowMicros, event: 'review', from, to: state, actor, because })
    from = state
  }
  const because = [...new Set(steps.flatMap((step) => step.because))]
  // the name of the account would tell whether a nominee had one before
  const account = each.nominationNo === undefined ? each.account : nomineeHandle(each.nominationNo)
  const detail = { group, account, from: each.state, to: last.state, because: because.join(' ') }
  await recordAudit(trx, nowMicros, [{ kind: 'membership_moved', actor, detail }])
  const touched = [...(await touchedBy(trx, place, each, last.state))]
  if (last.state === 'failed') touched.push(...(await fail(trx, place, accountNo)))
  await tell(trx, context, place, each, last.state)
  return { moved: { accountNo, account, from: each.state, to: last.state, because }, touched }
}

/** Remembers since when a member has too few vouches: the days of grace count from there, and the member is told. */
async function keepBelow(
  trx: Transaction,
  context: MembersContext,
  { groupNo, group }: Place,
  { accountNo, facts, state }: MembershipCase,
): Promise<void> {
  const below = facts.belowSinceMicros ?? null
  await trx
    .updateTable('membership')
    .set({ below_micros: below })
    .where('group_no', '=', groupNo)
    .where('account_no', '=', accountNo)
    .execute()
  if (below === null || !CAPABILITIES[state].see) return
  await addNotice(trx, context, {
    kind: 'vouches-missing',
    to: { accountNo, groupNo },
    path: `/groups/${group}/membership`,
  })
}

/** A nomination that failed is over: its vouches count no more, and stay on the record. */
async function fail(trx: Transaction, { groupNo, nowMicros }: Place, accountNo: number): Promise<readonly number[]> {
  await endNomination(trx, { groupNo, accountNo, outcome: 'failed', nowMicros })
  return await endVouches(trx, {
    groupNo,
    side: 'received-by',
    accountNo,
    reason: 'nomination-failed',
    nowMicros,
  })
}

async function touchedBy(trx: Transaction, { groupNo }: Place, each: MembershipCase, to: MemberState) {
  return mayStand(each.state) === mayStand(to) ? [] : await voucheesOf(trx, groupNo, each.accountNo)
}

/** Tells whom it concerns: members of their own state, administrators when they must act. A nominee is told nothing. */
async function tell(
  trx: Transaction,
  context: MembersContext,
  { groupNo, group }: Place,
  each: MembershipCase,
  to: MemberState,
): Promise<void> {
  if (to === 'vetted') {
    for (const accountNo of await administratorsOf(trx, groupNo)) {
      await addNotice(trx, context, {
        kind: 'nominee-vetted',
        to: { accountNo, groupNo },
        path: `/groups/${group}/nominations`,
      })
    }
    return
  }
  if (!CAPABILITIES[to].login) return
  const path = `/groups/${group}/membership`
  await addNotice(trx, context, { kind: 'state-changed', to: { accountNo: each.accountNo, groupNo }, path })
}
