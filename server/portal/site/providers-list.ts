import type { ProviderTrouble } from '../../auth/providers/provider-check.ts'
import { listProviders } from '../../auth/providers/providers.ts'
import { page, type Page } from '../answer.ts'
import { badge } from '../components/badge.ts'
import { emptyState } from '../components/empty-state.ts'
import { pageHeader } from '../components/page-header.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** All providers with their state and how they answered last. */
export async function providersPage(visit: Visit): Promise<Page> {
  const words = visit.words.providers
  const listed = await listProviders(visit.context.database)
  const actions = html`<a class="button" href="/site/providers/new/ldap">${words.addLdap}</a>
    <a class="button quiet" href="/site/providers/new/oidc">${words.addOidc}</a>`
  const list =
    listed.length === 0
      ? emptyState({ what: words.emptyWhat, why: words.emptyWhy, command: 'vouchsafe provider add --help' })
      : table({
          caption: words.caption,
          columns: [
            { label: words.provider },
            { label: words.kind },
            { label: words.state },
            { label: words.lastAnswer },
          ],
          rows: listed.map((each) => [
            html`<a href="/site/providers/${each.name}">${each.title}</a>`,
            words.kinds[each.kind],
            each.active ? badge(words.active, 'good') : badge(words.paused, 'warn'),
            lastAnswer(visit, each),
          ]),
        })
  return page(words.title, html`${pageHeader({ title: words.title, lead: words.lead, actions })} ${list}`)
}

/** How a provider answered when it was last asked, and when that was. */
export function lastAnswer(
  visit: Visit,
  { checkedMicros, trouble }: { readonly checkedMicros: number | undefined; readonly trouble: string | undefined },
): Html {
  const words = visit.words.providers
  if (checkedMicros === undefined) return html`${words.neverAsked}`
  const cause = trouble !== undefined && isTrouble(words.troubles, trouble) ? words.troubles[trouble].cause : trouble
  return html`${trouble === undefined ? badge(words.answered, 'good') : html`${badge(words.outcomes.failed, 'bad')} ${cause}`}
  ${time(visit, checkedMicros)}`
}

function isTrouble(troubles: Readonly<Record<ProviderTrouble, unknown>>, text: string): text is ProviderTrouble {
  return Object.hasOwn(troubles, text)
}
