import { NotFoundError } from '../errors.ts'
import type { Transaction } from '../storage/database.ts'

/**
 * The number of the account with this name, suspended or not.
 * @throws {NotFoundError} when there is none
 */
export async function accountNumber(trx: Transaction, name: string): Promise<number> {
  const row = await trx.selectFrom('account').select('account_no').where('name', '=', name).executeTakeFirst()
  if (!row) throw new NotFoundError(`the account ${JSON.stringify(name)}`)
  return row.account_no
}
