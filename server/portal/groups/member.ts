import { GROUP_ROLES, type GroupRole } from '../../../policies/roles.ts'
import { ConflictError, NotFoundError } from '../../errors.ts'
import { findMember, type ListedMember } from '../../members/list-members.ts'
import { blockMember, reinstateMember, removeMember } from '../../members/departures.ts'
import { giveRole, takeRole } from '../../members/memberships.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { confirm } from '../components/confirm.ts'
import { facts } from '../components/facts.ts'
import { actionButton } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import { sentence } from '../refusal.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'
import { stateBadge } from './members.ts'

const ONE = '/groups/:group/members/:name'

/** One member, for those who manage members and roles. */
export const memberRoutes: readonly Route[] = [
  inGroup('manage-members').get(ONE, async (visit) => memberPage(visit, await memberOf(visit))),
  inGroup('manage-members').post(`${ONE}/block`, (visit) =>
    act(visit, blockMember, (name) => visit.words.groups.done.blocked(name)),
  ),
  inGroup('manage-members').post(`${ONE}/reinstate`, (visit) =>
    act(visit, reinstateMember, (name) => visit.words.groups.done.reinstated(name)),
  ),
  inGroup('manage-members').get(`${ONE}/remove`, async (visit) => removePage(visit, await memberOf(visit))),
  inGroup('manage-members').post(`${ONE}/remove`, (visit) =>
    act(visit, removeMember, (name) => visit.words.groups.done.removed(name), `/groups/${visit.group.name}/members`),
  ),
  inGroup('assign-roles').post(`${ONE}/roles/:role/give`, (visit) => changeRole(visit, giveRole, 'given')),
  inGroup('assign-roles').post(`${ONE}/roles/:role/take`, (visit) => changeRole(visit, takeRole, 'taken')),
]

/** By group and name together: a name of another group finds nothing. */
async function memberOf({ context, group, params }: GroupVisit): Promise<ListedMember> {
  const member = await findMember(context.database, group.groupNo, 'administrator', params['name'] ?? '')
  if (!member) throw new NotFoundError('this page')
  return member
}

/** Does one thing with the member and says so; what the last administrator may not lose is told on the same page. */
async function act(
  visit: GroupVisit,
  use: typeof reinstateMember,
  said: (name: string) => string,
  next?: string,
): Promise<Answer> {
  const member = await memberOf(visit)
  const { group, context, session } = visit
  try {
    await use(context, { ...byOf(visit), group: group.name, account: member.name })
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    return memberPage(visit, member, sentence(error.message))
  }
  session.toast = said(member.displayName)
  // whoever took their own role or membership may not see this page again
  if (member.accountNo === visit.account.accountNo) return seeOther('/')
  return seeOther(next ?? `/groups/${group.name}/members/${member.name}`)
}

async function changeRole(visit: GroupVisit, use: typeof giveRole, done: 'given' | 'taken'): Promise<Answer> {
  const role = GROUP_ROLES.find((each) => each === visit.params['role'])
  if (!role) throw new NotFoundError('this page')
  const { words } = visit
  return await act(
    visit,
    (context, wanted) => use(context, { ...wanted, role }),
    (name) => words.groups.done[done](name, words.shell.roles[role]),
  )
}

function memberPage(visit: GroupVisit, member: ListedMember, problem?: string): Page {
  const { words, group, account } = visit
  const text = words.groups
  const own = member.accountNo === account.accountNo
  return page(
    `${member.displayName} · ${group.title}`,
    html`${pageHeader({ title: member.displayName, lead: own ? text.thatIsYou : member.displayName === member.name ? group.title : member.name })}
      ${
        problem &&
        html`<div class="mistakes" role="alert">
          <h2>${text.cannot}</h2>
          <p>${problem}</p>
        </div>`
      }
      ${facts([
        [text.state, stateBadge(visit, member)],
        [text.since, time(visit, member.sinceMicros)],
      ])}
      ${member.state === 'suspended' && html`<p>${text.suspendedNote}</p>`}
      ${may(visit, 'assign-roles') && panel(text.roles, rolesTable(visit, member))}
      ${panel(member.state === 'blocked' ? text.reinstate : text.block, pauseOrResume(visit, member))}
      ${panel(
        text.remove,
        html`<p>${text.removeConsequence}</p>
          <p>
            <a class="button danger" href="/groups/${group.name}/members/${member.name}/remove">${text.remove}</a>
          </p>`,
      )}
      <p><a href="/groups/${group.name}/members">${text.backToMembers}</a></p>`,
    { status: problem === undefined ? 200 : 409 },
  )
}

function pauseOrResume(visit: GroupVisit, member: ListedMember): Html {
  const { groups } = visit.words
  const base = `/groups/${visit.group.name}/members/${member.name}`
  const about = member.displayName
  return member.state === 'blocked'
    ? html`<p>${groups.reinstateWhy}</p>
        ${actionButton(visit, { action: `${base}/reinstate`, label: groups.reinstate, about, tone: 'main' })}`
    : html`<p>${groups.blockWhy}</p>
        ${actionButton(visit, { action: `${base}/block`, label: groups.block, about })}`
}

function rolesTable(visit: GroupVisit, member: ListedMember): Html {
  const { groups, shell } = visit.words
  const button = (role: GroupRole) => {
    const has = member.roles.has(role)
    return actionButton(visit, {
      action: `/groups/${visit.group.name}/members/${member.name}/roles/${role}/${has ? 'take' : 'give'}`,
      label: has ? groups.take : groups.give,
      about: shell.roles[role],
    })
  }
  return html`<p>${groups.rolesLead}</p>
    ${table({
      caption: groups.roles,
      columns: [{ label: groups.role }, { label: groups.meaning }, { label: groups.state }, { label: '' }],
      rows: GROUP_ROLES.map((role) => [
        shell.roles[role],
        groups.roleMeaning[role],
        member.roles.has(role) ? groups.has : groups.hasNot,
        button(role),
      ]),
    })}`
}

function removePage(visit: GroupVisit, member: ListedMember): Page {
  const { words, group } = visit
  const text = words.groups
  const path = `/groups/${group.name}/members/${member.name}`
  return page(
    text.removeQuestion(member.displayName),
    html`${pageHeader({ title: text.remove, lead: group.title })}
    ${confirm(visit, {
      question: text.removeQuestion(member.displayName),
      consequence: text.removeConsequence,
      action: `${path}/remove`,
      submit: text.remove,
      back: { path, label: text.keep },
    })}`,
  )
}
