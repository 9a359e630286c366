import type { MemberState } from '../../../policies/member-state.ts'
import type { MembershipRule, Requirement } from '../../../policies/membership.ts'
import type { Explanation } from '../../members/explain.ts'
import type { HistoryStep } from '../../members/history.ts'
import { badge } from '../components/badge.ts'
import { facts } from '../components/facts.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { timeline } from '../components/timeline.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'
import { stateBadge } from './state-badge.ts'

/** Whose membership is explained to whom: one's own, or an administrator looks at another's. */
type Telling = 'own' | 'other'

/** State, what it lets one do, every rule, and the history of a membership. */
export function explanationView(visit: GroupVisit, explained: Explanation, telling: Telling): Html {
  const { membership: text } = visit.words
  const { state, sinceMicros, lets, awaySinceMicros } = explained
  const able = (['login', 'see', 'send', 'receive'] as const).filter((each) => lets[each])
  return html`<p class="lead">${stateBadge(visit, state)} ${text.meaning[state]}</p>
    ${facts([
      [text.since, time(visit, sinceMicros)],
      [
        telling === 'own' ? text.lets : text.letsThem,
        able.length > 0 ? able.map((each) => text.capabilities[each]).join(', ') : text.letsNothing,
      ],
      ...(awaySinceMicros === undefined
        ? []
        : [[text.away, html`${time(visit, awaySinceMicros)}. ${text.awayWhy}`] as const]),
    ])}
    ${panel(text.rules, rulesTable(visit, explained.requirements, telling), 'rules')}
    ${panel(text.history, historyView(visit, explained.history, telling), 'history')}`
}

/** Every rule with what there is, what is wanted, who mends it and by when. */
export function rulesTable(visit: GroupVisit, requirements: readonly Requirement[], telling: Telling): Html {
  const { membership: text } = visit.words
  if (requirements.length === 0) return html`<p>${text.noRules}</p>`
  return table({
    caption: text.rulesCaption,
    columns: [text.rule, text.standing, text.mended, text.by, ''].map((label) => ({ label })),
    rows: requirements.map((each) => [
      text.ruleText[each.rule],
      standing(visit, each),
      each.met ? '' : (telling === 'own' ? text.fixedBy : text.fixedByThem)[each.fixedBy],
      each.byMicros === undefined ? (each.met ? '' : text.noDate) : time(visit, each.byMicros),
      mend(visit, each, telling),
    ]),
  })
}

function standing({ words }: GroupVisit, { rule, met, have, need }: Requirement): Html {
  const { membership: text } = words
  const mark = badge(met ? text.met : text.missing, met ? 'good' : 'warn')
  if (rule === 'concerns-settled') return html`${mark} ${!met && text.openConcerns(have ?? 0)}`
  return html`${mark} ${have !== undefined && need !== undefined && text.haveNeed(have, need)}`
}

/** The way to what mends a rule, where this visitor can go it and the page is there. */
function mend(visit: GroupVisit, { rule, met }: Requirement, telling: Telling): HtmlValue {
  const label = visit.words.membership.mend[rule]
  const way = WAYS[rule]
  if (label === undefined || way === undefined || (met && rule !== 'key')) return ''
  if (way.by !== telling || !visit.pages.has(way.path)) return ''
  if (telling === 'other' && !may(visit, 'manage-members')) return ''
  return html`<a href="${way.path.replace(':group', visit.group.name)}">${label}</a>`
}

const WAYS: Readonly<Partial<Record<Requirement['rule'], { readonly path: string; readonly by: Telling }>>> = {
  key: { path: '/account/keys', by: 'own' },
  'vouches-given': { path: '/groups/:group/vouching', by: 'own' },
  approval: { path: '/groups/:group/nominations', by: 'other' },
  'concerns-settled': { path: '/groups/:group/concerns', by: 'other' },
}

/** The history of a membership; who did what is told to administrators only. */
export function historyView(visit: GroupVisit, history: readonly HistoryStep[], telling: Telling): Html {
  const { membership: text, groups } = visit.words
  if (history.length === 0) return html`<p>${text.historyNone}</p>`
  return timeline(
    visit,
    history.map(({ atMicros, event, to, actor, because }) => {
      const state = to === undefined ? undefined : groups.states[to]
      const what = text.events[event]
      return {
        atMicros,
        what:
          what === undefined
            ? text.moved(state ?? '')
            : html`${what}${state !== undefined && html` · ${text.moved(state)}`}`,
        detail: details([
          telling === 'other' ? text.actor(actor) : undefined,
          because.length > 0 ? text.because(becauseOf(visit, to, because)) : undefined,
        ]),
      }
    }),
  )
}

/** The rules that moved a membership, in words; who becomes active has met all of them, also those that ask nothing. */
export function becauseOf(
  { words }: Pick<GroupVisit, 'words'>,
  to: MemberState | undefined,
  because: readonly MembershipRule[],
): string {
  const { membership: text } = words
  if (to === 'active' && because.includes('vouches-kept')) return text.allThere
  return because.map((rule) => text.ruleText[rule]).join('; ')
}

function details(parts: readonly (string | undefined)[]): string | undefined {
  const known = parts.filter((part) => part !== undefined)
  return known.length > 0 ? known.join(' · ') : undefined
}
