import type { Requirement } from '../../../policies/membership.ts'
import {
  endedNominations,
  type EndedNomination,
  type Looking,
  type OpenNomination,
  openNominations,
} from '../../members/vouching/nominations.ts'
import { eyesOf } from '../../members/list-members.ts'
import { vouchEyes } from '../../members/vouching/vouches.ts'
import { type Page, page } from '../answer.ts'
import { badge } from '../components/badge.ts'
import { banner } from '../components/banner.ts'
import { emptyState } from '../components/empty-state.ts'
import { facts } from '../components/facts.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'
import { vouchingTabs } from './vouching-tabs.ts'

const DAY = 86_400_000_000

/** The desk: who is nominated, what is missing, and until when. */
export const nominationsRoutes: readonly Route[] = [
  inGroup('see-nominations').get('/groups/:group/nominations', deskPage),
]

/** With which eyes the visitor looks. */
export function lookingOf({ group, membership, account, nowMicros }: GroupVisit): Looking {
  return {
    group,
    viewerNo: account.accountNo,
    isAdministrator: eyesOf(membership) === 'administrator',
    eyes: vouchEyes(membership, group.policy),
    nowMicros,
  }
}

async function deskPage(visit: GroupVisit): Promise<Page> {
  const { context, group, words } = visit
  const text = words.nominations
  const looking = lookingOf(visit)
  const open = await openNominations(context.database, looking)
  const ended = await endedNominations(context.database, looking)
  const action =
    may(visit, 'nominate') && html`<a class="button" href="/groups/${group.name}/nominate">${text.title}</a>`
  return page(
    `${text.deskTitle} · ${group.title}`,
    html`${pageHeader({ title: text.deskTitle, lead: text.deskLead, actions: action })}
    ${vouchingTabs(visit, 'nominations')}
    ${
      open.length === 0
        ? emptyState({ what: text.none, why: text.noneWhy })
        : open.map((each) => panel(each.name, nomineeCard(visit, each), `nomination-${each.nominationNo}`))
    }
    ${ended.length > 0 && panel(text.endedTitle, endedTable(visit, ended))}`,
  )
}

function nomineeCard(visit: GroupVisit, nominee: OpenNomination): Html {
  const { group, words } = visit
  const text = words.nominations
  const path = `/groups/${group.name}/nominations/${nominee.nominationNo}`
  return html`${nomineeFacts(visit, nominee)}
    <p class="buttons">
      ${
        may(visit, 'vouch') &&
        html`<a
          class="${nominee.hasOwnVouch ? 'button quiet' : 'button'}"
          href="/groups/${group.name}/vouch/${nominee.handle}"
          aria-label="${nominee.hasOwnVouch ? text.change : text.vouch}: ${nominee.name}"
          >${nominee.hasOwnVouch ? text.change : text.vouch}</a
        >`
      }
      <a class="button quiet" href="${path}" aria-label="${text.read}: ${nominee.name}">${text.read}</a>
    </p>`
}

/** What there is of a nomination, and what is wanted. */
export function nomineeFacts(visit: GroupVisit, nominee: OpenNomination): Html {
  const { words, nowMicros } = visit
  const text = words.nominations
  const { failsMicros } = nominee
  const days = Math.floor((nowMicros - nominee.madeMicros) / DAY)
  return html`<p>
      ${badge(words.groups.states[nominee.state], nominee.state === 'vetted' ? 'good' : 'plain')}
      ${nominee.hasOwnVouch && badge(text.youVouch, 'good')}
    </p>
    ${nominee.wasDeclined && banner({ tone: 'warn', text: text.declined })}
    ${facts([
      ...(nominee.affiliation === '' ? [] : [[text.affiliation, nominee.affiliation] as const]),
      [text.email, nominee.email],
      ...(nominee.nominator === undefined ? [] : [[text.by, nominee.nominator] as const]),
      [text.made, html`${time(visit, nominee.madeMicros)} (${text.age(days)})`],
      ...nominee.requirements
        .filter((each) => each.have !== undefined)
        .map((each) => [words.vouching.rules[each.rule], requirementWords(visit, each)] as const),
      ...(failsMicros === undefined
        ? []
        : [
            [
              text.fails,
              html`${time(visit, failsMicros)} (${text.left(Math.ceil((failsMicros - nowMicros) / DAY))})`,
            ] as const,
          ]),
      [text.whoVouches, whoVouches(visit, nominee)],
      ...(nominee.approvedBy.length === 0
        ? []
        : [[text.approve, text.approvedBy(nominee.approvedBy.join(', '))] as const]),
    ])}`
}

function requirementWords({ words }: GroupVisit, { have = 0, need = 0, met }: Requirement): HtmlValue {
  const text = words.nominations
  return html`${text.of(have, need)}${met && html` ${badge(text.enough, 'good')}`}`
}

function whoVouches({ words }: GroupVisit, { vouches }: OpenNomination): string {
  if (vouches.length === 0) return words.nominations.noNames
  return vouches.map((each) => each.voucher).join(', ')
}

function endedTable(visit: GroupVisit, ended: readonly EndedNomination[]): Html {
  const { nominations: text } = visit.words
  return table({
    caption: text.endedCaption,
    columns: [{ label: text.name }, { label: text.affiliation }, { label: text.outcome }, { label: text.ended }],
    rows: ended.map((each) => [
      each.name,
      each.affiliation,
      badge(text.outcomes[each.outcome], each.outcome === 'approved' ? 'good' : 'plain'),
      time(visit, each.endedMicros),
    ]),
  })
}
