import { NEW_OIDC, type OidcSettings } from '../../auth/oidc/settings.ts'
import { selectField, textField } from '../components/field.ts'
import { panel } from '../components/panel.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { type Mistakes, newAccountsField, secretField, timeoutField } from './providers-fields.ts'

const TOKEN_AUTHS = ['client_secret_basic', 'client_secret_post', 'none'] as const

/** The fields of an OpenID provider, as its settings are or as somebody has just filled them in. */
export function oidcFields(visit: Visit, now: OidcSettings, hasSecret: boolean, mistakes: Mistakes): readonly Html[] {
  const words = visit.words.providers
  const text = (name: TextName, value: string, more: { readonly hint?: string; readonly required?: boolean } = {}) =>
    textField({ name, label: words[name], value, maxLength: 500, mistake: mistakes[name], ...more })
  return [
    panel(words.serverGroup, [
      text('issuer', now.issuer, { hint: words.issuerHint, required: true }),
      timeoutField(visit, now.timeoutSeconds, mistakes),
    ]),
    panel(words.clientGroup, [
      text('clientId', now.clientId, { required: true }),
      selectField({
        name: 'tokenAuth',
        label: words.tokenAuth,
        value: now.tokenAuth,
        mistake: mistakes['tokenAuth'],
        options: TOKEN_AUTHS.map((each) => [each, words.tokenAuths[each]] as const),
      }),
      secretField(visit, words.clientSecret, hasSecret, mistakes),
      text('scope', now.scope, { hint: words.scopeHint }),
    ]),
    panel(words.peopleGroup, [
      newAccountsField(visit, now.newAccounts, mistakes),
      text('groupsClaim', now.groupsClaim, { hint: words.groupsClaimHint }),
    ]),
    panel(words.strongGroup, [
      html`<p class="note">${words.strongHint}</p>`,
      text('strongAcr', now.strongAcr.join(' ')),
      text('strongAmr', now.strongAmr.join(' ')),
    ]),
  ]
}

/** The settings as they came; what is not one of the choices is the usual one. */
export function readOidc({ form }: Visit): OidcSettings {
  const words = (name: string) =>
    line(form, name)
      .split(/\s+/)
      .filter((each) => each !== '')
  return {
    issuer: line(form, 'issuer'),
    clientId: line(form, 'clientId'),
    scope: words('scope').join(' '),
    tokenAuth: TOKEN_AUTHS.find((each) => each === form.get('tokenAuth')) ?? NEW_OIDC.tokenAuth,
    strongAcr: words('strongAcr'),
    strongAmr: words('strongAmr'),
    groupsClaim: line(form, 'groupsClaim'),
    newAccounts: form.get('newAccounts') === 'make' ? 'make' : 'refuse',
    timeoutSeconds: Number(line(form, 'timeoutSeconds')),
  }
}

type TextName = 'issuer' | 'clientId' | 'scope' | 'groupsClaim' | 'strongAcr' | 'strongAmr'
