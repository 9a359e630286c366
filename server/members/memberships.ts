import { CAPABILITIES, type MemberState } from '../../policies/member-state.ts'
import type { GroupRole } from '../../policies/roles.ts'
import type { Context } from '../context.ts'
import { ConflictError, NotFoundError } from '../errors.ts'
import { addNotice } from '../notices/add-notice.ts'
import { raiseAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Transaction } from '../storage/database.ts'
import { addHistory } from '../storage/membership-rows.ts'
import { groupNamed, memberOf, type MembershipRow } from './group-rows.ts'
import { mustLeaveAdministrator } from './last-administrator.ts'
import { type By, type GroupRow, mustMay, rolesIn } from './permission.ts'
import { settle } from './settle.ts'

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
      .where('account_no', 'not in', trx.selectFrom('service_account').select('account_no')) // a program is no member
      .executeTakeFirst()
    if (!account) throw new NotFoundError(`an active account ${wanted.account}`)
    await insertMembership(trx, context, {
      group,
      accountNo: account.account_no,
      roles,
      actor: wanted.actor,
      nowMicros,
    })
    await tellMember(trx, context, account.account_no, `/groups/${group.name}`)
    const detail = { group: group.name, account: wanted.account, roles: roles.join(' ') }
    await recordAudit(trx, nowMicros, [{ kind: 'member_added', actor: wanted.actor, detail }])
  })
}

/**
 * The row of a new membership of somebody whom administrators let in, inside the caller's transaction; it comes as far as
 * the rules of the group let it. The caller writes the audit.
 * @throws {ConflictError} code `member_already`, also for somebody who is nominated or blocked: another act is for them
 */
export async function insertMembership(
  trx: Transaction,
  context: MembersContext,
  wanted: {
    readonly group: GroupRow
    readonly accountNo: number
    readonly roles: readonly GroupRole[]
    readonly actor: string
    readonly nowMicros: number
    readonly admitted?: 'founder' | 'administrator'
  },
): Promise<void> {
  const { group, accountNo, roles, actor, nowMicros, admitted = 'administrator' } = wanted
  const values = { roles: roles.join(' '), admitted, state: 'approved', active: false } as const
  const times = { state_micros: nowMicros, activity_micros: nowMicros, created_micros: nowMicros }
  const before = await stateOf(trx, group.group_no, accountNo)
  if (before !== undefined && before !== 'failed') {
    throw new ConflictError('member_already', `there is a membership in ${group.title} already`)
  }
  await trx
    .insertInto('membership')
    .values({ group_no: group.group_no, account_no: accountNo, ...values, ...times })
    .onConflict((conflict) => conflict.columns(['group_no', 'account_no']).doUpdateSet({ ...values, ...times }))
    .execute()
  const step = { groupNo: group.group_no, accountNo, atMicros: nowMicros, event: 'add', actor }
  await addHistory(trx, { ...step, from: before, to: 'approved' })
  await settle(trx, context, { groupNo: group.group_no, accounts: [accountNo], actor, nowMicros, told: accountNo })
}

async function stateOf(trx: Transaction, groupNo: number, accountNo: number): Promise<MemberState | undefined> {
  const row = await trx
    .selectFrom('membership')
    .select('state')
    .where('group_no', '=', groupNo)
    .where('account_no', '=', accountNo)
    .executeTakeFirst()
  return row?.state
}

/**
 * Gives a member a role, whom the group has let in: to a nominee it would count with the approval, and tell them of it.
 * @throws {ConflictError} code `role_already`, or `state`
 */
export async function giveRole(context: MembersContext, wanted: By & Member & { readonly role: GroupRole }) {
  await changeRoles(context, wanted, 'role_given', (roles, state) => {
    if (!CAPABILITIES[state].login) {
      throw new ConflictError('state', `the membership is ${state}: only those whom the group has let in have roles`)
    }
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
  next: (roles: ReadonlySet<GroupRole>, state: MemberState) => readonly GroupRole[],
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'assign-roles', { row: group, nowMicros })
    const member = await memberOf(trx, group, wanted.account)
    const roles = next(rolesIn(member.roles), member.state)
    if (!roles.includes('group-administrator')) {
      await mustLeaveAdministrator(trx, group.group_no, member.account_no, 'lose the role')
    }
    await rowOf(trx, member)
      .set({ roles: roles.join(' ') })
      .execute()
    if (CAPABILITIES[member.state].login) await tellMember(trx, context, member.account_no, `/groups/${group.name}`)
    const detail = { group: group.name, account: member.name, role: wanted.role }
    await recordAudit(trx, nowMicros, [{ kind, actor: wanted.actor, detail }])
  })
}

/** Tells somebody that a membership of theirs is another one now. */
export async function tellMember(trx: Transaction, context: MembersContext, accountNo: number, path: string) {
  await addNotice(trx, context, { kind: 'membership-changed', to: { accountNo }, path })
}

function rowOf(trx: Transaction, member: MembershipRow) {
  return trx
    .updateTable('membership')
    .where('group_no', '=', member.group_no)
    .where('account_no', '=', member.account_no)
}
