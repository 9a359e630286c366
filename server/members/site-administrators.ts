import { ConflictError, NotFoundError } from '../errors.ts'
import { raiseAccess, type SiteContext } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { run } from '../storage/database.ts'
import { mustLeaveSiteAdministrator } from './last-administrator.ts'
import { type By, mustMay } from './permission.ts'

/** Makes somebody an administrator of the site. Their sessions end: an administrator's are shorter. */
export async function appointAdministrator(
  context: SiteContext,
  wanted: By & { readonly name: string },
): Promise<void> {
  await setRole(context, wanted, 'administrator')
}

/** Makes an administrator of the site a plain account again. @throws {ConflictError} for the last one */
export async function unappointAdministrator(
  context: SiteContext,
  wanted: By & { readonly name: string },
): Promise<void> {
  await setRole(context, wanted, 'member')
}

async function setRole(
  context: SiteContext,
  wanted: By & { readonly name: string },
  role: 'member' | 'administrator',
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    await mustMay(trx, wanted, 'appoint-administrator')
    const account = await trx
      .selectFrom('account')
      .select(['account_no', 'role', 'active'])
      .where('name', '=', wanted.name)
      .executeTakeFirst()
    if (!account) throw new NotFoundError(`the account ${wanted.name}`)
    if (account.role === role) throw new ConflictError('role_already', `${wanted.name} is that already`)
    if (role === 'member') await mustLeaveSiteAdministrator(trx, account.account_no, 'lose the role')
    if (role === 'administrator' && !account.active) throw new NotFoundError(`an active account ${wanted.name}`)
    await run(
      trx,
      `update account set role = $2::text, credential_generation = credential_generation + 1
        where account_no = $1::int`,
      [account.account_no, role],
    )
    await run(
      trx,
      `update break_glass set ended_micros = $2::bigint
        where account_no = $1::int and ended_micros is null and expires_micros > $2::bigint`,
      [account.account_no, nowMicros],
    )
    const kind = role === 'administrator' ? 'administrator_appointed' : 'administrator_unappointed'
    await recordAudit(trx, nowMicros, [{ kind, actor: wanted.actor, detail: { account: wanted.name } }])
  })
}
