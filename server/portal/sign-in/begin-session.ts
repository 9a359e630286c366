import { KNOWN_BROWSER_MICROS, knownBrowserMark } from '../../auth/sessions/known-browser.ts'
import { gaveSecondFactor, isStrong, type Means, type ProviderSession } from '../../auth/sessions/web-session.ts'
import { UnavailableError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import type { Account } from '../../storage/access.ts'
import { run } from '../../storage/database.ts'
import { COOKIES, setCookie } from '../cookies.ts'
import { newCsrf } from '../csrf.ts'
import { sessionLimits } from '../session-limits.ts'
import type { OpenVisit } from '../visit.ts'
import { placeOf } from './known-here.ts'

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
  const { accountNo, name } = account
  const isElsewhere =
    placeOf(visit, name).knownBrowser === undefined && !(await context.attempts.isFamiliar(name, visit.network))
  await context.database.transaction(async (trx) => {
    // only somebody who was here before can be somewhere new
    const before = await run(
      trx,
      'select 1 from account where account_no = $1::int and last_sign_in_micros is not null for update',
      [accountNo],
    )
    await run(trx, 'update account set last_sign_in_micros = $2::bigint where account_no = $1::int', [
      accountNo,
      nowMicros,
    ])
    if (isElsewhere && before.rows.length > 0) {
      await addNotice(trx, context, { kind: 'new-sign-in', to: { accountNo }, path: '/account/sessions' })
    }
    const detail = { account: account.name, means: means.join(' '), network: visit.network, device: visit.device }
    await recordAudit(trx, nowMicros, [{ kind: 'signed_in', actor: account.name, detail }])
  })
  await noteFamiliar(visit, account)
  const { idleMicros, lastsMicros } = sessionLimits(visit.access, account)
  await regenerate(visit)
  Object.assign(visit.session, {
    accountNo,
    credentialGeneration: account.credentialGeneration,
    means,
    signedInMicros: nowMicros,
    // what protects the account must protect a dangerous act too: a remembered device or a provider does not stand in
    provenMicros: account.secondFactor && !gaveSecondFactor(means) ? 0 : nowMicros,
    idleMicros,
    endsMicros: nowMicros + lastsMicros,
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

/** Ends the session of this visit; what is left is one of nobody, which is not kept. */
export async function endSession(visit: OpenVisit): Promise<void> {
  await regenerate(visit)
  // without an identifier express-session neither stores the new session nor sends its cookie
  Reflect.deleteProperty(visit.request, 'sessionID')
}

/** What others try elsewhere no longer stops this account here: neither in this browser nor in this network. */
async function noteFamiliar({ context, network, response, nowMicros }: OpenVisit, { name }: Account): Promise<void> {
  await context.attempts.noteFamiliar(name, network)
  const mark = knownBrowserMark(context.sessionKey, name, nowMicros)
  setCookie(context.config, response, COOKIES.knownBrowser, mark, KNOWN_BROWSER_MICROS)
}

/** Gives the session a new identifier and forgets what was in it. */
export async function regenerate({ request }: OpenVisit): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  request.session.regenerate((error: unknown) => (error ? reject(new UnavailableError()) : resolve()))
  await promise
}

/** Whether the means of a sign-in are enough for an account. */
export function isEnough(account: Account, demanded: boolean, means: readonly Means[]): boolean {
  return isStrong(means) || !(account.secondFactor || demanded)
}
