import { vouchEyes } from '../../members/vouching/vouches.ts'
import { type TrustGraph, type TrustNode, trustGraph } from '../../members/vouching/trust-graph.ts'
import { type Page, page } from '../answer.ts'
import { emptyState } from '../components/empty-state.ts'
import { textField } from '../components/field.ts'
import { form } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { line } from '../form.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { graphPicture } from './graph-picture.ts'

/** Who vouches for whom in a group, as far as it shows it to its members. */
export const graphRoutes: readonly Route[] = [inGroup('see-vouches').get('/groups/:group/graph', graphPage)]

async function graphPage(visit: GroupVisit): Promise<Page> {
  const { context, group, words, query, nowMicros, membership } = visit
  const { graph: text } = words
  const title = `${text.title} · ${group.title}`
  if (vouchEyes(membership, group.policy) === 'counts') {
    return page(
      title,
      html`${pageHeader({ title: text.title, lead: group.title })}
      ${emptyState({ what: text.hidden, why: text.hiddenWhy })}`,
    )
  }
  const asked = line(query, 'around').slice(0, 64)
  const around = asked === '' ? undefined : asked
  const graph = await trustGraph(context.database, { groupNo: group.groupNo, around, nowMicros })
  const middle = around === undefined ? undefined : graph.nodes[0]
  return page(
    title,
    html`${pageHeader({ title: text.title, lead: middle ? text.leadAround(middle.displayName) : text.lead })}
      ${form(visit, {
        action: `/groups/${group.name}/graph`,
        method: 'get',
        tone: 'quiet',
        submit: text.show,
        fields: textField({
          name: 'around',
          label: text.around,
          hint: text.aroundHint,
          value: asked,
          maxLength: 64,
          autocomplete: 'off',
        }),
      })}
      ${graph.nodes.length === 0 ? nothing(visit, graph, around) : html`${graphPicture(visit, graph)} ${twin(visit, graph)}`}
      ${panel(text.single, singlePoints(visit, graph), 'single')}
      <p><a href="/groups/${group.name}/members">${words.groups.backToMembers}</a></p>`,
  )
}

function nothing({ words }: GroupVisit, { members }: TrustGraph, around: string | undefined): Html {
  const { graph: text } = words
  const isTooMany = around === undefined && members > 0
  return isTooMany ? html`<p>${text.tooMany(members)}</p>` : emptyState({ what: text.nobody, why: text.nobodyWhy })
}

/** The picture for those who do not see it, and for keyboards: every line of it is here. */
function twin(visit: GroupVisit, { nodes, edges }: TrustGraph): Html {
  const { graph: text } = visit.words
  const byNumber = new Map(nodes.map((node) => [node.accountNo, node]))
  const names = (numbers: readonly number[], none: string): HtmlValue =>
    numbers.length === 0
      ? none
      : numbers
          .flatMap((accountNo) => byNumber.get(accountNo)?.displayName ?? [])
          .toSorted()
          .join(', ')
  const received = Map.groupBy(edges, ({ toNo }) => toNo)
  const given = Map.groupBy(edges, ({ fromNo }) => fromNo)
  return panel(
    text.tableTitle,
    table({
      caption: text.tableCaption,
      columns: [text.member, text.received, text.given].map((label) => ({ label })),
      rows: nodes.map((node) => [
        memberLink(visit, node),
        names(
          (received.get(node.accountNo) ?? []).map(({ fromNo }) => fromNo),
          text.noneReceived,
        ),
        names(
          (given.get(node.accountNo) ?? []).map(({ toNo }) => toNo),
          text.noneGiven,
        ),
      ]),
    }),
    'table',
  )
}

function singlePoints(visit: GroupVisit, { singlePoints: single }: TrustGraph): Html {
  const { graph: text } = visit.words
  if (single.length === 0) return html`<p>${text.singleNone}</p>`
  return html`<p>${text.singleLead}</p>
    ${table({
      caption: text.singleCaption,
      columns: [text.member, text.onlyBy].map((label) => ({ label })),
      rows: single.map(({ member, voucher }) => [memberLink(visit, member), memberLink(visit, voucher)]),
    })}`
}

function memberLink({ group }: GroupVisit, { account, displayName }: TrustNode): Html {
  return html`<a href="/groups/${group.name}/members/${account}">${displayName}</a>`
}
