import type { Transaction } from '../storage/database.ts'
import type { MembersContext } from './memberships.ts'
import { settle } from './settle.ts'

/**
 * Lets the rules of every group of an account act, inside the caller's transaction: something about the person changed that
 * counts in all of them, such as an address or the end of an absence. Call it after holdAccess or raiseAccess.
 */
export async function settleEverywhere(
  trx: Transaction,
  context: MembersContext,
  { accountNo, actor, nowMicros }: { readonly accountNo: number; readonly actor: string; readonly nowMicros: number },
): Promise<void> {
  const rows = await trx
    .selectFrom('membership')
    .select('group_no')
    .where('account_no', '=', accountNo)
    .orderBy('group_no')
    .execute()
  for (const { group_no: groupNo } of rows) {
    await settle(trx, context, { groupNo, accounts: [accountNo], actor, nowMicros })
  }
}
