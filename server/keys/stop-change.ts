import { NotFoundError, RoleError } from '../errors.ts'
import { groupNamed } from '../members/group-rows.ts'
import { type By, mustMay } from '../members/permission.ts'
import { addNotice } from '../notices/add-notice.ts'
import { holdAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { waitingChange } from './key-change.ts'
import type { KeysContext } from './context.ts'

/**
 * Stops a change of key that waits: by the member, or by an administrator of the group who does not believe it.
 * @throws {NotFoundError} when none waits under this number that the actor may know of
 */
export async function stopChange(
  context: KeysContext,
  wanted: By & { readonly group: string; readonly changeNo: number },
): Promise<{ readonly account: string }> {
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    const isOperator = wanted.as === 'operator'
    // whose change it is may be seen only by somebody who may be in the group at all
    const entry = isOperator ? 'manage-members' : 'set-own-membership'
    await mustMay(trx, wanted, entry, { row: group, nowMicros })
    const change = await waitingChange(trx, group.group_no, wanted.changeNo)
    const isOwn = wanted.as !== 'operator' && wanted.as.accountNo === change.account_no
    if (!isOwn) {
      await mustMay(trx, wanted, 'manage-members', { row: group, nowMicros }).catch((error: unknown) => {
        // that a change waits at all is the business of the administrators
        throw error instanceof RoleError ? new NotFoundError('this change of a key') : error
      })
    }
    await trx
      .updateTable('key_change')
      .set({ stopped_micros: nowMicros })
      .where('change_no', '=', change.change_no)
      .execute()
    const { name } = await trx
      .selectFrom('account')
      .select('name')
      .where('account_no', '=', change.account_no)
      .executeTakeFirstOrThrow()
    if (!isOwn) {
      const to = { accountNo: change.account_no, groupNo: group.group_no }
      await addNotice(trx, context, { kind: 'membership-changed', to, path: '/account/keys' })
    }
    const detail = { group: group.name, account: name }
    await recordAudit(trx, nowMicros, [{ kind: 'key_change_stopped', actor: wanted.actor, detail }])
    return { account: name }
  })
}
