import { type LdapSettings, NEW_LDAP } from '../../auth/ldap/settings.ts'
import { isPreset, LDAP_PRESETS } from '../../auth/ldap/presets.ts'
import { NEW_OIDC, type OidcSettings } from '../../auth/oidc/settings.ts'
import { addProvider, changeProvider } from '../../auth/providers/provider-changes.ts'
import type { ProviderSettings } from '../../auth/providers/provider-settings.ts'
import type { Provider, ProviderKind } from '../../auth/providers/providers.ts'
import { ConflictError, UnprocessableError } from '../../errors.ts'
import { type Answer, page, type Page, seeOther } from '../answer.ts'
import { breadcrumb } from '../components/breadcrumb.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { type Mistakes, namingFields } from './providers-fields.ts'
import { ldapFields, presetLinks, readLdap } from './providers-ldap-form.ts'
import { oidcFields, readOidc } from './providers-oidc-form.ts'

const LIST = '/site/providers'

/** The empty form of a new provider. */
export function newProviderPage(visit: Visit, kind: ProviderKind): Page {
  const like = visit.query.get('like')
  const settings: ProviderSettings =
    kind === 'ldap' ? { kind, settings: isPreset(like) ? LDAP_PRESETS[like] : NEW_LDAP } : { kind, settings: NEW_OIDC }
  return formPage(visit, { ...settings, title: '', provider: undefined }, {})
}

/** The form of a provider that is there. */
export function editProviderPage(visit: Visit, provider: Provider): Page {
  return formPage(visit, { ...provider, provider }, {})
}

/** Takes the form of a new provider. It is paused at first, so that it can be tested. */
export async function addFromForm(visit: Visit, kind: ProviderKind): Promise<Answer> {
  const wanted = given(visit, kind)
  const name = line(visit.form, 'name')
  const secret = visit.form.get('secret') ?? ''
  const kept = await tried(() =>
    addProvider(visit.context, { ...wanted, name, secret, active: false, actor: visit.account.name }),
  )
  if (kept) return formPage(visit, { ...wanted, provider: undefined }, kept)
  visit.session.toast = visit.words.providers.addedToast
  return seeOther(`${LIST}/${name}`)
}

/** Takes the changed settings of a provider. An empty secret keeps the one that is there. */
export async function changeFromForm(visit: Visit, provider: Provider): Promise<Answer> {
  const wanted = given(visit, provider.kind)
  const secret = visit.form.get('secret') || undefined
  const kept = await tried(() =>
    changeProvider(visit.context, { ...wanted, name: provider.name, secret, actor: visit.account.name }),
  )
  if (kept) return formPage(visit, { ...wanted, provider }, kept)
  visit.session.toast = visit.words.providers.savedToast
  return seeOther(`${LIST}/${provider.name}`)
}

function given(visit: Visit, kind: ProviderKind): ProviderSettings & { readonly title: string } {
  const title = line(visit.form, 'title')
  return kind === 'ldap' ? { kind, title, settings: readLdap(visit) } : { kind, title, settings: readOidc(visit) }
}

/** @returns what is wrong, by field; undefined when it was done */
export async function tried(change: () => Promise<void>): Promise<Mistakes | undefined> {
  try {
    await change()
    return undefined
  } catch (error) {
    if (!(error instanceof UnprocessableError || error instanceof ConflictError)) throw error
    return { [error.code]: `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.` }
  }
}

type Shown = (
  | { readonly kind: 'ldap'; readonly settings: LdapSettings }
  | { readonly kind: 'oidc'; readonly settings: OidcSettings }
) & { readonly title: string; readonly provider: Provider | undefined }

function formPage(visit: Visit, shown: Shown, mistakes: Mistakes): Page {
  const words = visit.words.providers
  const { provider, title } = shown
  const hasSecret = provider?.secret !== undefined
  const heading = provider
    ? words.editTitle(provider.title)
    : words[shown.kind === 'ldap' ? 'newLdapTitle' : 'newOidcTitle']
  const action = provider ? `${LIST}/${provider.name}/edit` : `${LIST}/new/${shown.kind}`
  const above = provider ? [{ path: `${LIST}/${provider.name}`, label: provider.title }] : []
  const fields =
    shown.kind === 'ldap'
      ? ldapFields(visit, shown.settings, hasSecret, mistakes)
      : oidcFields(visit, shown.settings, hasSecret, mistakes)
  const back = provider ? `${LIST}/${provider.name}` : LIST
  return page(
    heading,
    html`${breadcrumb(words.above, [{ path: LIST, label: words.title }, ...above])} ${pageHeader({ title: heading })}
    ${mistakeSummary(visit, mistakes)} ${!provider && shown.kind === 'ldap' && presetLinks(visit)}
    ${form(visit, {
      action,
      submit: words.save,
      fields: [panel(words.namingGroup, namingFields(visit, title, !provider, mistakes)), ...fields],
      beside: html`<a class="button quiet" href="${back}">${words.back}</a>`,
    })}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}
