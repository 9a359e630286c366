import type { Means, ProviderSession } from '../../auth/web-session.ts'
import { siteSettings } from '../../site/settings.ts'
import { type Answer, ownPath, seeOther } from '../answer.ts'
import type { OpenVisit } from '../visit.ts'
import { beginSession, isEnough } from './begin-session.ts'

/** A factor that was proven, whichever way. */
export interface Proof {
  readonly accountNo: number
  /** All of this sign-in, the newest last. A passkey and a remembered device are strong by themselves. */
  readonly means: readonly Means[]
  readonly provider?: ProviderSession
}

/**
 * Every way to sign in ends here: either the session begins, or a second factor is asked for.
 * @param next a path of our own, where the visitor wanted to go
 * @returns undefined when the account may not sign in: answer as for a wrong password
 */
export async function proven(visit: OpenVisit, proof: Proof, next: string): Promise<Answer | undefined> {
  const account = visit.access.account(proof.accountNo)
  if (!account?.active) return undefined
  if (isEnough(account, siteSettings(visit.access).secondFactor, proof.means)) {
    await beginSession(visit, account, proof.means, proof.provider)
    return seeOther(ownPath(next))
  }
  visit.session.pending = {
    accountNo: account.accountNo,
    credentialGeneration: account.credentialGeneration,
    means: proof.means,
    sinceMicros: visit.nowMicros,
    next: ownPath(next),
    ...(proof.provider && { provider: proof.provider }),
  }
  return seeOther('/sign-in/second')
}
