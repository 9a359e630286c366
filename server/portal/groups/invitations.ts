import { listInvitations, withdrawInvitation } from '../../members/invitations/invitations.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { pageHeader } from '../components/page-header.ts'
import { html } from '../html.ts'
import { invitationTable, newInvitation } from '../invite-form.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { memberTabs } from './member-tabs.ts'

/** Who was invited into a group, and what became of it. */
export const invitationRoutes: readonly Route[] = [
  inGroup('manage-members').get('/groups/:group/invitations', invitationsPage),
  inGroup('manage-members').post('/groups/:group/invitations/:id/withdraw', withdraw),
]

async function invitationsPage(visit: GroupVisit): Promise<Page> {
  const { context, group, words, nowMicros } = visit
  const text = words.groups
  const base = `/groups/${group.name}`
  const listed = await listInvitations(context.database, group.groupNo, nowMicros)
  return page(
    `${text.invitations} · ${group.title}`,
    html`${pageHeader({
      title: text.invitations,
      lead: group.title,
      actions: html`<a class="button" href="${base}/invite">${text.invite}</a>`,
    })}
    ${memberTabs(visit, 'invitations')} ${newInvitation(visit)} ${invitationTable(visit, listed, `${base}/invitations`)}`,
  )
}

async function withdraw(visit: GroupVisit): Promise<Answer> {
  const { context, group, params, session, words } = visit
  await withdrawInvitation(context, { ...byOf(visit), group: group.name, id: params['id'] ?? '' })
  session.toast = words.groups.withdrawn
  return seeOther(`/groups/${group.name}/invitations`)
}
