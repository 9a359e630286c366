import type { Proof } from '../../auth/proof.ts'
import { isRemembered } from '../../auth/sessions/remembered-devices.ts'
import { siteSettings } from '../../site/settings.ts'
import type { Account } from '../../storage/access.ts'
import { type Answer, ownPath, seeOther } from '../answer.ts'
import { cookieOf, COOKIES } from '../cookies.ts'
import type { OpenVisit } from '../visit.ts'
import { beginSession, isEnough, regenerate } from './begin-session.ts'

export type { Proof }

/**
 * Every way to sign in ends here: either the session begins, or a second factor is asked for. Where the site demands one
 * and the account has none yet, it is added before the session begins. A group that demands one asks at its own door.
 * @param next a path of our own, where the visitor wanted to go
 * @returns undefined when the account may not sign in: answer as for a wrong password
 */
export async function proven(visit: OpenVisit, proof: Proof, next: string): Promise<Answer | undefined> {
  const account = visit.access.account(proof.accountNo)
  if (!account?.active) return undefined
  const { secondFactor } = siteSettings(visit.access)
  const means = isEnough(account, secondFactor, proof.means) ? proof.means : await withDevice(visit, account, proof)
  if (isEnough(account, secondFactor, means)) {
    await beginSession(visit, account, means, proof.provider)
    return seeOther(ownPath(next))
  }
  // a new identifier already here: whoever planted the one before must not get to finish this sign-in
  await regenerate(visit)
  visit.session.pending = {
    accountNo: account.accountNo,
    credentialGeneration: account.credentialGeneration,
    means: proof.means,
    sinceMicros: visit.nowMicros,
    next: ownPath(next),
    ...(proof.provider && { provider: proof.provider }),
  }
  // so that a sign-out at the provider ends the sign-in that waits as well
  if (proof.provider) visit.session.provider = proof.provider
  return seeOther(account.secondFactor ? '/sign-in/second' : '/sign-in/enrol')
}

/** A device is remembered for the second factor that was proven on it: it is worth nothing where there is none. */
async function withDevice(visit: OpenVisit, account: Account, { means }: Proof): Promise<Proof['means']> {
  if (!account.secondFactor) return means
  const { context, request } = visit
  const secret = cookieOf(context.config, request, COOKIES.device)
  return (await isRemembered(context, account, secret)) ? [...means, 'remembered-device'] : means
}
