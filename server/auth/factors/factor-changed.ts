import type { Context } from '../../context.ts'
import { NotFoundError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import type { Account } from '../../storage/access.ts'
import { run, type Transaction } from '../../storage/database.ts'

/**
 * Whether an account is still as it was when the request was let in. Asked under the lock of raiseAccess, so that a
 * session that ended meanwhile can no longer change what its account signs in with.
 */
export async function isUnchanged(
  trx: Transaction,
  account: Pick<Account, 'accountNo' | 'credentialGeneration'>,
): Promise<boolean> {
  const { rows } = await run(
    trx,
    'select 1 from account where account_no = $1::int and active and credential_generation = $2::bigint',
    [account.accountNo, account.credentialGeneration],
  )
  return rows.length === 1
}

/**
 * Ends every session of an account because a factor of it changed, and tells its owner by mail. The caller has raised
 * the access generation and writes the audit.
 * @param account as it was when the request was let in
 * @returns the account's new credential generation, for the session that goes on
 * @throws {NotFoundError} when a credential was changed meanwhile: a session that this ended must not go on
 */
export async function factorChanged(
  trx: Transaction,
  context: Pick<Context, 'clock' | 'jobs'>,
  { accountNo, credentialGeneration }: Pick<Account, 'accountNo' | 'credentialGeneration'>,
): Promise<number> {
  const { rows } = await run<{ credential_generation: number }>(
    trx,
    `update account set credential_generation = credential_generation + 1
      where account_no = $1::int and active and credential_generation = $2::bigint returning credential_generation`,
    [accountNo, credentialGeneration],
  )
  const [row] = rows
  if (!row) throw new NotFoundError('the account')
  await addNotice(trx, context, { kind: 'second-factor-changed', to: { accountNo }, path: '/account/security' })
  return row.credential_generation
}
