import { authenticateWith } from '../../auth/passport.ts'
import { type OidcProvider, loadProvider } from '../../auth/providers/providers.ts'
import { leaving } from '../../auth/oidc/strategy.ts'
import { redirectUri } from '../../auth/oidc/redirect-uri.ts'
import type { OutsideVisit } from '../../auth/sessions/web-session.ts'
import { NotFoundError } from '../../errors.ts'
import type { Answer } from '../answer.ts'
import { ownAddress } from '../own-address.ts'
import type { OpenVisit } from '../visit.ts'
import { mishapOf, afterMishap } from './oidc-mishap.ts'

/**
 * The OpenID provider that the path names with `:provider`.
 * @throws {NotFoundError} when there is none, or it is paused
 */
export async function providerOf({ context, params }: OpenVisit): Promise<OidcProvider> {
  const provider = await loadProvider(context, params['provider'] ?? '', 'oidc')
  if (!provider) throw new NotFoundError('this way to sign in')
  return provider
}

/**
 * Sends the visitor to a provider; the session remembers why. Whoever is to be linked, or to prove to be there again, must
 * give their credentials to the provider anew: being signed in there is not enough.
 */
export async function leaveFor(
  visit: OpenVisit,
  provider: OidcProvider,
  why: Omit<OutsideVisit, 'sinceMicros'>,
): Promise<Answer> {
  const { context, session, nowMicros } = visit
  try {
    const client = await context.openIdProviders.client(provider)
    session.outside = { ...session.outside, [provider.name]: { ...why, sinceMicros: nowMicros } }
    const exchange = {
      provider,
      client,
      redirectUri: redirectUri(ownAddress(context.config, visit.request), provider.name),
    }
    await authenticateWith(leaving(exchange, why.purpose !== 'sign-in'), visit)
  } catch (error) {
    return await afterMishap(visit, provider, mishapOf(error), why, error)
  }
  // express-session has stored the session before passport's redirect went out
  return { kind: 'sent' }
}
