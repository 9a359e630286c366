import type { LdapProvider } from '../../auth/providers/providers.ts'
import { ownPath, page, type Page } from '../answer.ts'
import { textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import type { OpenVisit } from '../visit.ts'

/**
 * The form of a directory.
 * @param wrong mistakes by field, or why the directory let nobody in: that stands above both fields, because it does not
 *   say which of the two it was
 */
export function ldapPage(
  visit: OpenVisit,
  { name, title }: Pick<LdapProvider, 'name' | 'title'>,
  { mistakes = {}, refusal }: { readonly mistakes?: Readonly<Record<string, string>>; readonly refusal?: string } = {},
): Page {
  const words = visit.words.ldapSignIn
  const next = ownPath(visit.form.get('next') ?? visit.query.get('next'))
  const fields = html`<input type="hidden" name="next" value="${next}" /> ${textField({
      name: 'name',
      label: words.name,
      autocomplete: 'username',
      required: true,
      maxLength: 256,
      autofocus: true,
      value: line(visit.form, 'name'),
      mistake: mistakes['name'],
    })}${textField({
      name: 'password',
      label: words.password,
      type: 'password',
      autocomplete: 'current-password',
      required: true,
      maxLength: 1024,
      mistake: mistakes['password'],
    })}`
  return page(
    words.title(title),
    html`<h1>${words.title(title)}</h1>
      <p>${words.lead(title)}</p>
      ${mistakeSummary(visit, mistakes)}
      ${refusal !== undefined && html`<div class="mistakes" role="alert"><p>${refusal}</p></div>`}
      ${form(visit, { action: `/sign-in/ldap/${name}`, fields, submit: words.submit })}
      <p><a href="/sign-in?next=${encodeURIComponent(next)}">${words.otherWays}</a></p>`,
    refusal !== undefined || Object.keys(mistakes).length > 0 ? { status: 422 } : {},
  )
}
