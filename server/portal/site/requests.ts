import {
  handOverAdmission,
  listAdmissionRequests,
  type ListedRequest,
  settleAdmission,
} from '../../members/invitations/admission-requests-desk.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { labelled } from '../components/field.ts'
import { form } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { line, rowNumberOf } from '../form.ts'
import { type Html, html } from '../html.ts'
import { requestList } from '../request-list.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'

const PATH = '/site/requests'

/** Requests to be invited that name no group, or none that takes them. */
export const siteRequestRoutes: readonly Route[] = [
  signedIn('see-site-requests').get(PATH, requestsPage),
  signedIn('see-site-requests').post(`${PATH}/:request/invited`, (visit) => settleOne(visit, 'invited')),
  signedIn('see-site-requests').post(`${PATH}/:request/declined`, (visit) => settleOne(visit, 'declined')),
  signedIn('see-site-requests').post(`${PATH}/:request/hand-over`, handOver),
]

async function requestsPage(visit: Visit): Promise<Page> {
  const text = visit.words.requests
  const requests = await listAdmissionRequests(visit.context.database, undefined)
  return page(
    text.title,
    html`${pageHeader({ title: text.title, lead: text.siteLead })}
    ${requestList(visit, requests, PATH, (request) => handOverForm(visit, request))}`,
  )
}

function handOverForm(visit: Visit, { requestNo }: ListedRequest): Html | undefined {
  const text = visit.words.requests
  const { groups } = visit.access
  if (groups.length === 0) return undefined
  const name = `group-${requestNo}`
  const options = groups.map((group) => html`<option value="${group.name}">${group.title}</option>`)
  return form(visit, {
    action: `${PATH}/${requestNo}/hand-over`,
    submit: text.handOver,
    tone: 'quiet',
    fields: labelled(
      { name, label: text.handOverTo },
      html`<select id="${name}" name="group">
        ${options}
      </select>`,
    ),
  })
}

async function settleOne(visit: Visit, outcome: 'invited' | 'declined'): Promise<Answer> {
  const { context, params, session, words } = visit
  const requestNo = rowNumberOf(params['request'])
  await settleAdmission(context, { ...byOf(visit), group: undefined, requestNo, outcome })
  session.toast = words.requests.done[outcome]
  return seeOther(PATH)
}

async function handOver(visit: Visit): Promise<Answer> {
  const { context, params, session, words } = visit
  const requestNo = rowNumberOf(params['request'])
  await handOverAdmission(context, { ...byOf(visit), requestNo, to: line(visit.form, 'group') })
  session.toast = words.requests.handedOver
  return seeOther(PATH)
}
