import { BadPasswordError } from '../../auth/factors/password-rules.ts'
import { BadRequestError, ConflictError, NotFoundError } from '../../errors.ts'
import { acceptInvitation, joinByInvitation, type Offer, offerOf } from '../../members/invitations/accept-invitation.ts'
import { siteSettings } from '../../site/settings.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { textField } from '../components/field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { open, type Route } from '../route.ts'
import { isSignedIn, type OpenVisit, type Visit } from '../visit.ts'
import { deadLink } from './dead-link.ts'
import { freshVisit } from './fresh-visit.ts'
import { proven } from './proven.ts'

/** An invitation: opening its page uses up nothing, because mail scanners open every link; only the form does. */
export const invitationRoutes: readonly Route[] = [
  open.get('/invitation/:token', async (visit) => {
    const offer = await offerOf(visit.context, tokenOf(visit))
    return offer ? offerPage(visit, offer, {}) : deadLink(visit, 'deadInvitation')
  }),
  open.post('/invitation/:token', accept),
  open.post('/invitation/:token/join', join),
]

type Mistakes = Readonly<Record<string, string>>

function tokenOf({ params }: OpenVisit): string {
  return params['token'] ?? ''
}

async function accept(visit: OpenVisit): Promise<Answer> {
  const { context, form: sent, language } = visit
  const token = tokenOf(visit)
  const offer = await offerOf(context, token)
  // somebody who has signed in joins with that account: a second one for the same person is never made by mistake
  if (!offer || isSignedIn(visit)) return deadLink(visit, 'deadInvitation')
  const password = sent.get('password') ?? ''
  const wanted = { name: line(sent, 'name'), displayName: line(sent, 'display_name'), password, language }
  if (password !== sent.get('again')) {
    return offerPage(visit, offer, { again: visit.words.invitations.notTheSame })
  }
  try {
    const made = await acceptInvitation(context, token, wanted)
    const newcomer = await freshVisit(visit)
    const next = made.group === undefined ? '/' : `/groups/${made.group}`
    const answer = await proven(newcomer, { accountNo: made.accountNo, means: ['invitation'] }, next)
    return answer ?? deadLink(visit, 'deadInvitation')
  } catch (error) {
    if (error instanceof NotFoundError) return deadLink(visit, 'deadInvitation')
    return offerPage(visit, offer, mistakeOf(visit, error))
  }
}

/** What was wrong with the form, in the reader's language. @throws what is no mistake of the form */
function mistakeOf({ words }: OpenVisit, error: unknown): Mistakes {
  const text = words.invitations
  if (error instanceof BadPasswordError) return { password: text.passwordFaults[error.fault] }
  if (error instanceof ConflictError && error.code === 'name_taken') return { name: text.nameTaken }
  if (error instanceof BadRequestError && error.code === 'bad_name') return { name: text.badName }
  if (error instanceof BadRequestError && error.code === 'bad_display_name')
    return { display_name: text.badDisplayName }
  throw error
}

async function join(visit: OpenVisit): Promise<Answer> {
  const token = tokenOf(visit)
  if (!isSignedIn(visit)) return seeOther(`/invitation/${encodeURIComponent(token)}`)
  const { context, account, session, words } = visit
  const offer = await offerOf(context, token)
  if (!offer?.group) return deadLink(visit, 'deadInvitation')
  try {
    const { group } = await joinByInvitation(context, token, account)
    session.toast = words.invitations.joined(offer.group.title)
    return seeOther(`/groups/${group}`)
  } catch (error) {
    if (error instanceof NotFoundError) return deadLink(visit, 'deadInvitation')
    if (error instanceof ConflictError) return joinPage(visit, offer, words.invitations.member)
    throw error
  }
}

function offerPage(visit: OpenVisit, offer: Offer, mistakes: Mistakes): Page {
  if (isSignedIn(visit)) return joinPage(visit, offer)
  const { words, form: sent, request } = visit
  const text = words.invitations
  const path = `/invitation/${tokenOf(visit)}`
  const fields = [
    textField({
      name: 'display_name',
      label: text.displayName,
      hint: text.displayNameHint,
      value: request.method === 'GET' ? offer.displayName : line(sent, 'display_name'),
      autocomplete: 'name',
      maxLength: 100,
      mistake: mistakes['display_name'],
    }),
    textField({
      name: 'name',
      label: text.name,
      hint: text.nameHint,
      value: line(sent, 'name'),
      autocomplete: 'username',
      maxLength: 64,
      required: true,
      mistake: mistakes['name'],
    }),
    ...passwordFields(visit, mistakes),
  ]
  return page(
    text.title,
    html`${pageHeader({ title: text.title, lead: leadOf(visit, offer) })} ${mistakeSummary(visit, mistakes)}
    ${panel(text.make, form(visit, { action: path, fields, submit: text.submit }))}
    ${
      offer.group &&
      panel(text.haveAccount, html`<p><a href="/sign-in?next=${encodeURIComponent(path)}">${text.signInFirst}</a></p>`)
    }`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

/** A new password, twice: for an invitation and for the way back. */
export function passwordFields({ words }: OpenVisit, mistakes: Mistakes): readonly Html[] {
  const text = words.invitations
  const shared = { type: 'password', autocomplete: 'new-password', required: true } as const
  return [
    textField({
      ...shared,
      name: 'password',
      label: text.password,
      hint: text.passwordHint,
      mistake: mistakes['password'],
    }),
    textField({ ...shared, name: 'again', label: text.again, mistake: mistakes['again'] }),
  ]
}

function joinPage(visit: Visit, offer: Offer, problem?: string): Page {
  const text = visit.words.invitations
  return page(
    text.title,
    html`${pageHeader({ title: text.title, lead: leadOf(visit, offer) })}
      ${problem && html`<p class="mistake" role="alert">${problem}</p>`}
      <p>${text.joinAs(visit.account.name)}</p>
      ${
        offer.group
          ? actionButton(visit, {
              action: `/invitation/${tokenOf(visit)}/join`,
              label: text.join,
              tone: 'main',
            })
          : html`<p>${text.nothingToJoin}</p>`
      }
      <p>${text.notYou}</p>`,
    { status: problem === undefined ? 200 : 409 },
  )
}

function leadOf({ words, access }: OpenVisit, { madeBy, group }: Offer): string {
  const who = madeBy ?? siteSettings(access).name
  return group ? words.invitations.toGroup(who, group.title) : words.invitations.toSite(who)
}
