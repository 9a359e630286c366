import type { WebSession } from '../auth/sessions/web-session.ts'
import type { Access, Account } from '../storage/access.ts'

const MINUTE = 60_000_000
const HOUR = 60 * MINUTE

/** How long a session may rest and last: shorter for whoever can change what others see (ASVS 5.0 7.3). */
const LIMITS = {
  member: { idleMicros: 12 * HOUR, lastsMicros: 7 * 24 * HOUR },
  administrator: { idleMicros: 30 * MINUTE, lastsMicros: 12 * HOUR },
} as const

/** The limits of an account's sessions, by what the account may do now. */
export function sessionLimits(access: Access, account: Account): (typeof LIMITS)[keyof typeof LIMITS] {
  return isPrivileged(access, account) ? LIMITS.administrator : LIMITS.member
}

/** Whether a session is within its limits as they are now: a role that was given later shortens it. */
export function isWithinLimits(access: Access, account: Account, session: WebSession, nowMicros: number): boolean {
  const { idleMicros, lastsMicros } = sessionLimits(access, account)
  const { signedInMicros = 0, seenMicros = signedInMicros } = session
  return signedInMicros + lastsMicros > nowMicros && seenMicros + idleMicros > nowMicros
}

function isPrivileged(access: Access, account: Account): boolean {
  return (
    account.role === 'administrator' ||
    access
      .groupsOf(account.accountNo)
      .some((group) => access.membership(account.accountNo, group.groupNo)?.roles.has('group-administrator'))
  )
}
