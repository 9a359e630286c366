import { settled } from '../../policies/membership.ts'
import { holdAccess } from '../site/site.ts'
import { membershipCases } from '../storage/membership-facts.ts'
import { type Moved, settle } from './settle.ts'
import type { MembersContext } from './memberships.ts'

/**
 * Looks at every membership of every group, as time alone changes them: nominations run out, keys and vouches expire,
 * members fall idle. Each group is looked at on its own, and nothing waits for it unless something moves.
 * @returns what moved
 */
export async function reviewEveryone(context: MembersContext): Promise<readonly Moved[]> {
  const groups = await context.database.kysely
    .selectFrom('trust_group')
    .select('group_no')
    .orderBy('group_no')
    .execute()
  const moved: Moved[] = []
  for (const { group_no: groupNo } of groups) moved.push(...(await reviewGroup(context, groupNo)))
  return moved
}

/** As {@link reviewEveryone}, for one group. */
export async function reviewGroup(context: MembersContext, groupNo: number): Promise<readonly Moved[]> {
  const nowMicros = context.clock.nowMicros()
  const wanting = await context.database.transaction(async (trx) => {
    const cases = await membershipCases(trx, groupNo, nowMicros)
    return cases.filter(({ state, facts, belowIsStale }) => belowIsStale || settled(state, facts).length > 0)
  })
  if (wanting.length === 0) return []
  return await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const accounts = wanting.map((each) => each.accountNo)
    return await settle(trx, context, { groupNo, accounts, actor: 'system', nowMicros })
  })
}
