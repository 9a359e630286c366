import { accountOf } from '../../auth/providers/first-sign-in.ts'
import { linkIdentity, useIdentity } from '../../auth/providers/identities.ts'
import type { Arrival } from '../../auth/oidc/arrival.ts'
import { redirectUri } from '../../auth/oidc/redirect-uri.ts'
import { arriving, flowKey } from '../../auth/oidc/strategy.ts'
import { refreshAttributes } from '../../auth/providers/outside-attributes.ts'
import { authenticateWith, type Outcome } from '../../auth/passport.ts'
import type { Proof } from '../../auth/proof.ts'
import { proposeMemberships } from '../../auth/providers/provider-proposals.ts'
import { noteTrouble } from '../../auth/providers/provider-trouble.ts'
import type { OidcProvider } from '../../auth/providers/providers.ts'
import { isStrong, type OutsideVisit } from '../../auth/sessions/web-session.ts'
import { ConflictError } from '../../errors.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { type Answer, ownPath, seeOther } from '../answer.ts'
import { ownAddress } from '../own-address.ts'
import type { OpenVisit } from '../visit.ts'
import { proveAgain, renewSession } from './begin-session.ts'
import { freshVisit } from './fresh-visit.ts'
import { providerOf } from './oidc-leave.ts'
import { type Mishap, mishapOf, afterMishap } from './oidc-mishap.ts'
import { proven } from './proven.ts'

/** How long somebody may take at the provider. */
const VISIT_MICROS = 15 * 60_000_000

/** What was decided about somebody who has arrived, or what went wrong. */
type Decision =
  { readonly outcome: Outcome; readonly isNew: boolean } | { readonly mishap: Mishap; readonly error: unknown }

/** Somebody comes back from a provider. */
export async function arrive(visit: OpenVisit): Promise<Answer> {
  const provider = await providerOf(visit)
  const why = begunVisit(visit, provider.name)
  if (!why) return await afterMishap(visit, provider, 'lost', { purpose: 'sign-in', next: '/' })
  const decision = await decide(visit, provider, why)
  if ('mishap' in decision) return await afterMishap(visit, provider, decision.mishap, why, decision.error)
  const { outcome, isNew } = decision
  if (outcome.kind === 'redirected') return { kind: 'sent' } // the visitor has gone
  if (outcome.kind === 'refused') return await afterMishap(visit, provider, refusal(visit, outcome.why), why)
  await noteTrouble(visit.context, provider, undefined)
  if (why.purpose === 'sign-in') {
    const answer = await proven(await freshVisit(visit), outcome.proof, why.next)
    if (!answer) return await afterMishap(visit, provider, 'nobody', why)
    if (isNew) visit.session.toast = visit.words.oidcSignIn.accountMade(provider.title)
    return answer
  }
  if (why.purpose === 'prove') await noteProof(visit, provider)
  else visit.session.toast = visit.words.oidcSignIn.linked(provider.title)
  return seeOther(ownPath(why.next))
}

async function noteProof(visit: OpenVisit, { name }: OidcProvider): Promise<void> {
  const { context, account, nowMicros } = visit
  if (!account) return
  const detail = { account: account.name, means: 'oidc', provider: name }
  await context.database.transaction((trx) =>
    recordAudit(trx, nowMicros, [{ kind: 'proof_given', actor: account.name, detail }]),
  )
  await renewSession(visit, account.credentialGeneration)
  proveAgain(visit, 'oidc')
}

/** Why this browser went to the provider, for one answer; undefined when it did not, or too long ago. */
function begunVisit({ session, account, nowMicros }: OpenVisit, name: string): OutsideVisit | undefined {
  const { outside } = session
  if (!outside || !Object.hasOwn(outside, name)) return undefined
  const { [name]: why, ...others } = outside
  session.outside = others
  const flow = session[flowKey(name)]
  if (!why || !flow || why.sinceMicros + VISIT_MICROS <= nowMicros) return undefined
  // the account that the visit was begun for, or nobody
  if (why.purpose !== 'sign-in' && why.accountNo !== account?.accountNo) return undefined
  // asked to be no older than 0 seconds, credentials must have been given since the visitor left
  const awaySeconds = Math.ceil((nowMicros - why.sinceMicros) / 1_000_000)
  if (flow.max_age !== undefined) session[flowKey(name)] = { ...flow, max_age: awaySeconds }
  return why
}

async function decide(visit: OpenVisit, provider: OidcProvider, why: OutsideVisit): Promise<Decision> {
  const { context, request } = visit
  let isNew = false
  let ourFault: unknown
  try {
    const client = await context.openIdProviders.client(provider)
    const exchange = { provider, client, redirectUri: redirectUri(ownAddress(context.config, request), provider.name) }
    const strategy = arriving(exchange, async (arrival) => {
      try {
        const whom = await whomItProves(visit, provider, why, arrival)
        isNew = typeof whom !== 'string' && whom.isNew
        return whom
      } catch (error) {
        ourFault = error
        throw error
      }
    })
    return { outcome: await authenticateWith(strategy, visit), isNew }
  } catch (error) {
    if (ourFault !== undefined) throw ourFault
    return { mishap: mishapOf(error), error }
  }
}

/** Whom an arrival proves to be there, in the light of why the visitor left; or in one word why nobody. */
async function whomItProves(
  visit: OpenVisit,
  provider: OidcProvider,
  why: OutsideVisit,
  { person, session, means }: Arrival,
): Promise<(Proof & { readonly isNew: boolean }) | Mishap> {
  const { context, account } = visit
  if (why.purpose === 'sign-in') {
    const { providerNo, name, settings } = provider
    const known = await accountOf(context, { providerNo, name, newAccounts: settings.newAccounts }, person)
    if (!known) return 'nobody'
    const { access } = await context.freshness.read()
    if (!access.account(known.accountNo)?.active) return 'nobody'
    await refreshAttributes(context, provider, known.accountNo, person)
    await proposeMemberships(context, provider, known.accountNo, person.groups)
    return { accountNo: known.accountNo, means, provider: session, isNew: known.isNew }
  }
  if (!account) return 'lost'
  const own = { accountNo: account.accountNo, means, isNew: false }
  if (why.purpose === 'prove') {
    const known = await useIdentity(context, person)
    if (known?.accountNo !== account.accountNo) return 'someone-else'
    // what protects the sign-in must protect this too
    return account.secondFactor && !isStrong(means) ? 'weak' : own
  }
  try {
    await linkIdentity(context, account, provider, person)
  } catch (error) {
    if (error instanceof ConflictError) return 'taken'
    throw error
  }
  await proposeMemberships(context, provider, account.accountNo, person.groups)
  return own
}

const WORDS: Readonly<Record<string, Mishap>> = {
  nobody: 'nobody',
  taken: 'taken',
  'someone-else': 'someone-else',
  weak: 'weak',
  lost: 'lost',
  untrusted: 'untrusted',
}

/** openid-client refuses by itself only what the provider denied, after state and `iss` were right. */
function refusal({ query }: OpenVisit, why: string): Mishap {
  if (Object.hasOwn(WORDS, why)) return WORDS[why] ?? 'untrusted'
  return query.get('error') === 'access_denied' ? 'denied' : 'untrusted'
}
