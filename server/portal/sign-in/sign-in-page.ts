import { activeProviders } from '../../auth/providers/providers.ts'
import { MAX_PASSWORD } from '../../auth/factors/password-rules.ts'
import { ownPath, type Page, page } from '../answer.ts'
import { textField } from '../components/field.ts'
import { form } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { siteSettings } from '../../site/settings.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import type { OpenVisit } from '../visit.ts'
import { passkeyLink } from './passkey-button.ts'

/** Longer than any account's name. */
const MAX_NAME = 64

/** What stands above the form. */
interface SignInSaying {
  /** Calm: a session has ended. */
  readonly note?: string | undefined
  /** Why the last try did not let anybody in: one sentence for all reasons. */
  readonly mistake?: string | undefined
  readonly status?: number
}

/** Name and password, and every other way to sign in. */
export async function signInPage(visit: OpenVisit, { note, mistake, status = 200 }: SignInSaying = {}): Promise<Page> {
  const words = visit.words.signIn
  const next = ownPath(visit.form.get('next') ?? visit.query.get('next'))
  const { name } = siteSettings(visit.access)
  return page(
    words.title,
    html`${pageHeader({ title: words.titleOf(name) })} ${note && html`<p class="note" role="status">${note}</p>`}
      ${mistake && html`<div class="mistakes" role="alert">${mistake}</div>`}
      ${form(visit, {
        action: '/sign-in',
        submit: words.submit,
        fields: [
          html`<input type="hidden" name="next" value="${next}" />`,
          textField({
            name: 'name',
            label: words.name,
            value: line(visit.form, 'name').slice(0, MAX_NAME),
            autocomplete: 'username webauthn',
            required: true,
            maxLength: MAX_NAME,
            autofocus: true,
          }),
          textField({
            name: 'password',
            label: words.password,
            type: 'password',
            autocomplete: 'current-password',
            required: true,
            maxLength: 8 * MAX_PASSWORD,
          }),
        ],
      })}
      ${await otherWays(visit, next)}
      <p><a href="/recovery">${words.cannotSignIn}</a></p>
      <p><a href="/request-invitation">${visit.words.requests.askLink}</a></p>`,
    { status },
  )
}

async function otherWays(visit: OpenVisit, next: string): Promise<Html> {
  const words = visit.words.signIn
  const providers = await activeProviders(visit.context.database)
  const query = encodeURIComponent(next)
  return html`<section class="other-ways">
    <h2>${words.otherWays}</h2>
    <div class="buttons">
      ${passkeyLink(visit, next)}
      ${providers.map(
        ({ name, kind, title }) =>
          html`<a class="button quiet" href="/sign-in/${kind}/${name}?next=${query}">${words.signInWith(title)}</a>`,
      )}
    </div>
  </section>`
}
