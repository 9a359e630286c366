import { isClosedToRequests, openToRequests } from '../../members/invitations/admission-requests-door.ts'
import { listAdmissionRequests, settleAdmission } from '../../members/invitations/admission-requests-desk.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { actionButton } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { html } from '../html.ts'
import { requestList } from '../request-list.ts'
import { rowNumberOf } from '../form.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { memberTabs } from './member-tabs.ts'

const PATH = '/groups/:group/requests'

/** Requests from outside to be let into a group: for its administrators. */
export const groupRequestRoutes: readonly Route[] = [
  inGroup('see-requests').get(PATH, requestsPage),
  inGroup('see-requests').post(`${PATH}/door`, turnDoor),
  inGroup('see-requests').post(`${PATH}/:request/invited`, (visit) => settleOne(visit, 'invited')),
  inGroup('see-requests').post(`${PATH}/:request/nominated`, (visit) => settleOne(visit, 'nominated')),
  inGroup('see-requests').post(`${PATH}/:request/declined`, (visit) => settleOne(visit, 'declined')),
]

async function requestsPage(visit: GroupVisit): Promise<Page> {
  const { context, group, words, access, pages } = visit
  const text = words.requests
  const base = `/groups/${group.name}/requests`
  const requests = await listAdmissionRequests(context.database, group.groupNo)
  const isOpen = !isClosedToRequests(access, group)
  return page(
    `${text.title} · ${group.title}`,
    html`${pageHeader({ title: text.title, lead: group.title })} ${memberTabs(visit, 'requests')}
    ${requestList(
      visit,
      requests,
      base,
      ({ requestNo, name }) =>
        pages.has('/groups/:group/nominate') &&
        actionButton(visit, { action: `${base}/${requestNo}/nominated`, label: text.nominate, about: name }),
    )}
    ${panel(
      text.door,
      html`<p>${isOpen ? text.doorOpen : text.doorShut}</p>
        ${actionButton(visit, {
          action: `${base}/door`,
          label: isOpen ? text.shutDoor : text.openDoor,
          fields: { open: isOpen ? 'no' : 'yes' },
        })}`,
    )}`,
  )
}

async function settleOne(visit: GroupVisit, outcome: 'invited' | 'nominated' | 'declined'): Promise<Answer> {
  const { context, group, params, session, words } = visit
  const requestNo = rowNumberOf(params['request'])
  await settleAdmission(context, { ...byOf(visit), group: group.name, requestNo, outcome })
  if (outcome === 'nominated') return seeOther(`/groups/${group.name}/nominate?request=${requestNo}`)
  session.toast = words.requests.done[outcome]
  return seeOther(`/groups/${group.name}/requests`)
}

async function turnDoor(visit: GroupVisit): Promise<Answer> {
  const { context, group, form } = visit
  await openToRequests(context, { ...byOf(visit), group: group.name, isOpen: form.get('open') === 'yes' })
  return seeOther(`/groups/${group.name}/requests`)
}
