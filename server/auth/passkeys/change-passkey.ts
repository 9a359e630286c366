import type { Context } from '../../context.ts'
import { NotFoundError } from '../../errors.ts'
import { raiseAccess } from '../../site/site.ts'
import type { Account } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run } from '../../storage/database.ts'
import type { Passkey } from '../../storage/passkeys.ts'
import { factorsOf, mustStayReachable } from '../factors/held-factors.ts'
import { factorChanged } from '../factors/factor-changed.ts'
import { forgetDevicesOf } from '../sessions/remembered-devices.ts'

/** Calls a passkey something else. */
export async function renamePasskey(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  wanted: { readonly account: Account; readonly passkey: Passkey; readonly name: string },
): Promise<void> {
  const { account, passkey, name } = wanted
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    const { count } = await run(
      trx,
      'update passkey set name = $3::text where credential_id = $1::bytea and account_no = $2::int',
      [passkey.credentialId, account.accountNo, name],
    )
    if (count === 0) throw new NotFoundError('the passkey')
    const detail = { account: account.name, passkey: name, before: passkey.name }
    await recordAudit(trx, nowMicros, [{ kind: 'passkey_renamed', actor: account.name, detail }])
  })
}

/**
 * Takes a passkey away. It may be on a device that was lost, so remembered devices are forgotten too.
 * @param wanted.demanded whether a second factor is demanded of the account
 * @returns the account's new credential generation
 * @throws {ConflictError} when its owner would be shut out
 */
export async function removePasskey(
  context: Context,
  wanted: { readonly account: Account; readonly passkey: Passkey; readonly demanded: boolean },
): Promise<number> {
  const { account, passkey, demanded } = wanted
  const { accountNo } = account
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    // the lock makes removals wait for each other: two at once could take the last two
    await raiseAccess(trx)
    const { count } = await run(trx, 'delete from passkey where credential_id = $1::bytea and account_no = $2::int', [
      passkey.credentialId,
      accountNo,
    ])
    if (count === 0) throw new NotFoundError('the passkey')
    mustStayReachable(await factorsOf(trx, accountNo, nowMicros), demanded)
    await forgetDevicesOf(trx, accountNo)
    const generation = await factorChanged(trx, context, account)
    const detail = { account: account.name, passkey: passkey.name }
    await recordAudit(trx, nowMicros, [{ kind: 'passkey_removed', actor: account.name, detail }])
    return generation
  })
}
