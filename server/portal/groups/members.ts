import { eyesOf, type ListedMember, listMembers, MEMBERS_PAGE } from '../../members/list-members.ts'
import { type Page, page } from '../answer.ts'
import { badge } from '../components/badge.ts'
import { pageHeader } from '../components/page-header.ts'
import { pagination } from '../components/pagination.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'
import { memberTabs } from './member-tabs.ts'
import { roleNames } from './role-names.ts'

/** Who is a member: one query a page. */
export const memberListRoutes: readonly Route[] = [inGroup('see-members').get('/groups/:group/members', membersPage)]

async function membersPage(visit: GroupVisit): Promise<Page> {
  const { context, group, words, query, membership } = visit
  const text = words.groups
  const after = (query.get('after') ?? '').slice(0, 64)
  const found = await listMembers(context.database, group.groupNo, eyesOf(membership), after)
  const shown = found.slice(0, MEMBERS_PAGE)
  const manages = may(visit, 'manage-members')
  const path = `/groups/${group.name}/members`
  const last = shown.at(-1)
  return page(
    `${words.shell.members} · ${group.title}`,
    html`${pageHeader({
      title: words.shell.members,
      lead: group.title,
      actions: manages ? html`<a class="button" href="/groups/${group.name}/invite">${text.invite}</a>` : undefined,
    })}
    ${memberTabs(visit, 'members')}
    ${table({
      caption: text.membersCaption,
      columns: [
        { label: text.member },
        { label: text.roles },
        { label: text.since },
        { label: text.state },
        ...(manages ? [{ label: '' }] : []),
      ],
      rows: shown.map((member) => rowOf(visit, member, manages)),
    })}
    ${pagination(visit, {
      first: after === '' ? undefined : path,
      next: found.length > shown.length && last ? `${path}?after=${encodeURIComponent(last.name)}` : undefined,
    })}`,
  )
}

function rowOf(visit: GroupVisit, member: ListedMember, manages: boolean): readonly HtmlValue[] {
  const { groups } = visit.words
  return [
    member.displayName === member.name
      ? member.name
      : html`${member.displayName} <span class="hint">${member.name}</span>`,
    roleNames(visit, member.roles),
    time(visit, member.sinceMicros),
    stateBadge(visit, member),
    ...(manages
      ? [
          html`<a
            href="/groups/${visit.group.name}/members/${member.name}"
            aria-label="${groups.manage}: ${member.displayName}"
            >${groups.manage}</a
          >`,
        ]
      : []),
  ]
}

const TONES = {
  nominated: 'plain',
  vetted: 'plain',
  approved: 'plain',
  active: 'good',
  inactive: 'warn',
  soonidle: 'warn',
  idle: 'warn',
  failed: 'bad',
  blocked: 'bad',
  deceased: 'plain',
  suspended: 'bad',
} as const satisfies Record<ListedMember['state'], string>

/** The state of a membership, in a word. */
export function stateBadge({ words }: GroupVisit, { state }: ListedMember): Html {
  return badge(words.groups.states[state], TONES[state])
}
