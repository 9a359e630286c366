import { MAX_AT_ONCE } from '../../members/vouching/vouch.ts'
import { markUnknown } from '../../members/vouching/vouch-mark.ts'
import { dueVouches } from '../../members/vouching/vouches-due.ts'
import { PANEL_LISTS, type PanelList, type PanelRow, vouchingPanel } from '../../members/vouching/vouches-panel.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { badge } from '../components/badge.ts'
import { banner } from '../components/banner.ts'
import { emptyState } from '../components/empty-state.ts'
import { textField } from '../components/field.ts'
import { form } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { pagination } from '../components/pagination.ts'
import { table } from '../components/table.ts'
import { tabs } from '../components/tabs.ts'
import { time } from '../components/time.ts'
import { line } from '../form.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'
import { stateBadge } from './state-badge.ts'
import { duePanel } from './vouching-due.ts'
import { vouchingTabs } from './vouching-tabs.ts'

/** The Vouching Control Panel: whom one may vouch for, in a constant number of queries. */
export const vouchingRoutes: readonly Route[] = [
  inGroup('vouch').get('/groups/:group/vouching', (visit) => panelPage(visit)),
  inGroup('vouch').post('/groups/:group/vouching', choose),
]

const MAX_FILTER = 100

async function choose(visit: GroupVisit): Promise<Answer> {
  const { form: sent, context, group, session, words } = visit
  const text = words.vouching
  const chosen = [...new Set(sent.getAll('who'))].slice(0, 200)
  const path = `/groups/${group.name}/vouching`
  if (chosen.length === 0) {
    session.toast = text.nothingChosen
    return seeOther(path)
  }
  const act = sent.get('act')
  if (act === 'unknown' || act === 'known') {
    const isUnknown = act === 'unknown'
    await markUnknown(context, { ...byOf(visit), group: group.name, people: chosen, isUnknown })
    session.toast = isUnknown ? text.marked(chosen.length) : text.unmarked(chosen.length)
    return seeOther(path)
  }
  if (chosen.length > MAX_AT_ONCE) {
    session.toast = text.severalTooMany(MAX_AT_ONCE)
    return seeOther(path)
  }
  const query = new URLSearchParams(chosen.map((handle): [string, string] => ['who', handle]))
  return seeOther(`${path}/several?${query.toString()}`)
}

async function panelPage(visit: GroupVisit): Promise<Page> {
  const { context, group, words, query, account, membership, nowMicros } = visit
  const text = words.vouching
  const list = PANEL_LISTS.find((each) => each === query.get('list')) ?? 'unmarked'
  const filter = line(query, 'filter').slice(0, MAX_FILTER)
  const after = query.get('after') ?? ''
  const viewer = { groupNo: group.groupNo, viewerNo: account.accountNo }
  const seesNominees = may(visit, 'see-nominations')
  const found = await vouchingPanel(context.database, { ...viewer, list, filter, seesNominees, after })
  const due = group.policy.vouchDays === 0 ? [] : await dueVouches(context.database, { ...viewer, nowMicros })
  const isAdministrator = membership?.active === true && membership.roles.has('group-administrator')
  const mayVouch = !group.policy.vouchByAdministratorsOnly || isAdministrator
  return page(
    `${text.panelTitle} · ${group.title}`,
    html`${pageHeader({ title: text.panelTitle, lead: text.panelLead })} ${vouchingTabs(visit, 'vouching')}
    ${!mayVouch && banner({ tone: 'plain', text: text.onlyAdministrators })} ${duePanel(visit, due)}
    ${tabs(
      text.listsLabel,
      PANEL_LISTS.map((each) => ({
        path: addressOf(visit, each, filter),
        label: text.lists[each],
        current: each === list,
      })),
    )}
    ${filterForm(visit, list, filter)}
    ${found.rows.length === 0 ? emptyPanel(visit, list, filter) : rowsForm(visit, list, found.rows, mayVouch)}
    ${pagination(visit, {
      first: after === '' ? undefined : addressOf(visit, list, filter),
      next: found.next && addressOf(visit, list, filter, found.next),
    })}`,
  )
}

function addressOf({ group }: GroupVisit, list: PanelList, filter: string, after?: string): string {
  const query = new URLSearchParams({
    ...(list !== 'unmarked' && { list }),
    ...(filter !== '' && { filter }),
    ...(after !== undefined && { after }),
  })
  const path = `/groups/${group.name}/vouching`
  return query.size === 0 ? path : `${path}?${query.toString()}`
}

function filterForm(visit: GroupVisit, list: PanelList, filter: string): Html {
  const { vouching: text } = visit.words
  return form(visit, {
    method: 'get',
    action: `/groups/${visit.group.name}/vouching`,
    tone: 'quiet',
    fields: html`${list !== 'unmarked' && html`<input type="hidden" name="list" value="${list}" />`}
    ${textField({ name: 'filter', label: text.filter, value: filter, type: 'search', maxLength: MAX_FILTER, autocomplete: 'off' })}`,
    submit: text.filterSubmit,
  })
}

function emptyPanel(visit: GroupVisit, list: PanelList, filter: string): Html {
  const { vouching: text } = visit.words
  if (filter === '') return emptyState({ what: text.empty[list], why: text.emptyWhy[list] })
  const action = html`<p><a href="${addressOf(visit, list, '')}">${text.filterAll}</a></p>`
  return emptyState({ what: text.noMatch, why: text.noMatchWhy, action })
}

function rowsForm(visit: GroupVisit, list: PanelList, rows: readonly PanelRow[], mayVouch: boolean): Html {
  const { vouching: text } = visit.words
  const shown = table({
    caption: text.captions[list],
    columns: [
      { label: text.person },
      { label: text.affiliation },
      { label: text.state },
      ...(list === 'vouched' ? [{ label: text.since }] : []),
      { label: text.choose },
    ],
    rows: rows.map((row) => rowOf(visit, list, row)),
  })
  // where only administrators vouch, others still sort whom they know
  if (list === 'vouched' || (!mayVouch && list === 'unknown')) return shown
  const mark =
    list === 'unknown'
      ? html`<button class="quiet" name="act" value="known">${text.knownChosen}</button>`
      : html`<button class="quiet" name="act" value="unknown">${text.unknownChosen}</button>`
  return form(visit, {
    action: `/groups/${visit.group.name}/vouching`,
    fields: shown,
    submit: text.vouchChosen,
    beside: mark,
  })
}

function rowOf(visit: GroupVisit, list: PanelList, row: PanelRow): readonly HtmlValue[] {
  const { vouching: text } = visit.words
  return [
    html`<a href="/groups/${visit.group.name}/vouch/${row.handle}">${row.name}</a>${
        row.account !== undefined && row.account !== row.name && html` <span class="hint">${row.account}</span>`
      }`,
    row.affiliation,
    html`${stateBadge(visit, row.state)}${row.lacksVouches && html` ${badge(text.waits, 'warn')}`}`,
    ...(list === 'vouched' ? [sinceOf(visit, row)] : []),
    html`<input type="checkbox" name="who" value="${row.handle}" aria-label="${text.choosePerson(row.name)}" />`,
  ]
}

function sinceOf(visit: GroupVisit, { madeMicros, expiresMicros }: PanelRow): HtmlValue {
  if (madeMicros === undefined) return undefined
  const isOver = expiresMicros !== undefined && expiresMicros <= visit.nowMicros
  return html`${time(visit, madeMicros)}${isOver && html` ${badge(visit.words.vouching.expired, 'bad')}`}`
}
