import type { GroupRole } from '../../policies/roles.ts'
import type { Context } from '../context.ts'
import { ConflictError, NotFoundError } from '../errors.ts'
import { addNotice } from '../notices/add-notice.ts'
import { raiseAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Transaction } from '../storage/database.ts'
import { groupNamed, memberOf, type MembershipRow } from './group-rows.ts'
import { mustLeaveAdministrator } from './last-administrator.ts'
import { type By, type GroupRow, mustMay, rolesIn } from './permission.ts'

/** What a use case of membership needs. */
export type MembersContext = Pick<Context, 'database' | 'clock' | 'jobs'>

/** Whose membership in which group. */
export interface Member {
  readonly group: string
  readonly account: string
}

/**
 * Makes somebody who has an account a member.
 * @throws {NotFoundError} for an account that is not there or is suspended
 * @throws {ConflictError} code `member_already`
 */
export async function addMember(
  context: MembersContext,
  wanted: By & Member & { readonly roles?: readonly GroupRole[] },
): Promise<void> {
  const roles = wanted.roles ?? []
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'manage-members', { row: group, nowMicros })
    if (roles.length > 0) await mustMay(trx, wanted, 'assign-roles', { row: group, nowMicros })
    const account = await trx
      .selectFrom('account')
      .select('account_no')
      .where('name', '=', wanted.account)
      .where('active', '=', true)
      .executeTakeFirst()
    if (!account) throw new NotFoundError(`an active account ${wanted.account}`)
    await insertMembership(trx, group, account.account_no, roles, nowMicros)
    await tellMember(trx, context, account.account_no, `/groups/${group.name}`)
    const detail = { group: group.name, account: wanted.account, roles: roles.join(' ') }
    await recordAudit(trx, nowMicros, [{ kind: 'member_added', actor: wanted.actor, detail }])
  })
}

/**
 * The row of a new membership, inside the caller's transaction; the caller writes the audit.
 * @throws {ConflictError} code `member_already`, also for a paused member: an administrator of the group resumes it
 */
export async function insertMembership(
  trx: Transaction,
  group: GroupRow,
  accountNo: number,
  roles: readonly GroupRole[],
  nowMicros: number,
): Promise<void> {
  const made = await trx
    .insertInto('membership')
    .values({ group_no: group.group_no, account_no: accountNo, roles: roles.join(' '), created_micros: nowMicros })
    .onConflict((conflict) => conflict.columns(['group_no', 'account_no']).doNothing())
    .returning('account_no')
    .executeTakeFirst()
  if (!made) throw new ConflictError('member_already', `there is a membership in ${group.title} already`)
}

/** Pauses a membership: it lets nobody into the group until it is resumed. @throws {ConflictError} for the last administrator */
export async function pauseMember(context: MembersContext, wanted: By & Member): Promise<void> {
  await change(context, wanted, 'member_paused', async (trx, group, member) => {
    if (!member.active) throw new ConflictError('paused_already', `${member.name} is paused already`)
    await mustLeaveAdministrator(trx, group.group_no, member.account_no, 'be paused')
    await setActive(trx, member, false)
  })
}

/** Lets a paused member in again, with the roles that it had. */
export async function resumeMember(context: MembersContext, wanted: By & Member): Promise<void> {
  await change(context, wanted, 'member_resumed', async (trx, _group, member) => {
    if (member.active) throw new ConflictError('not_paused', `${member.name} is not paused`)
    await setActive(trx, member, true)
  })
}

/** Removes a member from a group; the account stays. @throws {ConflictError} for the last administrator */
export async function removeMember(context: MembersContext, wanted: By & Member): Promise<void> {
  await change(context, wanted, 'member_removed', async (trx, group, member) => {
    await mustLeaveAdministrator(trx, group.group_no, member.account_no, 'be removed')
    await deleteMembership(trx, member)
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
    await deleteMembership(trx, member)
    const detail = { group: group.name, account: member.name }
    await recordAudit(trx, nowMicros, [{ kind: 'member_left', actor: wanted.actor, detail }])
  })
}

/** Gives a member a role. @throws {ConflictError} code `role_already` */
export async function giveRole(context: MembersContext, wanted: By & Member & { readonly role: GroupRole }) {
  await changeRoles(context, wanted, 'role_given', (roles) => {
    if (roles.has(wanted.role)) throw new ConflictError('role_already', `${wanted.account} has this role already`)
    return [...roles, wanted.role]
  })
}

/** Takes a role from a member. @throws {ConflictError} for the last administrator, or who has not the role */
export async function takeRole(context: MembersContext, wanted: By & Member & { readonly role: GroupRole }) {
  await changeRoles(context, wanted, 'role_taken', (roles) => {
    if (!roles.has(wanted.role)) throw new ConflictError('role_not_there', `${wanted.account} does not have this role`)
    return [...roles].filter((role) => role !== wanted.role)
  })
}

async function changeRoles(
  context: MembersContext,
  wanted: By & Member & { readonly role: GroupRole },
  kind: 'role_given' | 'role_taken',
  next: (roles: ReadonlySet<GroupRole>) => readonly GroupRole[],
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'assign-roles', { row: group, nowMicros })
    const member = await memberOf(trx, group, wanted.account)
    const roles = next(rolesIn(member.roles))
    if (!roles.includes('group-administrator')) {
      await mustLeaveAdministrator(trx, group.group_no, member.account_no, 'lose the role')
    }
    await rowOf(trx, member)
      .set({ roles: roles.join(' ') })
      .execute()
    await tellMember(trx, context, member.account_no, `/groups/${group.name}`)
    const detail = { group: group.name, account: member.name, role: wanted.role }
    await recordAudit(trx, nowMicros, [{ kind, actor: wanted.actor, detail }])
  })
}

async function change(
  context: MembersContext,
  wanted: By & Member,
  kind: 'member_paused' | 'member_resumed' | 'member_removed',
  act: (trx: Transaction, group: GroupRow, member: MembershipRow) => Promise<void>,
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'manage-members', { row: group, nowMicros })
    const member = await memberOf(trx, group, wanted.account)
    await act(trx, group, member)
    // whoever is no member any more would find nothing at the group's address
    await tellMember(trx, context, member.account_no, kind === 'member_removed' ? '/' : `/groups/${group.name}`)
    const detail = { group: group.name, account: member.name }
    await recordAudit(trx, nowMicros, [{ kind, actor: wanted.actor, detail }])
  })
}

async function tellMember(trx: Transaction, context: MembersContext, accountNo: number, path: string) {
  await addNotice(trx, context, { kind: 'membership-changed', to: { accountNo }, path })
}

async function setActive(trx: Transaction, member: MembershipRow, active: boolean): Promise<void> {
  await rowOf(trx, member).set({ active }).execute()
}

async function deleteMembership(trx: Transaction, member: MembershipRow): Promise<void> {
  await trx
    .deleteFrom('membership')
    .where('group_no', '=', member.group_no)
    .where('account_no', '=', member.account_no)
    .execute()
}

function rowOf(trx: Transaction, member: MembershipRow) {
  return trx
    .updateTable('membership')
    .where('group_no', '=', member.group_no)
    .where('account_no', '=', member.account_no)
}
