import { isMemberState, type MemberState } from '../../../policies/member-state.ts'
import { type DirectoryRow, type DirectorySearch, searchDirectory } from '../../members/directory.ts'
import { eyesOf, MEMBERS_PAGE, statesShownTo } from '../../members/list-members.ts'
import { awakeZones, isAwake, localTime } from '../../members/profile/awake.ts'
import { type Page, page } from '../answer.ts'
import { emptyState } from '../components/empty-state.ts'
import { checkBox, selectField, textField } from '../components/field.ts'
import { form } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { pagination } from '../components/pagination.ts'
import { table } from '../components/table.ts'
import { line } from '../form.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { languageNames, languageOptions } from './languages.ts'
import { may } from './may.ts'
import { memberTabs } from './member-tabs.ts'
import { roleNames } from './role-names.ts'
import { stateBadge } from './state-badge.ts'

/** Who is a member, with a search: one query a page. */
export const memberListRoutes: readonly Route[] = [inGroup('see-members').get('/groups/:group/members', membersPage)]

/** What was asked for, as the address says it. */
interface Asked {
  readonly q: string
  readonly language: string
  readonly airport: string
  readonly state: string
  readonly awake: boolean
  readonly after: string
}

async function membersPage(visit: GroupVisit): Promise<Page> {
  const { context, group, words, account, membership, nowMicros } = visit
  const text = words.groups
  const asked = askedOf(visit.query)
  const eyes = eyesOf(membership)
  const found = await searchDirectory(context.database, {
    groupNo: group.groupNo,
    readerNo: account.accountNo,
    eyes,
    nowMicros,
    search: searchOf(asked, nowMicros),
  })
  const shown = found.slice(0, MEMBERS_PAGE)
  const path = `/groups/${group.name}/members`
  const last = shown.at(-1)
  return page(
    `${words.shell.members} · ${group.title}`,
    html`${pageHeader({ title: words.shell.members, lead: group.title, actions: actionsOf(visit) })}
    ${memberTabs(visit, 'members')} ${searchForm(visit, asked, statesShownTo(eyes))}
    ${
      shown.length === 0
        ? emptyState({
            what: text.nobodyFits,
            why: text.nobodyFitsWhy,
            action: html`<a class="button quiet" href="${path}">${text.showAll}</a>`,
          })
        : table({
            caption: text.membersCaption,
            columns: [
              { label: text.member },
              { label: text.affiliation },
              { label: text.airport },
              { label: text.localTime },
              { label: text.languages },
              { label: text.vouches, numeric: true },
              { label: text.key },
              { label: text.state },
            ],
            rows: shown.map(rowMaker(visit)),
          })
    }
    ${pagination(visit, {
      first: asked.after === '' ? undefined : pathOf(path, { ...asked, after: '' }),
      next: found.length > shown.length && last ? pathOf(path, { ...asked, after: last.name }) : undefined,
    })}`,
  )
}

function askedOf(query: URLSearchParams): Asked {
  return {
    q: line(query, 'q').slice(0, 100),
    language: /^[a-z]{2}$/.exec(query.get('language') ?? '')?.[0] ?? '',
    airport: /^[A-Z]{3}$/.exec(line(query, 'airport').toUpperCase())?.[0] ?? '',
    state: line(query, 'state').slice(0, 20),
    awake: query.has('awake'),
    after: line(query, 'after').slice(0, 64),
  }
}

function searchOf({ q, language, airport, state, awake, after }: Asked, nowMicros: number): DirectorySearch {
  return {
    text: q,
    language,
    airport,
    state: isMemberState(state) ? state : undefined,
    zones: awake ? awakeZones(nowMicros) : undefined,
    after,
  }
}

function pathOf(base: string, { awake, ...texts }: Asked): string {
  const entries = Object.entries({ ...texts, awake: awake ? 'on' : '' }).filter(([, value]) => value !== '')
  const given = new URLSearchParams(entries).toString()
  return given === '' ? base : `${base}?${given}`
}

function actionsOf(visit: GroupVisit): Html {
  const { words, group, pages } = visit
  const text = words.groups
  const link = (path: string, label: string) =>
    pages.has(path.replace(`/${group.name}/`, '/:group/')) && html`<a class="button quiet" href="${path}">${label}</a>`
  const base = `/groups/${group.name}`
  return html`${may(visit, 'see-vouches') && link(`${base}/graph`, text.graph)} ${link(`${base}/cards`, text.cards)}
  ${may(visit, 'manage-members') && html`<a class="button" href="${base}/invite">${text.invite}</a>`}`
}

function searchForm(visit: GroupVisit, asked: Asked, states: readonly MemberState[]): Html {
  const { words, group, language } = visit
  const text = words.groups
  return form(visit, {
    action: `/groups/${group.name}/members`,
    method: 'get',
    tone: 'quiet',
    submit: text.find,
    fields: html`${textField({ name: 'q', label: text.search, value: asked.q, type: 'search', maxLength: 100 })}
    ${selectField({
      name: 'language',
      label: text.language,
      value: asked.language,
      options: [['', text.anyLanguage], ...languageOptions(language)],
    })}
    ${textField({ name: 'airport', label: text.airport, value: asked.airport, maxLength: 3, autocomplete: 'off' })}
    ${selectField({
      name: 'state',
      label: text.state,
      value: asked.state,
      options: [['', text.anyState], ...states.map((state) => [state, text.states[state]] as const)],
    })}
    ${checkBox({ name: 'awake', label: text.awakeNow, checked: asked.awake })}`,
  })
}

function rowMaker(visit: GroupVisit): (row: DirectoryRow) => readonly HtmlValue[] {
  const { groups } = visit.words
  const base = `/groups/${visit.group.name}/members/`
  const marks = {
    none: '',
    good: html`<abbr title="${groups.keyMeaning}">${groups.keys.good}</abbr>`,
    expired: groups.keys.expired,
    revoked: groups.keys.revoked,
  }
  // few states, zones and sets of languages stand in many rows
  const badgeOf = remembering((state: DirectoryRow['state']) => stateBadge(visit, state))
  const languagesOf = remembering((kept: string) => languageNames(kept, visit.language))
  const timeIn = remembering((zone: string) => {
    const time = localTime(zone, visit.nowMicros)
    return isAwake(zone, visit.nowMicros) ? time : `${time} ${groups.asleep}`
  })
  return (row) => {
    const note = [
      ...(row.displayName === row.name ? [] : [row.name]),
      ...(row.roles.size > 0 ? [roleNames(visit, row.roles)] : []),
    ].join(' · ')
    return [
      html`<a href="${base}${row.name}">${row.displayName}</a
        >${note !== '' && html` <span class="hint">${note}</span>`}`,
      row.affiliation,
      row.airport,
      timeIn(row.timeZone),
      languagesOf(row.languages),
      vouchesOf(visit, row),
      marks[row.key],
      badgeOf(row.state),
    ]
  }
}

/** The same answers, each found out once. */
function remembering<Key, Value>(find: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return (key) => {
    const found = known.get(key) ?? find(key)
    known.set(key, found)
    return found
  }
}

/** Bold, with words for those who do not see it, where the reader is the other one. */
function vouchesOf({ words }: GroupVisit, row: DirectoryRow): Html {
  const { groups } = words
  const mark = (count: number, own: boolean, meaning: string) =>
    own ? html`<strong title="${meaning}">${count}<span class="unseen"> (${meaning})</span></strong>` : count
  return html`${mark(row.vouchesFor, row.forThem, groups.youVouch)} /
  ${mark(row.vouchesBy, row.forReader, groups.theyVouch)}`
}
