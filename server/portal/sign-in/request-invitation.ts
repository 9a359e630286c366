import { askAdmission, MOST } from '../../members/invitations/admission-requests.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { textArea, textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { open, type Route } from '../route.ts'
import type { OpenVisit } from '../visit.ts'

/** Somebody without an account asks to be invited. One answer for all: there is nothing to be found out here. */
export const requestInvitationRoutes: readonly Route[] = [
  open.get('/request-invitation', (visit) => askPage(visit, {})),
  open.post('/request-invitation', ask),
  open.get('/request-invitation/asked', askedPage),
]

async function ask(visit: OpenVisit): Promise<Answer> {
  const { context, access, form: sent, network } = visit
  try {
    const asked = {
      name: line(sent, 'name'),
      email: line(sent, 'email'),
      affiliation: line(sent, 'affiliation'),
      message: sent.get('message') ?? '',
      group: line(sent, 'group'),
    }
    await askAdmission(context, access, asked, network)
  } catch (error) {
    return askPage(visit, mistakeAt(error, { bad_name: 'name', bad_address: 'email', bad_message: 'message' }))
  }
  return seeOther('/request-invitation/asked')
}

function askPage(visit: OpenVisit, mistakes: Readonly<Record<string, string>>): Page {
  const { form: sent, words } = visit
  const text = words.requests
  return page(
    text.askTitle,
    html`${pageHeader({ title: text.askTitle, lead: text.askLead })} ${mistakeSummary(visit, mistakes)}
      ${form(visit, {
        action: '/request-invitation',
        submit: text.askSubmit,
        fields: [
          textField({
            name: 'name',
            label: text.name,
            value: line(sent, 'name'),
            autocomplete: 'name',
            maxLength: MOST.name,
            required: true,
            mistake: mistakes['name'],
          }),
          textField({
            name: 'email',
            label: text.email,
            hint: text.emailHint,
            type: 'email',
            value: line(sent, 'email'),
            autocomplete: 'email',
            maxLength: MOST.email,
            required: true,
            mistake: mistakes['email'],
          }),
          textField({
            name: 'affiliation',
            label: text.affiliation,
            value: line(sent, 'affiliation'),
            autocomplete: 'organization',
            maxLength: MOST.affiliation,
          }),
          textField({
            name: 'group',
            label: text.group,
            hint: text.groupHint,
            value: line(sent, 'group'),
            autocomplete: 'off',
            maxLength: MOST.group,
          }),
          textArea({
            name: 'message',
            label: text.message,
            hint: text.messageHint,
            value: sent.get('message') ?? '',
            maxLength: MOST.message,
            mistake: mistakes['message'],
          }),
        ],
      })}
      <p><a href="/sign-in">${words.invitations.toSignIn}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function askedPage({ words }: OpenVisit): Page {
  const text = words.requests
  return page(
    text.askedTitle,
    html`${pageHeader({ title: text.askedTitle, lead: text.asked })}
      <p><a href="/sign-in">${words.invitations.toSignIn}</a></p>`,
  )
}
