import { GROUP_ROLES, type GroupRole } from '../../../policies/roles.ts'
import { ConflictError, NotFoundError } from '../../errors.ts'
import { reinstateMember } from '../../members/departures.ts'
import { eyesOf } from '../../members/list-members.ts'
import { type MemberView, viewMember } from '../../members/member-view.ts'
import { giveRole, takeRole } from '../../members/memberships.ts'
import { type VouchesAbout, vouchesAbout, vouchEyes } from '../../members/vouching/vouches.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
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
import { keyFacts, profilePanels, vouchPanels } from './member-profile.ts'
import { historyView } from './membership-view.ts'
import { roleNames } from './role-names.ts'
import { stateBadge } from './state-badge.ts'

const ONE = '/groups/:group/members/:name'
/** States in which somebody still wants the word of others. */
const VOUCHED_FOR = new Set<MemberView['state']>(['approved', 'inactive', 'active', 'soonidle', 'idle'])

/** One member: what they say of themself, who vouches; and for those who manage members and roles, what can be done. */
export const memberRoutes: readonly Route[] = [
  inGroup('see-members').get(ONE, async (visit) => await memberPage(visit, await shownMember(visit))),
  inGroup('manage-members').post(`${ONE}/reinstate`, (visit) =>
    act(visit, reinstateMember, (name) => visit.words.groups.done.reinstated(name)),
  ),
  inGroup('assign-roles').post(`${ONE}/roles/:role/give`, (visit) => changeRole(visit, giveRole, 'given')),
  inGroup('assign-roles').post(`${ONE}/roles/:role/take`, (visit) => changeRole(visit, takeRole, 'taken')),
]

/** By group and name together: a name of another group finds nothing. */
export async function shownMember({ context, group, params, membership, nowMicros }: GroupVisit): Promise<MemberView> {
  const eyes = eyesOf(membership)
  const name = params['name'] ?? ''
  const member = await viewMember(context.database, { groupNo: group.groupNo, name, eyes, nowMicros })
  if (!member) throw new NotFoundError('this page')
  return member
}

/** Does one thing with the member and says so; what the last administrator may not lose is told on the same page. */
async function act(visit: GroupVisit, use: typeof reinstateMember, said: (name: string) => string): Promise<Answer> {
  const member = await shownMember(visit)
  const { group, context, session } = visit
  try {
    await use(context, { ...byOf(visit), group: group.name, account: member.name })
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    return await memberPage(visit, member, sentence(error.message))
  }
  session.toast = said(member.displayName)
  // whoever took their own role or membership may not see this page again
  if (member.accountNo === visit.account.accountNo) return seeOther('/')
  return seeOther(`/groups/${group.name}/members/${member.name}`)
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

async function memberPage(visit: GroupVisit, member: MemberView, problem?: string): Promise<Page> {
  const { context, words, group, account, membership, nowMicros } = visit
  const text = words.groups
  const own = member.accountNo === account.accountNo
  const vouches = await vouchesAbout(context.database, {
    groupNo: group.groupNo,
    accountNo: member.accountNo,
    viewerNo: account.accountNo,
    eyes: vouchEyes(membership, group.policy),
    nowMicros,
  })
  const lead = own ? text.thatIsYou : member.displayName === member.name ? group.title : member.name
  return page(
    `${member.displayName} · ${group.title}`,
    html`${pageHeader({ title: member.displayName, lead, actions: actionsOf(visit, member, own, vouches) })}
      ${
        problem &&
        html`<div class="mistakes" role="alert">
          <h2>${text.cannot}</h2>
          <p>${problem}</p>
        </div>`
      }
      ${facts([
        [text.state, stateBadge(visit, member.state)],
        [text.stateSince, time(visit, member.sinceMicros)],
        [text.joined, time(visit, member.joinedMicros)],
        [text.roles, roleNames(visit, member.roles)],
        ...keyFacts(visit, member),
      ])}
      ${member.state === 'suspended' && html`<p>${text.suspendedNote}</p>`} ${profilePanels(visit, member)}
      ${vouchPanels(visit, member, vouches, own)}
      ${may(visit, 'manage-members') && panel(text.history, historyView(visit, member.history, 'other'), 'history')}
      ${may(visit, 'assign-roles') && panel(text.roles, rolesTable(visit, member))}
      ${may(visit, 'manage-members') && panel(text.departures, departures(visit, member))}
      <p><a href="/groups/${group.name}/members">${text.backToMembers}</a></p>`,
    { status: problem === undefined ? 200 : 409 },
  )
}

function actionsOf(visit: GroupVisit, member: MemberView, own: boolean, vouches: VouchesAbout): Html {
  const { words, group, pages, account, membership } = visit
  const text = words.groups
  const base = `/groups/${group.name}`
  const path = `${base}/members/${member.name}`
  const hasAssets = pages.has('/groups/:group/members/:name/assets')
  const hasVouch = vouches.shownReceived.some(({ voucherAccount }) => voucherAccount === account.name)
  const isAllowed = !group.policy.vouchByAdministratorsOnly || membership?.roles.has('group-administrator') === true
  const mayVouch = !own && isAllowed && may(visit, 'vouch') && VOUCHED_FOR.has(member.state)
  const whose = own ? `${base}/membership` : `${path}/why`
  return html`${(own || may(visit, 'manage-members')) && html`<a class="button quiet" href="${whose}">${text.why}</a>`}
  ${may(visit, 'see-assets') && hasAssets && html`<a class="button quiet" href="${path}/assets">${text.assets}</a>`}
  ${
    mayVouch &&
    html`<a class="${hasVouch ? 'button quiet' : 'button'}" href="${base}/vouch/${member.name}"
      >${hasVouch ? words.nominations.change : words.nominations.vouch}</a
    >`
  }`
}

/** Four acts that are not the same: each has its page, which says what follows. */
function departures(visit: GroupVisit, member: MemberView): Html {
  const { groups } = visit.words
  const base = `/groups/${visit.group.name}/members/${member.name}`
  const about = member.displayName
  const isOut = member.membershipState === 'blocked' || member.membershipState === 'deceased'
  return html`${
      isOut &&
      html`<p>${groups.reinstateWhy}</p>
        ${actionButton(visit, { action: `${base}/reinstate`, label: groups.reinstate, about, tone: 'main' })}`
    }
    <p class="buttons">
      ${!isOut && html`<a class="button danger" href="${base}/block">${groups.block}</a>`}
      ${member.membershipState !== 'deceased' && html`<a class="button quiet" href="${base}/memorialise">${groups.memorialise}</a>`}
      <a class="button danger" href="${base}/remove">${groups.remove}</a>
    </p>`
}

function rolesTable(visit: GroupVisit, member: MemberView): Html {
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
