import { isStrong, type Means, type ProviderSession } from '../../auth/web-session.ts'
import { UnavailableError } from '../../errors.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import type { Access, Account } from '../../storage/access.ts'
import { run } from '../../storage/database.ts'
import { newCsrf } from '../csrf.ts'
import type { OpenVisit } from '../visit.ts'

const MINUTE = 60_000_000
const HOUR = 60 * MINUTE

/** How long a session may rest and last: shorter for whoever can change what others see (ASVS 5.0 7.3). */
const LIMITS = {
  member: { idleMicros: 12 * HOUR, endsAfter: 7 * 24 * HOUR },
  administrator: { idleMicros: 30 * MINUTE, endsAfter: 12 * HOUR },
} as const

/**
 * Signs an account in: the session gets a new identifier, so that one that somebody else planted is worth nothing
 * (CVE-2022-25896), and the audit a record.
 */
export async function beginSession(
  visit: OpenVisit,
  account: Account,
  means: readonly Means[],
  provider?: ProviderSession,
): Promise<void> {
  const { context, nowMicros } = visit
  await context.database.transaction(async (trx) => {
    await run(trx, 'update account set last_sign_in_micros = $2::bigint where account_no = $1::int', [
      account.accountNo,
      nowMicros,
    ])
    const detail = { account: account.name, means: means.join(' '), network: visit.network, device: visit.device }
    await recordAudit(trx, nowMicros, [{ kind: 'signed_in', actor: account.name, detail }])
  })
  const { idleMicros, endsAfter } = isPrivileged(visit.access, account) ? LIMITS.administrator : LIMITS.member
  await regenerate(visit)
  Object.assign(visit.session, {
    accountNo: account.accountNo,
    credentialGeneration: account.credentialGeneration,
    means,
    signedInMicros: nowMicros,
    provenMicros: nowMicros,
    idleMicros,
    endsMicros: nowMicros + endsAfter,
    csrf: newCsrf(),
    device: visit.device,
    network: visit.network,
    ...(provider && { provider }),
  })
}

/**
 * Gives the session a new identifier after its owner changed a credential; every other session of the account ends by
 * itself, because the account's generation was raised.
 * @param credentialGeneration of the account after the change
 */
export async function renewSession(visit: OpenVisit, credentialGeneration: number): Promise<void> {
  const { storedMicros: _stored, cookie: _cookie, ...data } = visit.session
  await regenerate(visit)
  Object.assign(visit.session, data, { credentialGeneration, csrf: newCsrf(), provenMicros: visit.nowMicros })
}

/** Notes that a factor was proven again, and with what. */
export function proveAgain({ session, nowMicros }: OpenVisit, means: Means): void {
  session.provenMicros = nowMicros
  session.means = [...new Set([...(session.means ?? []), means])]
}

/** Ends the session of this visit. */
export async function endSession({ request }: OpenVisit): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  request.session.destroy((error: unknown) => (error ? reject(new UnavailableError()) : resolve()))
  await promise
}

async function regenerate({ request }: OpenVisit): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  request.session.regenerate((error: unknown) => (error ? reject(new UnavailableError()) : resolve()))
  await promise
}

function isPrivileged(access: Access, account: Account): boolean {
  return (
    account.role === 'administrator' ||
    access
      .groupsOf(account.accountNo)
      .some((group) => access.membership(account.accountNo, group.groupNo)?.roles.has('group-administrator'))
  )
}

/** Whether the means of a sign-in are enough for an account. */
export function isEnough(account: Account, demanded: boolean, means: readonly Means[]): boolean {
  return isStrong(means) || !(account.secondFactor || demanded)
}
