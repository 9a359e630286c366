import type { Context } from '../context.ts'
import { forgetDevicesOf } from '../auth/sessions/remembered-devices.ts'
import { NotFoundError } from '../errors.ts'
import { groupsLedAlone, mustLeaveSiteAdministrator } from '../members/last-administrator.ts'
import { type By, mustMay } from '../members/permission.ts'
import { addNotice } from '../notices/add-notice.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { run } from '../storage/database.ts'
import { endSessionsOf } from '../storage/web-sessions.ts'
import { accountNumber } from './account-number.ts'
import { raiseAccess, type SiteContext } from './site.ts'

/**
 * Suspends an account. Every door asks whether the account is active, and whether its generation is still that of the
 * sign-in, so all of them are shut with the next request on every process: web sessions, sign-ins that are under way,
 * HTTP Basic, tokens, client certificates, outside providers, one-time links for it and made by it. Nothing is deleted
 * but sessions and remembered devices themselves. The only administrator of a group can be suspended too: somebody whose account is in
 * wrong hands must be shut out at once, and the operator can name another one for the group.
 * @returns how many sessions ended, and the titles of the groups that nobody can administer now
 * @throws {ConflictError} for the last administrator of the site: nobody could undo it
 * @throws {NotFoundError} for an account that is not there, or is suspended already
 */
export async function suspendAccount(
  context: SiteContext,
  wanted: By & { readonly name: string },
): Promise<{ readonly sessions: number; readonly leaderless: readonly string[] }> {
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    await mustMay(trx, wanted, 'suspend-account')
    const accountNo = await accountNumber(trx, wanted.name)
    await mustLeaveSiteAdministrator(trx, accountNo, 'be suspended')
    const { count } = await run(
      trx,
      `update account set active = false, credential_generation = credential_generation + 1
        where account_no = $1::int and active`,
      [accountNo],
    )
    if (count === 0) throw new NotFoundError(`an active account ${wanted.name}`)
    const sessions = await endSessionsOf(trx, accountNo)
    await forgetDevicesOf(trx, accountNo)
    await run(
      trx,
      'update break_glass set ended_micros = $2::bigint where account_no = $1::int and ended_micros is null and expires_micros > $2::bigint',
      [accountNo, nowMicros],
    )
    const detail = { account: wanted.name, sessions }
    await recordAudit(trx, nowMicros, [{ kind: 'account_suspended', actor: wanted.actor, detail }])
    return { sessions, leaderless: await groupsLedAlone(trx, accountNo) }
  })
}

/**
 * Lets a suspended account in again, with the password, second factors, tokens and certificates that it had. Sessions
 * that were ended stay ended, and devices that needed no second factor need one again.
 * @throws {NotFoundError} for an account that is not there, or is not suspended
 */
export async function restoreAccount(
  context: Pick<Context, 'database' | 'clock' | 'jobs'>,
  wanted: By & { readonly name: string },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    await mustMay(trx, wanted, 'suspend-account')
    const accountNo = await accountNumber(trx, wanted.name)
    const { count } = await run(
      trx,
      `update account set active = true, credential_generation = credential_generation + 1
        where account_no = $1::int and not active`,
      [accountNo],
    )
    if (count === 0) throw new NotFoundError(`a suspended account ${wanted.name}`)
    await addNotice(trx, context, { kind: 'account-restored', to: { accountNo }, path: '/account' })
    const detail = { account: wanted.name }
    await recordAudit(trx, nowMicros, [{ kind: 'account_restored', actor: wanted.actor, detail }])
  })
}
