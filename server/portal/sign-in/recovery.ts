import { BadPasswordError } from '../../auth/factors/password-rules.ts'
import { NotFoundError } from '../../errors.ts'
import { askRecovery } from '../../members/recovery/ask-recovery.ts'
import { recoveryOffer, type RecoveryOffer, useRecovery } from '../../members/recovery/use-recovery.ts'
import { unansweredAsk } from '../../members/recovery/standing-vouchers-ask.ts'
import { siteSettings } from '../../site/settings.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { time } from '../components/time.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import { open, type Route } from '../route.ts'
import type { OpenVisit } from '../visit.ts'
import { deadLink } from './dead-link.ts'
import { passwordFields } from './invitation.ts'
import { vetoRoutes } from './recovery-veto.ts'
import { voucherRecoveryRoutes } from './recovery-vouchers.ts'

/** Ways back for somebody who cannot get in. */
export const recoveryRoutes: readonly Route[] = [
  open.get('/recovery', (visit) => askPage(visit, {})),
  open.post('/recovery', ask),
  open.get('/recovery/asked', askedPage),
  open.get('/recovery/done', donePage),
  ...vetoRoutes,
  ...voucherRecoveryRoutes,
  open.get('/recovery/:token', async (visit) => {
    const offer = await offerOf(visit, visit.params['token'] ?? '')
    return offer ? offerPage(visit, offer, {}) : deadLink(visit, 'deadRecovery')
  }),
  open.post('/recovery/:token', set),
]

type Mistakes = Readonly<Record<string, string>>

async function ask(visit: OpenVisit): Promise<Answer> {
  const { context, access, form: sent, network, words } = visit
  const asked = line(sent, 'name').slice(0, 254)
  if (asked === '') return askPage(visit, { name: words.invitations.cannotEmpty })
  await askRecovery(context, access, asked, network)
  return seeOther('/recovery/asked')
}

async function set(visit: OpenVisit): Promise<Answer> {
  const { context, form: sent, params, words } = visit
  const text = words.invitations
  const token = params['token'] ?? ''
  const offer = await offerOf(visit, token)
  if (!offer) return deadLink(visit, 'deadRecovery')
  if (isEarly(offer, visit)) return offerPage(visit, offer, {})
  const password = sent.get('password') ?? ''
  if (password !== sent.get('again')) return offerPage(visit, offer, { again: text.notTheSame })
  try {
    await useRecovery(context, token, password)
  } catch (error) {
    if (error instanceof BadPasswordError)
      return offerPage(visit, offer, { password: text.passwordFaults[error.fault] })
    if (error instanceof NotFoundError) return deadLink(visit, 'deadRecovery')
    throw error
  }
  return seeOther('/recovery/done')
}

/** A link that leads to no account shows what one shows that nobody has approved yet. */
async function offerOf({ context }: OpenVisit, token: string): Promise<RecoveryOffer | undefined> {
  return (await recoveryOffer(context, token)) ?? (await unansweredAsk(context, token))
}

function isEarly({ readyMicros, missing }: RecoveryOffer, { nowMicros }: OpenVisit): boolean {
  return readyMicros > nowMicros || missing > 0
}

function askPage(visit: OpenVisit, mistakes: Mistakes): Page {
  const { words, form: sent } = visit
  const text = words.invitations
  return page(
    text.cannotTitle,
    html`${pageHeader({ title: text.cannotTitle, lead: text.cannotLead })} ${mistakeSummary(visit, mistakes)}
      <p>${text.cannotTry}</p>
      ${form(visit, {
        action: '/recovery',
        submit: text.cannotSubmit,
        fields: textField({
          name: 'name',
          label: text.cannotName,
          value: line(sent, 'name'),
          autocomplete: 'username',
          maxLength: 254,
          required: true,
          mistake: mistakes['name'],
        }),
      })}
      <p><a href="/recovery/vouchers">${words.recoveries.askLink}</a></p>
      <p><a href="/sign-in">${text.toSignIn}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function askedPage({ words, access }: OpenVisit): Page {
  const text = words.invitations
  const { contact } = siteSettings(access)
  return page(
    text.askedTitle,
    html`${pageHeader({ title: text.askedTitle, lead: text.asked })}
      ${contact !== '' && html`<p>${text.contact(contact)}</p>`}
      <p><a href="/sign-in">${text.toSignIn}</a></p>`,
  )
}

function offerPage(visit: OpenVisit, offer: RecoveryOffer, mistakes: Mistakes): Page {
  const { words, params } = visit
  const text = words.invitations
  if (isEarly(offer, visit)) {
    return page(
      text.waitTitle,
      html`${pageHeader({ title: text.waitTitle, lead: text.wait })}
        <p>${time(visit, offer.readyMicros)} UTC</p>
        ${offer.missing > 0 && html`<p>${text.missing(offer.missing)}</p>`}`,
    )
  }
  return page(
    text.backTitle,
    html`${pageHeader({ title: text.backTitle, lead: text.backLead(offer.name) })} ${mistakeSummary(visit, mistakes)}
      <p>${offer.removesFactors ? text.backFactorsGo : text.backFactorsStay}</p>
      ${form(visit, {
        action: `/recovery/${params['token'] ?? ''}`,
        submit: text.backSubmit,
        // password managers keep the new password for the right name
        fields: [
          html`<input type="hidden" name="username" autocomplete="username" value="${offer.name}" />`,
          ...passwordFields(visit, mistakes),
        ],
      })}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function donePage({ words }: OpenVisit): Page {
  const text = words.invitations
  return page(
    text.doneTitle,
    html`${pageHeader({ title: text.doneTitle, lead: text.done })}
      <p>${text.doneLeft}</p>
      <p><a class="button" href="/sign-in">${text.toSignIn}</a></p>`,
  )
}
