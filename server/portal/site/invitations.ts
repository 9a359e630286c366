import { listInvitations, makeInvitation, withdrawInvitation } from '../../members/invitations/invitations.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import { invitationTable, inviteFields, keepInvitation, newInvitation } from '../invite-form.ts'
import { mistakeAt } from '../mistake-at.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'

/** Invitations to the site, by its administrators. */
export const siteInvitationRoutes: readonly Route[] = [
  signedIn('invite-account').get('/site/invitations', (visit) => invitationsPage(visit, {})),
  signedIn('invite-account').post('/site/invitations', invite),
  signedIn('invite-account').post('/site/invitations/:id/withdraw', async (visit) => {
    await withdrawInvitation(visit.context, { ...byOf(visit), id: visit.params['id'] ?? '' })
    visit.session.toast = visit.words.groups.withdrawn
    return seeOther('/site/invitations')
  }),
]

async function invite(visit: Visit): Promise<Answer> {
  const { form: sent, context } = visit
  const [email, displayName] = [line(sent, 'email'), line(sent, 'display_name')]
  try {
    const made = await makeInvitation(context, { ...byOf(visit), email, displayName })
    keepInvitation(visit, made.token, email)
  } catch (error) {
    return await invitationsPage(visit, mistakeAt(error, { bad_address: 'email', bad_display_name: 'display_name' }))
  }
  return seeOther('/site/invitations')
}

async function invitationsPage(visit: Visit, mistakes: Readonly<Record<string, string>>): Promise<Page> {
  const { context, nowMicros, words } = visit
  const text = words.accounts
  const listed = await listInvitations(context.database, undefined, nowMicros)
  return page(
    text.invitationsTitle,
    html`${pageHeader({ title: text.invitationsTitle, lead: text.invitationsLead })} ${mistakeSummary(visit, mistakes)}
      ${newInvitation(visit)}
      ${panel(
        text.invite,
        form(visit, {
          action: '/site/invitations',
          fields: inviteFields(visit, mistakes),
          submit: words.groups.inviteSubmit,
        }),
      )}
      ${invitationTable(visit, listed, '/site/invitations')}
      <p><a href="/site/accounts">${text.backToAccounts}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}
