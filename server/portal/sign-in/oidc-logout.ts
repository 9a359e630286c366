import { buildEndSessionUrl } from 'openid-client'
import { logOutByProvider } from '../../auth/oidc/back-channel-logout.ts'
import { signedOutUri } from '../../auth/oidc/redirect-uri.ts'
import { type Answer, page, seeOther } from '../answer.ts'
import { html } from '../html.ts'
import { ownAddress } from '../own-address.ts'
import type { OpenVisit } from '../visit.ts'
import { providerOf } from './oidc-leave.ts'
import { mishapOf } from './oidc-mishap.ts'

/**
 * A provider says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0 §2.5): 200 when the token was
 * good, 400 for every other, without saying why.
 */
export async function takeLogout({ context, params, form, response }: OpenVisit): Promise<Answer> {
  const tokens = form.getAll('logout_token')
  const [token] = tokens
  const isGood = token !== undefined && tokens.length === 1 && (await logOut(context, params['provider'] ?? '', token))
  response.writeHead(isGood ? 200 : 400, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
  response.end(isGood ? '{}' : '{"error":"invalid_request"}')
  return { kind: 'sent' }
}

async function logOut(context: OpenVisit['context'], name: string, token: string): Promise<boolean> {
  try {
    return await logOutByProvider(context, name, token)
  } catch (error) {
    // its keys cannot be had just now: nothing was spent, the provider may send the same token again
    context.log.warn({ provider: name, why: mishapOf(error) }, 'a sign-out of a provider could not be checked')
    return false
  }
}

/**
 * Where somebody goes after signing out here: where the provider's own sign-out is offered when the session began there.
 * A redirect from the form to the provider would be stopped by our form-action, and nobody may want it.
 */
export function afterSignOut({ session }: OpenVisit): string {
  const name = session.provider?.provider
  return name === undefined ? '/sign-in' : `/sign-in/oidc/${name}/signed-out`
}

/** Says that the sign-out is done here, and offers the one at the provider (OpenID Connect RP-Initiated Logout 1.0). */
export async function signedOutPage(visit: OpenVisit): Promise<Answer> {
  const provider = await providerOf(visit)
  const url = await endSessionUrl(visit)
  if (url === undefined) return seeOther('/sign-in')
  const words = visit.words.oidcSignIn
  return page(
    words.signedOut,
    html`<h1>${words.signedOut}</h1>
      <p>${words.stillThere(provider.title)}</p>
      <p class="buttons">
        <a class="button" href="${url}">${words.signOutThere(provider.title)}</a>
        <a class="button quiet" href="/sign-in">${words.signInAgain}</a>
      </p>`,
  )
}

/** Where the provider signs people out; undefined when it says nothing of it, or nothing at all just now. */
async function endSessionUrl(visit: OpenVisit): Promise<string | undefined> {
  const { context, request } = visit
  const provider = await providerOf(visit)
  try {
    const client = await context.openIdProviders.client(provider)
    if (client.serverMetadata().end_session_endpoint === undefined) return undefined
    const post_logout_redirect_uri = signedOutUri(ownAddress(context.config, request))
    return buildEndSessionUrl(client, { post_logout_redirect_uri }).href
  } catch (error) {
    context.log.info(
      { provider: provider.name, err: error instanceof Error ? error.message : 'unknown' },
      'no sign-out',
    )
    return undefined
  }
}
