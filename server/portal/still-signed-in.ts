import { sessionHash } from '../auth/sessions/session-store.ts'
import { ForbiddenError } from '../errors.ts'
import { findSession } from '../storage/web-sessions.ts'
import type { OpenVisit } from './visit.ts'

/**
 * Refuses a form whose sender was signed out while it was on its way: who comes was decided by its head, and a body that is
 * sent slowly must not outlive a suspension, a new credential or a session that its owner has ended.
 * @throws {ForbiddenError} when the session has ended since
 */
export async function mustStillBeSignedIn({ context, account, request }: OpenVisit): Promise<void> {
  if (!account) return
  const { access } = await context.freshness.read()
  const now = access.account(account.accountNo)
  if (now?.active && now.credentialGeneration === account.credentialGeneration) {
    const nowMicros = context.clock.nowMicros()
    if (await findSession(context.database, sessionHash(request.sessionID), nowMicros)) return
  }
  throw new ForbiddenError('This sign-in ended while the form was on its way: sign in and send it again.')
}
