import { sessionHash } from '../../auth/sessions/session-store.ts'
import type { PendingSignIn } from '../../auth/sessions/web-session.ts'
import type { Account } from '../../storage/access.ts'
import type { OpenVisit } from '../visit.ts'

/** How long a first factor waits for the second. */
const PENDING_MICROS = 10 * 60_000_000
/** Wrong codes of one sign-in; after that it starts anew with the first factor. */
const MOST_CODES = 5

/** A sign-in that waits for its second factor, and whose it is. */
export interface Pending {
  readonly pending: PendingSignIn
  readonly account: Account
}

/** The sign-in that is under way; undefined when there is none, when it took too long and when the account has changed. */
export function pendingOf({ session, access, nowMicros }: OpenVisit): Pending | undefined {
  const { pending } = session
  const account = pending && access.account(pending.accountNo)
  if (!pending || !account?.active || account.credentialGeneration !== pending.credentialGeneration) return undefined
  return pending.sinceMicros + PENDING_MICROS > nowMicros ? { pending, account } : undefined
}

/**
 * Counts a code of the sign-in that is under way, before it is looked at.
 * @returns false when it had its five: it has ended
 */
export async function countCode({ context, request }: OpenVisit): Promise<boolean> {
  const key = `second ${sessionHash(request.sessionID).toString('hex')}`
  return await context.attempts.countUpTo(key, MOST_CODES, PENDING_MICROS)
}
