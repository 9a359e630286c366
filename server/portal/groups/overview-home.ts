import type { Explanation } from '../../members/explain.ts'
import { type GroupHome, SOON_MICROS } from '../../members/group-home.ts'
import { disclosure } from '../components/disclosure.ts'
import { facts } from '../components/facts.ts'
import { panel } from '../components/panel.ts'
import { time } from '../components/time.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'
import { rulesTable } from './membership-view.ts'
import { policyKeys, ruleValue } from './policy-form.ts'
import { stateBadge } from './state-badge.ts'

/** The reader's own state in a sentence; for a newcomer, everything that is missing. */
export function ownState(visit: GroupVisit, explained: Explanation): Html {
  const { groupHome: text, membership, groups, shell } = visit.words
  const { state, sinceMicros, requirements } = explained
  const missing = requirements.filter(({ met }) => !met)
  const isComplete = explained.lets.see && missing.length === 0
  const label = isComplete ? shell.membership : membership.whyLink
  const link = html`<a href="/groups/${visit.group.name}/membership">${label}</a>`
  if (!explained.lets.see) {
    return panel(
      membership.missingTitle,
      html`<p>${text.newcomer}</p>
        ${rulesTable(visit, missing, 'own')}
        <p>${link}</p>`,
      'missing',
    )
  }
  return html`<p>
    ${stateBadge(visit, state)} ${text.youAre(groups.states[state])} ${time(visit, sinceMicros)}.
    ${missing.length === 0 ? text.allMet : text.notMet(missing.length)} ${link}
  </p>`
}

/** What waits for the reader, each with the way to it where there is one. */
export function waiting(visit: GroupVisit, home: GroupHome): Html {
  const { groupHome: text } = visit.words
  const { keyExpiresMicros: expires, keyChangeMicros: changes } = home
  const keys = '/account/keys'
  const nominations = '/groups/:group/nominations'
  const isSoon = expires !== undefined && expires - visit.nowMicros < SOON_MICROS
  const manages = may(visit, 'manage-members')
  const entries: readonly (HtmlValue | false)[] = [
    home.nominees > 0 && way(visit, nominations, text.nominees(home.nominees)),
    home.renewals > 0 && way(visit, '/groups/:group/vouching', text.renewals(home.renewals)),
    isSoon &&
      html`${way(visit, keys, expires > visit.nowMicros ? text.keyExpires : text.keyExpired)} ${time(visit, expires)}`,
    changes !== undefined && html`${way(visit, keys, text.keyChanges)} ${time(visit, changes)}`,
    manages && home.vetted > 0 && way(visit, nominations, text.vetted(home.vetted)),
    manages && home.concerns > 0 && way(visit, '/groups/:group/concerns', text.concerns(home.concerns)),
    manages && home.requests > 0 && way(visit, '/groups/:group/requests', text.requests(home.requests)),
  ]
  const some = entries.filter((entry) => entry !== false)
  return panel(
    text.waiting,
    some.length === 0
      ? html`<p>${text.nothingWaits}</p>`
      : html`<ul>
          ${some.map((entry) => html`<li>${entry}</li>`)}
        </ul>`,
    'waiting',
  )
}

function way({ pages, group }: GroupVisit, path: string, label: string): HtmlValue {
  return pages.has(path) ? html`<a href="${path.replace(':group', group.name)}">${label}</a>` : label
}

/** How the group stands, who took its vouches away, and what happened lately. */
export function groupNews(visit: GroupVisit, home: GroupHome): Html {
  const { groupHome: text } = visit.words
  const base = `/groups/${visit.group.name}/members`
  return html`${panel(
    text.numbers,
    facts([
      [text.members, home.members],
      [text.vouching, home.vouching],
      [text.withoutKey, home.withoutKey],
    ]),
  )}
  ${panel(
    text.events,
    home.events.length === 0
      ? html`<p>${text.eventsNone}</p>`
      : html`<ul>
          ${home.events.map(
            ({ kind, account, displayName, atMicros }) =>
              html`<li><a href="${base}/${account}">${displayName}</a> ${text[kind]}, ${time(visit, atMicros)}</li>`,
          )}
        </ul>`,
  )}
  ${panel(
    text.exports,
    html`<p>${text.exportsLead}</p>
      ${
        home.exports.length === 0
          ? html`<p>${text.exportsNone}</p>`
          : html`<ul>
              ${home.exports.map(({ by, vouches, atMicros }) => html`<li>${text.exported(by, vouches)}, ${time(visit, atMicros)}</li>`)}
            </ul>`
      }`,
    'exports',
  )}`
}

/** The rules of the group, for every member to read. */
export function groupRules(visit: GroupVisit): Html {
  const { policy: text } = visit.words
  return disclosure(
    text.readTitle,
    html`<p>${text.readLead}</p>
      ${facts(policyKeys().map((key) => [text.fields[key].label, ruleValue(visit, visit.group.policy[key])] as const))}`,
  )
}
