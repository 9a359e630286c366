import { isMailAddress } from '../../../mail/address.ts'
import { changeEmail } from '../../site/own-profile.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { accountTabs } from './tabs.ts'

/** Longest address (RFC 5321 §4.5.3.1.3). */
const MAX_EMAIL = 254

/** Where notices go. Whoever reads them can help the account back in, so a recent proof is wanted (ASVS 5.0 7.5.1). */
export const emailRoutes: readonly Route[] = [
  signedIn('set-credentials').get('/account/email', (visit) => emailPage(visit, {}, visit.account.email ?? '')),
  signedIn('set-credentials').post('/account/email', save),
]

async function save(visit: Visit): Promise<Answer> {
  const { form: sent, words, account, context, session } = visit
  const email = line(sent, 'email')
  if (email !== '' && !isMailAddress(email)) return emailPage(visit, { email: words.account.emailWrong }, email)
  await changeEmail(context, { account, email: email === '' ? undefined : email })
  session.toast = words.account.emailChanged
  return seeOther('/account')
}

function emailPage(visit: Visit, mistakes: { readonly email?: string }, value: string): Page {
  const text = visit.words.account
  return page(
    text.emailTitle,
    html`${accountTabs(visit, 'overview')} ${pageHeader({ title: text.emailTitle, lead: text.emailLead })}
      ${mistakeSummary(visit, mistakes)}
      ${form(visit, {
        action: '/account/email',
        submit: text.save,
        fields: textField({
          name: 'email',
          type: 'email',
          label: text.email,
          hint: text.emailHint,
          value,
          autocomplete: 'email',
          maxLength: MAX_EMAIL,
          mistake: mistakes.email,
        }),
      })}
      <p><a href="/account">${text.back}</a></p>`,
    { status: mistakes.email === undefined ? 200 : 422 },
  )
}
