import { CAPABILITIES } from '../../policies/member-state.ts'
import { mayStand } from '../../policies/vouch-count.ts'
import { BadRequestError, NotFoundError } from '../errors.ts'
import { addNotice } from '../notices/add-notice.ts'
import { raiseAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Transaction } from '../storage/database.ts'
import { endNomination, endVouches } from '../storage/membership-rows.ts'
import { act } from './act.ts'
import { groupNamed, memberOf } from './group-rows.ts'
import { mustLeaveAdministrator } from './last-administrator.ts'
import type { Member, MembersContext } from './memberships.ts'
import { type By, type GroupRow, mustMay } from './permission.ts'
import { settle } from './settle.ts'

/** What an administrator does with a member, and says why. */
export interface Expulsion extends Member {
  /** Kept on the audit; members do not read it. */
  readonly reason?: string | undefined
  /** Whether the vouches that the member has given count no more. */
  readonly voidVouches?: boolean | undefined
}

/**
 * Blocks a member: the group is shut to them, nobody may nominate them, and members do not see them any more.
 * @throws {ConflictError} for the last administrator, or code `state`
 */
export async function blockMember(context: MembersContext, wanted: By & Expulsion): Promise<void> {
  await change(context, wanted, 'member_blocked', async (trx, place) => {
    await mustLeaveAdministrator(trx, place.group.group_no, place.accountNo, 'be blocked')
    await act(trx, { ...place, event: 'block' })
    await endNomination(trx, { ...numbers(place), outcome: 'blocked' })
    if (wanted.voidVouches) await endVouches(trx, { ...numbers(place), side: 'given-by', reason: 'voided' })
  })
}

/** Lets somebody in again who was blocked, or taken for dead by mistake: as approved, and on as the rules say. */
export async function reinstateMember(context: MembersContext, wanted: By & Member): Promise<void> {
  await change(context, wanted, 'member_reinstated', async (trx, place) => {
    const { to } = await act(trx, { ...place, event: 'reinstate' })
    // only ever nominated: the vouches of that nomination must not stand for the next one
    if (to === 'failed') await endVouches(trx, { ...numbers(place), side: 'received-by', reason: 'nomination-failed' })
  })
}

/** Remembers a member who has died: they stay visible, their vouches go on to count, and nothing signs them in. */
export async function memorialiseMember(context: MembersContext, wanted: By & Member): Promise<void> {
  await change(context, wanted, 'member_memorialised', async (trx, place) => {
    await mustLeaveAdministrator(trx, place.group.group_no, place.accountNo, 'be remembered as dead')
    const { from } = await act(trx, { ...place, event: 'memorialise' })
    await endNomination(trx, { ...numbers(place), outcome: 'withdrawn' })
    // what counted no more when they died does not count again
    if (!mayStand(from)) await endVouches(trx, { ...numbers(place), side: 'given-by', reason: 'voided' })
  })
}

/** Removes a member from a group; the account stays, and may be nominated again. @throws {ConflictError} for the last administrator */
export async function removeMember(context: MembersContext, wanted: By & Expulsion): Promise<void> {
  await change(context, wanted, 'member_removed', async (trx, place) => {
    await mustLeaveAdministrator(trx, place.group.group_no, place.accountNo, 'be removed')
    await part(trx, place, 'remove')
  })
}

/** Leaves a group. @throws {ConflictError} for the last administrator */
export async function leaveGroup(context: MembersContext, wanted: By & Member): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'leave-group', { row: group, nowMicros })
    const member = await memberOf(trx, group, wanted.account)
    if (wanted.as !== 'operator' && wanted.as.accountNo !== member.account_no) throw new NotFoundError('this page')
    await mustLeaveAdministrator(trx, group.group_no, member.account_no, 'leave')
    const place = { group, accountNo: member.account_no, actor: wanted.actor, nowMicros }
    const touched = await whomItTouches(trx, place)
    await part(trx, place, 'leave')
    await settle(trx, context, { ...numbers(place), accounts: touched, actor: wanted.actor })
    const detail = { group: group.name, account: member.name }
    await recordAudit(trx, nowMicros, [{ kind: 'member_left', actor: wanted.actor, detail }])
  })
}

/** Going: what was vouched between the member and the others ends with the membership. */
async function part(trx: Transaction, place: Place, event: 'leave' | 'remove'): Promise<void> {
  await act(trx, { ...place, event })
  await endNomination(trx, { ...numbers(place), outcome: 'withdrawn' })
  for (const side of ['given-by', 'received-by'] as const) {
    await endVouches(trx, { ...numbers(place), side, reason: 'left' })
  }
}

/** A membership that is acted on. */
interface Place {
  readonly group: GroupRow
  readonly accountNo: number
  readonly actor: string
  readonly nowMicros: number
}

function numbers({ group, accountNo, nowMicros }: Place) {
  return { groupNo: group.group_no, accountNo, nowMicros }
}

async function change(
  context: MembersContext,
  wanted: By & Expulsion,
  kind: 'member_blocked' | 'member_reinstated' | 'member_memorialised' | 'member_removed',
  does: (trx: Transaction, place: Place) => Promise<void>,
): Promise<void> {
  const reason = checkedReason(wanted.reason)
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'manage-members', { row: group, nowMicros })
    const member = await memberOf(trx, group, wanted.account)
    const place = { group, accountNo: member.account_no, actor: wanted.actor, nowMicros }
    const touched = await whomItTouches(trx, place)
    await does(trx, place)
    const accounts = [member.account_no, ...touched]
    await settle(trx, context, { ...numbers(place), accounts, actor: wanted.actor, told: member.account_no })
    const isIn = kind === 'member_reinstated' && CAPABILITIES[(await memberOf(trx, group, wanted.account)).state].login
    // a nominee learns nothing; whoever is no member any more would find nothing at the group's address
    if (isIn || CAPABILITIES[member.state].login) {
      const path = isIn ? `/groups/${group.name}` : '/'
      await addNotice(trx, context, { kind: 'membership-changed', to: { accountNo: member.account_no }, path })
    }
    const detail = { group: group.name, account: member.name, ...(reason !== '' && { reason }) }
    await recordAudit(trx, nowMicros, [{ kind, actor: wanted.actor, detail }])
  })
}

/** Those whose vouches given or received may end or stop counting with this membership. */
async function whomItTouches(trx: Transaction, { group, accountNo }: Place): Promise<readonly number[]> {
  const rows = await trx
    .selectFrom('vouch')
    .select(['voucher_no', 'vouchee_no'])
    .where('group_no', '=', group.group_no)
    .where('ended_micros', 'is', null)
    .where((where) => where.or([where('voucher_no', '=', accountNo), where('vouchee_no', '=', accountNo)]))
    .execute()
  return rows.map((row) => (row.voucher_no === accountNo ? row.vouchee_no : row.voucher_no))
}

const MAX_REASON = 1000

function checkedReason(text = ''): string {
  const reason = text.trim()
  if (reason.length > MAX_REASON) {
    throw new BadRequestError('bad_reason', `a reason has at most ${MAX_REASON} characters: say it shorter`)
  }
  return reason
}
