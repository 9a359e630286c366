import type { MemberState } from '../../policies/member-state.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { storeState } from '../../server/storage/membership-rows.ts'
import type { TestSite } from '../support/site.ts'

/** Puts a membership into any state at once: what leads there is tested elsewhere. */
export async function setState(site: TestSite, group: string, account: string, to: MemberState): Promise<void> {
  const { access } = await site.context.freshness.read()
  const [groupNo, accountNo] = [access.group(group)?.groupNo, access.accountNamed(account)?.accountNo]
  if (groupNo === undefined || accountNo === undefined) throw new Error(`no ${account} in ${group}`)
  const from = access.membership(accountNo, groupNo)?.state
  await site.context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const step = { groupNo, accountNo, atMicros: site.context.clock.nowMicros(), event: 'test', actor: 'test' }
    await storeState(trx, { ...step, from, to })
  })
}
