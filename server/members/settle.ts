import { policyFrom } from '../../policies/group-policy.ts'
import { CAPABILITIES, type MemberState, statesThat } from '../../policies/member-state.ts'
import { type MembershipRule, settled } from '../../policies/membership.ts'
import { mayStand } from '../../policies/vouch-count.ts'
import { addNotices } from '../notices/add-notice.ts'
import { raiseAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Transaction } from '../storage/database.ts'
import { type MembershipCase, membershipCases } from '../storage/membership-facts.ts'
import { endNomination, endVouches, storeBelow, storeMoves, voucheesOf } from '../storage/membership-rows.ts'
import { administratorsOf } from './group-rows.ts'
import type { MembersContext } from './memberships.ts'
import { nomineeHandle } from './vouching/vouch-subject.ts'
import { withWayIn } from './invitations/welcome.ts'

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
  /** Who hears of it by the act itself, and needs no second mail. */
  readonly told?: number
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
  { groupNo, accounts, actor, nowMicros, told }: Settling,
): Promise<readonly Moved[]> {
  const group = await trx
    .selectFrom('trust_group')
    .select(['name', 'policy'])
    .where('group_no', '=', groupNo)
    .executeTakeFirstOrThrow()
  const place = { groupNo, group: group.name, actor, nowMicros, told }
  const moved: Moved[] = []
  for (
    let waiting = [...new Set([...accounts, ...(await countedByRings(trx, groupNo, group.policy))])];
    waiting.length > 0;
  ) {
    const cases = await membershipCases(trx, groupNo, nowMicros, { accounts: waiting })
    const moves = cases.flatMap(moveOf)
    const stale = cases.filter(({ belowIsStale }) => belowIsStale)
    if (stale.length > 0) await keepBelow(trx, context, place, stale)
    waiting = moves.length > 0 ? await store(trx, context, place, moves) : []
    moved.push(...moves.map(movedOf))
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
  readonly told: number | undefined
}

/** What the rules do to one membership. */
interface Move {
  readonly member: MembershipCase
  /** What the log calls it: the name of the account would tell whether a nominee had one before. */
  readonly account: string
  readonly steps: readonly MembershipStep[]
  readonly to: MemberState
  readonly because: readonly MembershipRule[]
}

type MembershipStep = ReturnType<typeof settled>[number]

function moveOf(member: MembershipCase): readonly Move[] {
  const steps = settled(member.state, member.facts)
  const last = steps.at(-1)
  if (!last) return []
  const because = [...new Set(steps.flatMap((step) => step.because))]
  const account = member.nominationNo === undefined ? member.account : nomineeHandle(member.nominationNo)
  return [{ member, account, steps, to: last.state, because }]
}

function movedOf({ member, account, to, because }: Move): Moved {
  return { accountNo: member.accountNo, account, from: member.state, to, because }
}

/**
 * Writes what has moved: as many statements for thousands as for one.
 * @returns whom it touches, who are to be looked at too
 */
async function store(
  trx: Transaction,
  context: MembersContext,
  place: Place,
  moves: readonly Move[],
): Promise<number[]> {
  const { groupNo, group, actor, nowMicros } = place
  const steps = moves.map(({ member, steps }) => ({ accountNo: member.accountNo, from: member.state, steps }))
  await storeMoves(trx, { groupNo, atMicros: nowMicros, actor }, steps)
  await recordAudit(
    trx,
    nowMicros,
    moves.map(({ member, account, to, because }) => ({
      kind: 'membership_moved',
      actor,
      detail: { group, account, from: member.state, to, because: because.join(' ') },
    })),
  )
  const counted = moves.filter(({ member, to }) => mayStand(member.state) !== mayStand(to))
  const touched = new Set(await voucheesOf(trx, groupNo, counted.map(numberOf)))
  const failed = moves.filter(({ to }) => to === 'failed')
  for (const accountNo of await fail(trx, place, failed.map(numberOf))) touched.add(accountNo)
  await tell(trx, context, place, moves)
  return [...touched]
}

function numberOf({ member }: Move): number {
  return member.accountNo
}

/** Remembers since when members have too few vouches: the days of grace count from there, and the members are told. */
async function keepBelow(
  trx: Transaction,
  context: MembersContext,
  { groupNo, group, nowMicros }: Place,
  stale: readonly MembershipCase[],
): Promise<void> {
  const below = stale.filter(({ facts }) => facts.belowSinceMicros !== undefined)
  const enough = stale.filter(({ facts }) => facts.belowSinceMicros === undefined)
  const numbers = (cases: readonly MembershipCase[]) => cases.map(({ accountNo }) => accountNo)
  await storeBelow(trx, groupNo, numbers(below), nowMicros)
  await storeBelow(trx, groupNo, numbers(enough), null)
  await addNotices(
    trx,
    context,
    below
      .filter(({ state }) => CAPABILITIES[state].see)
      .map(({ accountNo }) => ({
        kind: 'vouches-missing',
        to: { accountNo, groupNo },
        path: `/groups/${group}/membership`,
      })),
  )
}

/** Nominations that failed are over: their vouches count no more, and stay on the record. */
async function fail(
  trx: Transaction,
  { groupNo, nowMicros }: Place,
  accountNo: readonly number[],
): Promise<readonly number[]> {
  if (accountNo.length === 0) return []
  await endNomination(trx, { groupNo, accountNo, outcome: 'failed', nowMicros })
  return await endVouches(trx, { groupNo, side: 'received-by', accountNo, reason: 'nomination-failed', nowMicros })
}

/** Tells whom it concerns: members of their own state, administrators when they must act. A nominee is told nothing. */
async function tell(
  trx: Transaction,
  context: MembersContext,
  { groupNo, group, told }: Place,
  moves: readonly Move[],
): Promise<void> {
  const vetted = moves.filter(({ to }) => to === 'vetted')
  const administrators = vetted.length > 0 ? await administratorsOf(trx, groupNo) : []
  // whoever has not come in yet gets a link to come in, and needs no mail about a page behind it
  const own = moves.filter(({ member, to }) => to !== 'vetted' && CAPABILITIES[to].login && member.accountNo !== told)
  const inside = await withWayIn(trx, own.map(numberOf))
  await addNotices(trx, context, [
    ...vetted.flatMap(() =>
      administrators.map((accountNo) => ({
        kind: 'nominee-vetted' as const,
        to: { accountNo, groupNo },
        path: `/groups/${group}/nominations`,
      })),
    ),
    ...own
      .map(numberOf)
      .filter((accountNo) => inside.has(accountNo))
      .map((accountNo) => ({
        kind: 'state-changed' as const,
        to: { accountNo, groupNo },
        path: `/groups/${group}/membership`,
      })),
  ])
}
