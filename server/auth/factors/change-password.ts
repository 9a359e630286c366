import type { Context } from '../../context.ts'
import { ConflictError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { raiseAccess } from '../../site/site.ts'
import type { Account } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run } from '../../storage/database.ts'
import { endSessionsOf } from '../../storage/web-sessions.ts'
import { checkedPassword } from './password-rules.ts'
import { hashPassword } from './password.ts'
import { forgetDevicesOf } from '../sessions/remembered-devices.ts'

/**
 * Gives somebody the new password that they chose, ends all sessions of the account, forgets its devices, and tells the
 * owner by mail.
 * @param wanted.siteName may not be all that the password is made of
 * @returns the account's new credential generation, for the session that goes on
 * @throws {BadPasswordError} with the rule
 * @throws {ConflictError} when a credential of the account was changed meanwhile
 */
export async function changePassword(
  context: Pick<Context, 'database' | 'clock' | 'jobs'>,
  wanted: { readonly account: Account; readonly password: string; readonly siteName: string },
): Promise<number> {
  const { account, siteName } = wanted
  const { accountNo, credentialGeneration, name, displayName, email } = account
  const names = [name, displayName, siteName, ...(email === undefined ? [] : [email])]
  const passwordHash = await hashPassword(checkedPassword(wanted.password, names))
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const { count } = await run(
      trx,
      `update account set password_hash = $3::text, credential_generation = credential_generation + 1
        where account_no = $1::int and credential_generation = $2::int and active`,
      [accountNo, credentialGeneration, passwordHash],
    )
    if (count === 0) throw new ConflictError('changed_meanwhile', 'the account was changed meanwhile: sign in again')
    await forgetDevicesOf(trx, accountNo)
    await endSessionsOf(trx, accountNo)
    await addNotice(trx, context, { kind: 'password-changed', to: { accountNo }, path: '/account/security' })
    await recordAudit(trx, nowMicros, [{ kind: 'password_set', actor: name, detail: { account: name } }])
    return credentialGeneration + 1
  })
}
