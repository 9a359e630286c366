import { identitiesOf, type LinkedIdentity } from '../../auth/providers/identities.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** For an account that has nothing of its own to prove it with: the directories and providers that it signs in with. */
export async function outsideProofs({ context, account, words }: Visit, next: string): Promise<Html> {
  const linked = (await identitiesOf(context.database, account.accountNo)).filter(({ active }) => active)
  if (linked.length === 0) return html`<p>${words.credentials.proveNothing}</p>`
  const query = encodeURIComponent(next)
  return html`<div class="buttons">
    ${linked.map(
      (identity) =>
        html`<a class="button" href="${pathOf(identity)}?next=${query}"
          >${words.credentials.proveWith(identity.title)}</a
        >`,
    )}
  </div>`
}

/** A directory has no other way than to sign in again, which gives a new session with a new proof. */
function pathOf({ kind, provider }: LinkedIdentity): string {
  return kind === 'oidc' ? `/account/prove/oidc/${provider}` : `/sign-in/ldap/${provider}`
}
