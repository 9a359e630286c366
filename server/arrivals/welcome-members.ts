import { statesThat } from '../../policies/member-state.ts'
import { groupNamed } from '../members/group-rows.ts'
import type { MembersContext } from '../members/memberships.ts'
import { type By, mustMay } from '../members/permission.ts'
import { insertWelcome } from '../members/invitations/welcome.ts'
import { raiseAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'

/**
 * Sends a welcome link to the members of a group who have no way to sign in yet: after an import that was quiet, or again
 * to those whose link is over. Only to whom the group lets in: a nominee must not learn of it.
 * @returns names of accounts that got mail, and of those without an address
 */
export async function welcomeMembers(
  context: MembersContext,
  wanted: By & { readonly group: string },
): Promise<{ readonly welcomed: readonly string[]; readonly withoutAddress: readonly string[] }> {
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'manage-members', { row: group, nowMicros })
    const members = await trx
      .selectFrom('membership')
      .innerJoin('account', 'account.account_no', 'membership.account_no')
      .select(['account.account_no', 'account.name', 'account.email'])
      .where('membership.group_no', '=', group.group_no)
      .where('membership.state', 'in', [...statesThat('login')])
      .where('account.active', '=', true)
      .where('account.password_hash', 'is', null)
      .orderBy('account.name')
      .execute()
    const welcomed: string[] = []
    const withoutAddress: string[] = []
    for (const { account_no, name, email } of members) {
      if (email === null) {
        withoutAddress.push(name)
        continue
      }
      const groupNo = group.group_no
      if (await insertWelcome(trx, context, { accountNo: account_no, groupNo })) welcomed.push(name)
    }
    const detail = { group: group.name, links: welcomed.length }
    await recordAudit(trx, nowMicros, [{ kind: 'members_welcomed', actor: wanted.actor, detail }])
    return { welcomed, withoutAddress }
  })
}
