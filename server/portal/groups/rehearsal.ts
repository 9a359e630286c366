import { policyJson } from '../../../policies/group-policy.ts'
import type { MemberState } from '../../../policies/member-state.ts'
import { ConflictError } from '../../errors.ts'
import {
  changedRules,
  changeGroupPolicy,
  type RehearsedPolicy,
  rehearseGroupPolicy,
} from '../../members/group-policy-change.ts'
import { byState, type RehearsedMove } from '../../members/rehearse-policy.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { confirm } from '../components/confirm.ts'
import { banner } from '../components/banner.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { type Html, html } from '../html.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { becauseOf } from './membership-view.ts'
import { hiddenPolicy, policyFrom, policyKeys, policyMistakes, policyQuery, ruleValue } from './policy-form.ts'
import { settingsPage } from './settings.ts'
import { stateBadge } from './state-badge.ts'

/** What would follow from other rules, and saving them once that was seen. */
export const rehearsalRoutes: readonly Route[] = [
  inGroup('set-group').get('/groups/:group/settings/rehearsal', rehearse),
  inGroup('set-group').post('/groups/:group/settings/rules', save),
]

/** More than anybody reads through; the numbers are of all. */
const MAX_LISTED = 200

async function rehearse(visit: GroupVisit): Promise<Answer> {
  const { context, group, query } = visit
  const changes = policyFrom(query)
  try {
    const rehearsed = await rehearseGroupPolicy(context, { ...byOf(visit), group: group.name, changes })
    return rehearsalPage(visit, rehearsed)
  } catch (error) {
    return settingsPage(visit, { rules: { ...group.policy, ...changes }, mistakes: policyMistakes(error) })
  }
}

async function save(visit: GroupVisit): Promise<Answer> {
  const { context, group, form: sent, session, words } = visit
  const wanted = { ...byOf(visit), group: group.name, changes: policyFrom(sent) }
  try {
    const moved = await changeGroupPolicy(context, { ...wanted, seen: sent.get('seen') ?? '' })
    session.toast = moved.length === 0 ? words.policy.saved : words.policy.savedMoved(moved.length)
    return seeOther(`/groups/${group.name}/settings`)
  } catch (error) {
    if (error instanceof ConflictError) {
      return rehearsalPage(visit, await rehearseGroupPolicy(context, wanted), words.policy.changedMeanwhile)
    }
    return settingsPage(visit, { rules: { ...group.policy, ...wanted.changes }, mistakes: policyMistakes(error) })
  }
}

function rehearsalPage(visit: GroupVisit, { before, after, rehearsal }: RehearsedPolicy, problem?: string): Page {
  const { words, group } = visit
  const { policy: text } = words
  const changed = changedRules(before, after)
  const back = `/groups/${group.name}/settings?${policyQuery(after)}#rules`
  if (changed.length === 0) {
    return page(
      `${text.rehearsalTitle} · ${group.title}`,
      html`${pageHeader({ title: text.rehearsalTitle, lead: text.nothingChanges })}
        <p><a class="button quiet" href="${back}">${text.back}</a></p>`,
    )
  }
  const order = policyKeys()
  const rules = changed.toSorted(
    (a, b) => order.findIndex((key) => key === a.key) - order.findIndex((key) => key === b.key),
  )
  return page(
    `${text.rehearsalTitle} · ${group.title}`,
    html`${pageHeader({ title: text.rehearsalTitle, lead: text.rehearsalLead })}
    ${problem !== undefined && banner({ tone: 'warn', text: problem })}
    ${panel(
      text.changes,
      table({
        caption: text.changesCaption,
        columns: [text.rule, text.before, text.after].map((label) => ({ label })),
        rows: rules.map(({ key, from, to }) => [
          order.flatMap((each) => (each === key ? text.fields[each].label : [])).join(''),
          ruleValue(visit, from),
          ruleValue(visit, to),
        ]),
      }),
    )}
    ${panel(text.nowTitle, movesView(visit, rehearsal.now, text.becomeNow, text.nobodyNow), 'now')}
    ${panel(text.laterTitle, movesView(visit, rehearsal.later, text.becomeLater, text.nobodyLater), 'later')}
    ${confirm(visit, {
      question: text.confirmQuestion,
      consequence: text.confirmWhat,
      action: `/groups/${group.name}/settings/rules`,
      submit: text.confirm,
      tone: 'main',
      fields: html`${hiddenPolicy(after)}<input type="hidden" name="seen" value="${policyJson(before)}" />`,
      back: { path: back, label: text.back },
    })}`,
    { status: problem === undefined ? 200 : 409 },
  )
}

/** How many would become what, and who. */
function movesView(
  visit: GroupVisit,
  moves: readonly RehearsedMove[],
  said: (count: number, state: string) => string,
  nobody: string,
): Html {
  const { policy: text, groups } = visit.words
  if (moves.length === 0) return html`<p>${nobody}</p>`
  const sentences = [...byState(moves)].map(([state, list]) => said(list.length, groups.states[state])).join('; ')
  const shown = moves.slice(0, MAX_LISTED)
  return html`<p><strong>${sentences}.</strong></p>
    ${table({
      caption: text.whoCaption,
      columns: [text.who, text.from, text.to, text.because].map((label) => ({ label })),
      rows: shown.map((move) => [
        named(visit, move),
        stateBadge(visit, move.from),
        stateBadge(visit, move.to),
        becauseOf(visit, move.to, move.because),
      ]),
    })}
    ${moves.length > shown.length && html`<p>${text.more(moves.length - shown.length)}</p>`}`
}

const NOMINEES: readonly MemberState[] = ['nominated', 'vetted']

/** A nominee is called what the nominator wrote, and has no page of a member. */
function named({ group }: GroupVisit, { account, displayName, from }: RehearsedMove): Html | string {
  if (NOMINEES.includes(from)) return displayName
  return html`<a href="/groups/${group.name}/members/${account}">${displayName}</a>`
}
