import { NotFoundError } from '../../errors.ts'
import { explainMembership } from '../../members/explain.ts'
import { findMember } from '../../members/list-members.ts'
import { type Page, page } from '../answer.ts'
import { pageHeader } from '../components/page-header.ts'
import { html } from '../html.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'
import { explanationView } from './membership-view.ts'

/** Why a membership is in its state: one's own, and for administrators anybody's. */
export const membershipRoutes: readonly Route[] = [
  inGroup('see-own-membership').get('/groups/:group/membership', ownPage),
  inGroup('manage-members').get('/groups/:group/members/:name/why', whyPage),
]

async function ownPage(visit: GroupVisit): Promise<Page> {
  const { context, group, account, words, nowMicros } = visit
  const { membership: text, groups, profile } = words
  const whose = { groupNo: group.groupNo, accountNo: account.accountNo, eyes: 'member', nowMicros } as const
  const explained = await explainMembership(context.database, whose)
  return page(
    `${text.title} · ${group.title}`,
    html`${pageHeader({ title: text.title, lead: text.lead(group.title) })} ${explanationView(visit, explained, 'own')}
      <p class="buttons">
        <a class="button quiet" href="/groups/${group.name}/you">${profile.entryTitle}</a>
        ${may(visit, 'leave-group') && html`<a class="button quiet" href="/groups/${group.name}/leave">${groups.leave}</a>`}
      </p>`,
  )
}

async function whyPage(visit: GroupVisit): Promise<Page> {
  const { context, group, params, words, nowMicros } = visit
  const { membership: text, groups } = words
  const member = await findMember(context.database, group.groupNo, 'administrator', params['name'] ?? '')
  if (!member) throw new NotFoundError('this page')
  const whose = { groupNo: group.groupNo, accountNo: member.accountNo, eyes: 'administrator', nowMicros } as const
  const explained = await explainMembership(context.database, whose)
  return page(
    `${text.titleOf(member.displayName)} · ${group.title}`,
    html`${pageHeader({ title: text.titleOf(member.displayName), lead: text.lead(group.title) })}
      ${explanationView(visit, explained, 'other')}
      <p><a href="/groups/${group.name}/members/${member.name}">${groups.backToMember(member.displayName)}</a></p>`,
  )
}
