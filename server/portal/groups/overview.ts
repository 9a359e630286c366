import { type Glass, glassOf } from '../../members/break-glass.ts'
import { explainMembership } from '../../members/explain.ts'
import { groupHome } from '../../members/group-home.ts'
import { listAdministrators } from '../../members/list-members.ts'
import { listProposals } from '../../members/proposals.ts'
import { type Page, page } from '../answer.ts'
import { banner } from '../components/banner.ts'
import { facts } from '../components/facts.ts'
import { actionButton } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'
import { groupNews, groupRules, ownState, waiting } from './overview-home.ts'
import { roleNames } from './role-names.ts'

/** The page of a trust group: what it is for, who looks after it, what one is in it, and who looked into it. */
export const overviewRoutes: readonly Route[] = [inGroup('see-group').get('/groups/:group', overviewPage)]

async function overviewPage(visit: GroupVisit): Promise<Page> {
  const { context, group, membership, words, account, nowMicros } = visit
  const text = words.groups
  const administrators = await listAdministrators(context.database, group.groupNo)
  const glass = await glassOf(context.database, group.groupNo)
  const whose = { groupNo: group.groupNo, accountNo: account.accountNo, eyes: 'member', nowMicros } as const
  const explained = may(visit, 'see-own-membership') ? await explainMembership(context.database, whose) : undefined
  const home = may(visit, 'see-members')
    ? await groupHome(context.database, { groupNo: group.groupNo, readerNo: account.accountNo, nowMicros })
    : undefined
  const proposals = may(visit, 'manage-members') ? await listProposals(context.database, group.groupNo) : []
  return page(
    group.title,
    html`${pageHeader({ title: group.title, actions: actionsOf(visit) })} ${glassBanners(visit, glass)}
    ${
      proposals.length > 0 &&
      banner({
        tone: 'plain',
        text: `${text.proposalsWait(proposals.length)}.`,
        link: { path: `/groups/${group.name}/proposals`, label: text.proposals },
      })
    }
    ${explained && ownState(visit, explained)} ${home && explained && waiting(visit, home)}
    ${panel(
      text.purpose,
      group.purpose === ''
        ? html`<p class="hint">${text.noPurpose}</p>`
        : group.purpose.split(/\n{2,}/).map((paragraph) => html`<p>${paragraph}</p>`),
    )}
    ${facts([
      [
        text.yourRoles,
        membership ? roleNames(visit, membership.active ? membership.roles : new Set()) : text.lookingIn,
      ],
      [
        text.administrators,
        administrators.length > 0 ? administrators.map((each) => each.displayName).join(', ') : text.noAdministrator,
      ],
      [text.secondFactor, group.secondFactor ? text.demanded : text.notDemanded],
    ])}
    ${home && groupNews(visit, home)} ${groupRules(visit)}
    ${glass.length > 0 && panel(text.glass, glassTable(visit, glass), 'glass')}`,
  )
}

function actionsOf(visit: GroupVisit): Html | undefined {
  // whoever can look at their membership leaves from there
  if (!may(visit, 'leave-group') || may(visit, 'see-own-membership')) return undefined
  return html`<a class="button quiet" href="/groups/${visit.group.name}/leave">${visit.words.groups.leave}</a>`
}

/** Whoever looks in sees it on the page, with the button that ends it; members see who does. */
function glassBanners(visit: GroupVisit, glass: readonly Glass[]): Html {
  const { words, account, group, nowMicros } = visit
  const open = glass.filter((each) => each.untilMicros > nowMicros)
  const others = open.filter((each) => each.by !== account.name)
  const own = open.some((each) => each.by === account.name)
  return html`${others.map((each) => banner({ tone: 'warn', text: words.groups.glassNow(each.displayName) }))}
  ${own && banner({ tone: 'warn', text: words.groups.glassYou })}
  ${own && actionButton(visit, { action: `/groups/${group.name}/glass/end`, label: words.groups.endGlass })}`
}

function glassTable(visit: GroupVisit, glass: readonly Glass[]): Html {
  const { groups } = visit.words
  return html`<p>${groups.glassLead}</p>
    ${table({
      caption: groups.glassCaption,
      columns: [
        { label: groups.glassWho },
        { label: groups.glassWhen },
        { label: groups.glassUntil },
        { label: groups.glassReason },
      ],
      rows: glass.map((each) => [
        each.displayName,
        time(visit, each.openedMicros),
        time(visit, each.untilMicros),
        each.reason,
      ]),
    })}`
}
