import { listProposals, settleProposal } from '../../members/proposals.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { emptyState } from '../components/empty-state.ts'
import { actionButton } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { html } from '../html.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { memberTabs } from './member-tabs.ts'
import { NotFoundError } from '../../errors.ts'

/** What directories say about who belongs to a group, for its administrators to decide. */
export const proposalRoutes: readonly Route[] = [
  inGroup('manage-members').get('/groups/:group/proposals', proposalsPage),
  inGroup('manage-members').post('/groups/:group/proposals/:number/accept', (visit) => settle(visit, true)),
  inGroup('manage-members').post('/groups/:group/proposals/:number/decline', (visit) => settle(visit, false)),
]

async function proposalsPage(visit: GroupVisit): Promise<Page> {
  const { context, group, words } = visit
  const text = words.groups
  const listed = await listProposals(context.database, group.groupNo)
  const base = `/groups/${group.name}/proposals`
  const rows = listed.map((each) => [
    each.displayName === each.account
      ? each.account
      : html`${each.displayName} <span class="hint">${each.account}</span>`,
    each.provider,
    each.outsideGroup,
    time(visit, each.proposedMicros),
    html`${actionButton(visit, {
      action: `${base}/${each.proposalNo}/accept`,
      label: text.accept,
      about: each.displayName,
      tone: 'main',
    })}
    ${actionButton(visit, { action: `${base}/${each.proposalNo}/decline`, label: text.decline, about: each.displayName })}`,
  ])
  return page(
    `${text.proposals} · ${group.title}`,
    html`${pageHeader({ title: text.proposals, lead: text.proposalsLead })} ${memberTabs(visit, 'proposals')}
    ${
      rows.length === 0
        ? emptyState({ what: text.noProposals, why: text.noProposalsWhy })
        : table({
            caption: text.proposalsCaption,
            columns: [text.member, text.proposedBy, text.outsideGroup, text.proposed, ''].map((label) => ({ label })),
            rows,
          })
    }`,
  )
}

async function settle(visit: GroupVisit, accept: boolean): Promise<Answer> {
  const { context, group, params, session, words } = visit
  const number = params['number'] ?? ''
  if (!/^[1-9]\d{0,8}$/.test(number)) throw new NotFoundError('this page')
  const { account } = await settleProposal(context, {
    ...byOf(visit),
    group: group.name,
    proposalNo: Number(number),
    accept,
  })
  session.toast = words.groups[accept ? 'accepted' : 'declined'](account)
  return seeOther(`/groups/${group.name}/proposals`)
}
