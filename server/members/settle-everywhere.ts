import type { Transaction } from '../storage/database.ts'
import type { MembersContext } from './memberships.ts'
import { settle } from './settle.ts'

interface Whose {
  readonly accountNo: number
  readonly actor: string
  readonly nowMicros: number
}

/**
 * Lets the rules of every group of an account act, inside the caller's transaction: something about the person changed that
 * counts in all of them, such as an address or the end of an absence. Call it after holdAccess or raiseAccess.
 */
export async function settleEverywhere(
  trx: Transaction,
  context: MembersContext,
  { accountNo, actor, nowMicros }: Whose,
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

/**
 * The same for those whom an account vouches for, in every group: its affiliation is one of the organisations behind them.
 * Call it after holdAccess or raiseAccess.
 */
export async function settleVouchees(
  trx: Transaction,
  context: MembersContext,
  { accountNo, actor, nowMicros }: Whose,
): Promise<void> {
  const rows = await trx
    .selectFrom('vouch')
    .select(['group_no', 'vouchee_no'])
    .where('voucher_no', '=', accountNo)
    .where('ended_micros', 'is', null)
    .orderBy('group_no')
    .execute()
  for (const [groupNo, vouches] of Map.groupBy(rows, (row) => row.group_no)) {
    const accounts = vouches.map((row) => row.vouchee_no)
    await settle(trx, context, { groupNo, accounts, actor, nowMicros })
  }
}
