import type { Context } from '../../context.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { spendToken } from '../../storage/spent-tokens.ts'
import { endSessionsOfProvider } from '../../storage/web-sessions.ts'
import { loadProvider } from '../providers/providers.ts'
import { readLogoutToken } from './logout-token.ts'

type LogoutContext = Pick<Context, 'database' | 'seal' | 'clock' | 'openIdProviders' | 'refusals'>

/**
 * Ends the sessions of somebody who has signed out at a provider, on every process with their next request (OpenID
 * Connect Back-Channel Logout 1.0).
 * @returns whether the token was good; one that was sent before is not
 */
export async function logOutByProvider(context: LogoutContext, name: string, token: string): Promise<boolean> {
  const provider = await loadProvider(context, name, 'oidc')
  if (!provider) return false
  const nowMicros = context.clock.nowMicros()
  const read = await readLogoutToken(context.openIdProviders, provider, token, nowMicros)
  if (typeof read === 'string') return await refused(context, name, read)
  const isNew = await context.database.transaction(async (trx) => {
    if (!(await spendToken(trx, read, nowMicros))) return false
    const sessions = await endSessionsOfProvider(trx, read)
    await recordAudit(trx, nowMicros, [
      { kind: 'signed_out_by_provider', actor: 'system', detail: { provider: name, sessions } },
    ])
    return true
  })
  return isNew || (await refused(context, name, 'replayed'))
}

async function refused({ refusals }: LogoutContext, provider: string, why: string): Promise<false> {
  await refusals.note({ kind: 'logout_refused', actor: 'anonymous', detail: { provider, why } })
  return false
}
