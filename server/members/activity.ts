import type { Context } from '../context.ts'
import { holdAccess } from '../site/site.ts'
import type { ApiRoot, Account, Membership } from '../storage/access.ts'
import { settle } from './settle.ts'

type Needs = Pick<Context, 'activity' | 'clock'>

/**
 * Notes that a member is active in a group: enters a page of it, or asks the API about it. What a program of theirs does is
 * no activity of theirs: a forgotten poller must not keep a membership alive.
 */
export function noteActivity({ activity, clock }: Needs, membership: Membership | undefined): void {
  if (membership) activity.note(membership.groupNo, membership.accountNo, clock.nowMicros())
}

/** The same for reading or writing a collection of a group with a credential of one's own. */
export function noteTaxiiActivity({ activity, clock }: Needs, account: Account, { groupNo }: ApiRoot): void {
  if (groupNo !== undefined && !account.service) activity.note(groupNo, account.accountNo, clock.nowMicros())
}

/** Writes what was noted; members who were idle, or about to be, are active again at once. */
export async function flushActivity(context: Pick<Context, 'activity' | 'clock' | 'database' | 'jobs'>): Promise<void> {
  const returned = await context.activity.flush()
  const byGroup = Map.groupBy(returned, ({ groupNo }) => groupNo)
  for (const [groupNo, members] of byGroup) {
    const nowMicros = context.clock.nowMicros()
    await context.database.transaction(async (trx) => {
      await holdAccess(trx)
      const accounts = members.map(({ accountNo }) => accountNo)
      await settle(trx, context, { groupNo, accounts, actor: 'system', nowMicros })
    })
  }
}
