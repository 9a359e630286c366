import { backChannelUri, redirectUri } from '../../auth/oidc/redirect-uri.ts'
import { mappingsOf } from '../../auth/providers/provider-mappings.ts'
import type { CheckStep } from '../../auth/providers/provider-check.ts'
import type { Provider } from '../../auth/providers/providers.ts'
import { page, type Page } from '../answer.ts'
import { badge } from '../components/badge.ts'
import { breadcrumb } from '../components/breadcrumb.ts'
import { facts } from '../components/facts.ts'
import { actionButton, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import { ownAddress } from '../own-address.ts'
import type { Visit } from '../visit.ts'
import type { Mistakes } from './providers-fields.ts'
import { lastAnswer } from './providers-list.ts'
import { mappingsPanel } from './providers-mappings.ts'
import { checkPanel } from './providers-steps.ts'

/** A provider: how it is, what a test found, which groups propose whom. */
export async function providerPage(
  visit: Visit,
  provider: Provider,
  { steps, mistakes = {} }: { readonly steps?: readonly CheckStep[]; readonly mistakes?: Mistakes } = {},
): Promise<Page> {
  const words = visit.words.providers
  const mappings = await mappingsOf(visit.context.database, provider.name)
  return page(
    provider.title,
    html`${breadcrumb(words.above, [{ path: '/site/providers', label: words.title }])}
    ${pageHeader({ title: provider.title, lead: words.kinds[provider.kind], actions: actionsOf(visit, provider) })}
    ${mistakeSummary(visit, mistakes)} ${steps && checkPanel(visit, steps)}
    ${panel(words.howItIs, facts(factsOf(visit, provider)))} ${mappingsPanel(visit, provider, mappings, mistakes)}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function actionsOf(visit: Visit, { name, active }: Provider): Html {
  const words = visit.words.providers
  const path = `/site/providers/${name}`
  return html`${actionButton(visit, { action: `${path}/test`, label: words.test, tone: active ? 'quiet' : 'main' })}
    <a class="button quiet" href="${path}/edit">${words.edit}</a>
    ${
      active
        ? actionButton(visit, { action: `${path}/pause`, label: words.pause, tone: 'danger' })
        : actionButton(visit, { action: `${path}/resume`, label: words.resume })
    }`
}

function factsOf(visit: Visit, provider: Provider): readonly (readonly [string, HtmlValue])[] {
  const words = visit.words.providers
  const base = ownAddress(visit.context.config, visit.request)
  const state = provider.active ? badge(words.active, 'good') : badge(words.paused, 'warn')
  const about =
    provider.kind === 'ldap'
      ? [
          [words.address, html`<code>${provider.settings.url}</code>`] as const,
          [words.encryption, words.encryptions[provider.settings.tls]] as const,
          [words.base, html`<code>${provider.settings.baseDn}</code>`] as const,
        ]
      : [
          [words.issuer, html`<code>${provider.settings.issuer}</code>`] as const,
          [words.redirectUri, html`<code>${redirectUri(base, provider.name)}</code>`] as const,
          [words.logoutUri, html`<code>${backChannelUri(base, provider.name)}</code>`] as const,
        ]
  return [
    [words.state, state],
    [words.lastAnswer, lastAnswer(visit, provider)],
    ...about,
    [words.newAccounts, words.newAccountsOptions[provider.settings.newAccounts]],
    [words.secret, provider.secret === undefined ? words.secretNone : words.secretKept],
  ]
}
