import { changePassword } from '../../auth/factors/change-password.ts'
import { BadPasswordError, MAX_PASSWORD } from '../../auth/factors/password-rules.ts'
import { ConflictError, TooManyRequestsError } from '../../errors.ts'
import { siteSettings } from '../../site/settings.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import { renewSession } from '../sign-in/begin-session.ts'
import type { Visit } from '../visit.ts'
import { isPassword } from './prove.ts'
import { accountTabs } from './tabs.ts'

const PATH = '/account/password'

/** One's own password: changed, or set by whoever signed in without one so far. */
export const passwordRoutes: readonly Route[] = [
  signedIn('set-credentials').get(PATH, (visit) => passwordPage(visit)),
  signedIn('set-credentials').post(PATH, change),
]

type Mistakes = Readonly<Record<string, string>>

async function change(visit: Visit): Promise<Answer> {
  const { context, account, access, form: sent, words } = visit
  const password = sent.get('password') ?? ''
  if (password !== sent.get('again')) return passwordPage(visit, { again: words.credentials.notSame })
  try {
    // ASVS 5.0 6.2.3: the present one too, beside the proof that the act itself wants
    if (account.passwordHash !== undefined && !(await isPassword(visit, sent.get('current') ?? ''))) {
      const detail = { account: account.name, why: 'password', network: visit.network, device: visit.device }
      await context.refusals.note({ kind: 'proof_refused', actor: account.name, detail })
      return passwordPage(visit, { current: words.credentials.wrongCurrent })
    }
    const siteName = siteSettings(access).name
    await renewSession(visit, await changePassword(context, { account, password, siteName }))
  } catch (error) {
    const mistake = mistakeOf(visit, error)
    if (!mistake) throw error
    return passwordPage(visit, mistake, error instanceof TooManyRequestsError ? 429 : 422)
  }
  visit.session.toast = words.credentials.passwordChanged
  return seeOther('/account/security')
}

function mistakeOf({ words, response }: Visit, error: unknown): Mistakes | undefined {
  if (error instanceof BadPasswordError) return { password: words.credentials.faults[error.fault] }
  if (error instanceof ConflictError) return { password: words.credentials.changedMeanwhile }
  if (!(error instanceof TooManyRequestsError)) return undefined
  for (const [header, value] of Object.entries(error.headers)) response.setHeader(header, value)
  return { current: words.signIn.tooMany }
}

function passwordPage(
  visit: Visit,
  mistakes: Mistakes = {},
  status = Object.keys(mistakes).length > 0 ? 422 : 200,
): Page {
  const words = visit.words.credentials
  const has = visit.account.passwordHash !== undefined
  const title = has ? words.passwordTitle : words.passwordTitleNew
  const field = (name: string, label: string, autocomplete: string) =>
    textField({
      name,
      label,
      type: 'password',
      autocomplete,
      required: true,
      maxLength: 8 * MAX_PASSWORD,
      mistake: mistakes[name],
    })
  return page(
    title,
    html`${accountTabs(visit, 'security')}
    ${pageHeader({ title, lead: has ? words.passwordLead : words.passwordLeadNew })} ${mistakeSummary(visit, mistakes)}
    ${form(visit, {
      action: PATH,
      submit: has ? words.changePassword : words.setPassword,
      fields: [
        // hidden, so that password managers know whose password it is
        html`<input
          class="unseen"
          name="username"
          autocomplete="username"
          value="${visit.account.name}"
          tabindex="-1"
          aria-hidden="true"
          readonly
        />`,
        has && field('current', words.currentPassword, 'current-password'),
        field('password', words.newPassword, 'new-password'),
        field('again', words.again, 'new-password'),
      ],
    })}`,
    { status },
  )
}
