import { BadPasswordError } from '../../auth/factors/password-rules.ts'
import { NotFoundError } from '../../errors.ts'
import { useWelcome, welcomeOffer, type WelcomeOffer } from '../../members/invitations/use-welcome.ts'
import { siteSettings } from '../../site/settings.ts'
import { type Answer, type Page, page } from '../answer.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { html } from '../html.ts'
import { open, type Route } from '../route.ts'
import { isSignedIn, type OpenVisit } from '../visit.ts'
import { deadLink } from './dead-link.ts'
import { freshVisit } from './fresh-visit.ts'
import { passwordFields } from './invitation.ts'
import { proven } from './proven.ts'

/** The first way into an account that others made: opening the page uses up nothing, only the form does. */
export const welcomeRoutes: readonly Route[] = [
  open.get('/welcome/:token', async (visit) => {
    const offer = await welcomeOffer(visit.context, visit.params['token'] ?? '')
    return offer ? offerPage(visit, offer, {}) : deadLink(visit, 'deadWelcome')
  }),
  open.post('/welcome/:token', set),
]

type Mistakes = Readonly<Record<string, string>>

async function set(visit: OpenVisit): Promise<Answer> {
  const { context, form: sent, params, words, language } = visit
  const token = params['token'] ?? ''
  const offer = await welcomeOffer(context, token)
  if (!offer) return deadLink(visit, 'deadWelcome')
  if (isSignedIn(visit)) return offerPage(visit, offer, {})
  const password = sent.get('password') ?? ''
  if (password !== sent.get('again')) return offerPage(visit, offer, { again: words.invitations.notTheSame })
  try {
    const { accountNo, group } = await useWelcome(context, token, { password, language })
    const next = group === undefined ? '/' : `/groups/${group}`
    const answer = await proven(await freshVisit(visit), { accountNo, means: ['invitation'] }, next)
    return answer ?? deadLink(visit, 'deadWelcome')
  } catch (error) {
    if (error instanceof BadPasswordError) {
      return offerPage(visit, offer, { password: words.invitations.passwordFaults[error.fault] })
    }
    if (error instanceof NotFoundError) return deadLink(visit, 'deadWelcome')
    throw error
  }
}

function offerPage(visit: OpenVisit, offer: WelcomeOffer, mistakes: Mistakes): Page {
  const { words, access, params } = visit
  const text = words.welcome
  const lead = text.lead(offer.displayName || offer.name, offer.group?.title ?? siteSettings(access).name)
  if (isSignedIn(visit)) {
    return page(
      text.title,
      html`${pageHeader({ title: text.title, lead })}
        <p>${text.otherAccount(visit.account.name)}</p>`,
      { status: 409 },
    )
  }
  return page(
    text.title,
    html`${pageHeader({ title: text.title, lead })} ${mistakeSummary(visit, mistakes)}
      <p>${text.name(offer.name)}</p>
      ${form(visit, {
        action: `/welcome/${params['token'] ?? ''}`,
        submit: text.submit,
        // password managers keep the new password for the right name
        fields: [
          html`<input type="hidden" name="username" autocomplete="username" value="${offer.name}" />`,
          ...passwordFields(visit, mistakes),
        ],
      })}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}
