import { NotFoundError } from '../errors.ts'
import type { MemberState } from '../../policies/member-state.ts'
import type { Transaction } from '../storage/database.ts'
import type { GroupRow } from './permission.ts'

/** A membership as it was just loaded, with the name of its account. */
export interface MembershipRow {
  readonly group_no: number
  readonly account_no: number
  readonly name: string
  readonly roles: string
  readonly state: MemberState
}

/**
 * The group of this name.
 * @throws {NotFoundError} when there is none
 */
export async function groupNamed(trx: Transaction, name: string): Promise<GroupRow> {
  const row = await trx
    .selectFrom('trust_group')
    .select(['group_no', 'name', 'title', 'second_factor', 'policy'])
    .where('name', '=', name)
    .executeTakeFirst()
  if (!row) throw new NotFoundError(`the trust group ${JSON.stringify(name)}`)
  return row
}

/**
 * The membership of an account in a group: by group and account together, so that nobody reaches into another group.
 * @throws {NotFoundError} when the account is no member, or is none at all: one answer for both
 */
export async function memberOf(trx: Transaction, group: GroupRow, account: string): Promise<MembershipRow> {
  const row = await trx
    .selectFrom('membership')
    .innerJoin('account', 'account.account_no', 'membership.account_no')
    .select(['membership.group_no', 'membership.account_no', 'account.name', 'membership.roles', 'membership.state'])
    .where('membership.group_no', '=', group.group_no)
    .where('account.name', '=', account)
    .executeTakeFirst()
  if (!row) throw new NotFoundError(`a member ${JSON.stringify(account)} of ${group.title}`)
  return row
}

/** Whether an account sees a group now: whoever has left it, or was shut out, is told nothing of it any more. */
export async function seesGroup(trx: Transaction, group: GroupRow, accountNo: number): Promise<boolean> {
  return (await activeMembersOf(trx, group.group_no)).includes(accountNo)
}

/** Numbers of the accounts that can administer a group now. */
export async function administratorsOf(trx: Transaction, groupNo: number): Promise<readonly number[]> {
  return await activeMembersOf(trx, groupNo, (roles) => roles.split(' ').includes('group-administrator'))
}

/** Numbers of the accounts that see a group now. */
export async function activeMembersOf(
  trx: Transaction,
  groupNo: number,
  having: (roles: string) => boolean = () => true,
): Promise<readonly number[]> {
  const rows = await trx
    .selectFrom('membership')
    .innerJoin('account', 'account.account_no', 'membership.account_no')
    .select(['membership.account_no', 'membership.roles'])
    .where('membership.group_no', '=', groupNo)
    .where('membership.active', '=', true)
    .where('account.active', '=', true)
    .orderBy('membership.account_no')
    .execute()
  return rows.filter((row) => having(row.roles)).map((row) => row.account_no)
}
