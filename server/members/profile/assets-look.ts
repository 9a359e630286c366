import { CAPABILITIES } from '../../../policies/member-state.ts'
import { NotFoundError } from '../../errors.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { holdAccess } from '../../site/site.ts'
import type { MembersContext } from '../memberships.ts'
import { groupNamed, memberOf } from '../group-rows.ts'
import { listAssets, type OwnAsset } from './assets.ts'
import { type By, mustMay } from '../permission.ts'

/**
 * A page of what a member answers for, for an administrator of a group that they are in. That somebody looked is on the
 * record before they see anything.
 * @throws {NotFoundError} for whoever is no member of the group, or whom it has not let in: they have said nothing to it
 */
export async function lookAtAssets(
  context: MembersContext,
  wanted: By & { readonly group: string; readonly account: string; readonly after: string },
): Promise<readonly OwnAsset[]> {
  const nowMicros = context.clock.nowMicros()
  const accountNo = await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'see-assets', { row: group, nowMicros })
    const { account_no, state } = await memberOf(trx, group, wanted.account)
    if (!CAPABILITIES[state].login)
      throw new NotFoundError(`a member ${JSON.stringify(wanted.account)} of ${group.title}`)
    const detail = { group: group.name, account: wanted.account }
    await recordAudit(trx, nowMicros, [{ kind: 'assets_seen', actor: wanted.actor, detail }])
    return account_no
  })
  return await listAssets(context.database, accountNo, wanted.after)
}
