import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client'
import { OidcTrouble } from '../../auth/oidc/trouble.ts'
import type { OidcProvider } from '../../auth/providers/providers.ts'
import { noteTrouble } from '../../auth/providers/provider-trouble.ts'
import type { OutsideVisit } from '../../auth/sessions/web-session.ts'
import { type Answer, ownPath, type Page, page, seeOther } from '../answer.ts'
import { html } from '../html.ts'
import type { OpenVisit } from '../visit.ts'

/**
 * Why a visit to a provider came to nothing. `lost`: it was not begun in this browser, or long ago; `untrusted`: what came
 * back is not what this provider would send; `nobody`: it is, but no account here may sign in with it; `weak`: one factor was
 * proven where the account has two.
 */
const MISHAPS = [
  'lost',
  'denied',
  'unreachable',
  'clock',
  'setup',
  'untrusted',
  'nobody',
  'taken',
  'someone-else',
  'weak',
] as const

/** One of the ways in which a visit to a provider comes to nothing. */
export type Mishap = (typeof MISHAPS)[number]

/** The provider's own faults: those who look after it are told. */
const TROUBLES: ReadonlySet<Mishap> = new Set(['unreachable', 'clock', 'setup'])

/** What the provider says of a visit that it ended itself (RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6). */
const SAID: Readonly<Record<string, Mishap>> = {
  access_denied: 'denied',
  login_required: 'denied',
  interaction_required: 'denied',
  consent_required: 'denied',
  account_selection_required: 'denied',
  server_error: 'unreachable',
  temporarily_unavailable: 'unreachable',
}

/** Codes of openid-client for a provider that does not answer, or not as one. */
const NO_ANSWER: ReadonlySet<string | undefined> = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
])

/**
 * What a failure of openid-client means to the visitor.
 * @throws the failure itself when it is none of the exchange with the provider
 */
export function mishapOf(error: unknown): Mishap {
  if (error instanceof AuthorizationResponseError) return SAID[error.error] ?? 'setup'
  if (error instanceof ResponseBodyError) {
    // of a code that is spent, somebody else's, or fetched with another verifier (RFC 6749 §5.2)
    if (error.error === 'invalid_grant') return 'untrusted'
    return error.status >= 500 ? 'unreachable' : 'setup'
  }
  if (error instanceof ClientError) {
    if (error.code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') return 'clock'
    if (error.cause instanceof OidcTrouble) return error.cause.kind
    if (NO_ANSWER.has(error.code) || error.code === undefined) return 'unreachable'
    return 'untrusted'
  }
  if (error instanceof OidcTrouble) return error.kind
  // what fetch throws when nobody answers, and when the deadline is over
  if (error instanceof TypeError && error.cause !== undefined) return 'unreachable'
  if (error instanceof DOMException) return 'unreachable'
  throw error
}

/**
 * Notes a mishap and leads to {@link mishapPage}: an address of its own, so that the code and the state of the callback do
 * not stay in the address bar and in links of the page. The log has the rest, but no tokens and codes either.
 */
export async function afterMishap(
  visit: OpenVisit,
  provider: OidcProvider,
  mishap: Mishap,
  why: Pick<OutsideVisit, 'purpose' | 'next'>,
  error?: unknown,
): Promise<Answer> {
  const { context, account, network, device } = visit
  const detail = { provider: provider.name, why: mishap, purpose: why.purpose, network, device }
  context.log.info({ provider: provider.name, why: mishap, errors: messagesOf(error) }, 'a visit to a provider failed')
  await context.refusals.note({ kind: 'sign_in_refused', actor: account?.name ?? 'anonymous', detail })
  if (TROUBLES.has(mishap)) await noteTrouble(context, provider, mishap)
  const query = new URLSearchParams({ why: mishap, purpose: why.purpose, next: why.next })
  return seeOther(`/sign-in/oidc/${provider.name}/failed?${query.toString()}`)
}

/** Says what happened, why, and what to do: one of our own sentences, whatever the address says. */
export function mishapPage({ query, words: { oidcSignIn: words } }: OpenVisit, provider: OidcProvider): Page {
  const mishap = MISHAPS.find((each) => each === query.get('why')) ?? 'lost'
  const next = ownPath(query.get('next'))
  const purpose = query.get('purpose') ?? 'sign-in'
  const again =
    purpose === 'sign-in'
      ? html`<a class="button" href="/sign-in/oidc/${provider.name}?next=${encodeURIComponent(next)}"
            >${words.again(provider.title)}</a
          >
          <a class="button quiet" href="/sign-in?next=${encodeURIComponent(next)}">${words.otherWays}</a>`
      : html`<a class="button" href="${next}">${words.back}</a>`
  const title = purpose === 'link' ? words.linkFailed(provider.title) : words.failed(provider.title)
  return page(
    title,
    html`<h1>${title}</h1>
      <p>${words.mishaps[mishap](provider.title)}</p>
      <p class="buttons">${again}</p>`,
    { status: TROUBLES.has(mishap) ? 503 : 403 },
  )
}

/** The messages of an error and its causes: they name the check that failed. Their data may hold tokens and is left out. */
function messagesOf(error: unknown): readonly string[] {
  const messages: string[] = []
  for (let each = error; each instanceof Error && messages.length < 5; each = each.cause) messages.push(each.message)
  return messages
}
