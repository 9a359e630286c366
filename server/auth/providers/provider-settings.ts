import { X509Certificate } from 'node:crypto'
import Value from 'typebox/value'
import { UnprocessableError } from '../../errors.ts'
import { LDAP_SETTINGS, type LdapSettings } from '../ldap/settings.ts'
import { OIDC_SETTINGS, type OidcSettings } from '../oidc/settings.ts'
import type { ProviderKind } from './providers.ts'

/** The settings of a provider with its kind. */
export type ProviderSettings =
  | { readonly kind: 'ldap'; readonly settings: LdapSettings }
  | { readonly kind: 'oidc'; readonly settings: OidcSettings }

/**
 * The settings as they are, when a provider can have them.
 * @throws {UnprocessableError} whose code is the field (`url`, `attributes.id`) and whose message is the rule
 */
export function checkedSettings(wanted: ProviderSettings): LdapSettings | OidcSettings {
  mustFit(wanted.kind, wanted.settings)
  if (wanted.kind === 'ldap') checkTogether(wanted.settings)
  return wanted.settings
}

/**
 * Settings of a kind out of what an operator wrote: what is not named stays as it was.
 * @throws {UnprocessableError} as {@link checkedSettings}
 */
export function settingsOf(
  kind: ProviderKind,
  before: LdapSettings | OidcSettings,
  given: Readonly<Record<string, unknown>>,
): ProviderSettings {
  const settings: unknown = merged({ ...before }, given)
  mustFit(kind, settings)
  if (kind === 'ldap' && Value.Check(LDAP_SETTINGS, settings)) return { kind, settings }
  if (kind === 'oidc' && Value.Check(OIDC_SETTINGS, settings)) return { kind, settings }
  throw new UnprocessableError('settings', `these are no settings of ${kind}`)
}

/** One level deep: `attributes` and `groups` are merged by their own names. */
function merged(before: Readonly<Record<string, unknown>>, given: Readonly<Record<string, unknown>>): object {
  const entries = Object.entries(given).map(([name, value]) => {
    const old = before[name]
    return [name, isObject(old) && isObject(value) ? { ...old, ...value } : value] as const
  })
  return { ...before, ...Object.fromEntries(entries) }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whom the secret is told: when this changes, it must be given again. */
export function whoIsAsked(provider: ProviderSettings): string {
  if (provider.kind === 'oidc') return provider.settings.issuer
  const { url, tls, ca } = provider.settings
  return JSON.stringify([url, tls, ca.trim()])
}

function mustFit(kind: ProviderKind, settings: unknown): void {
  const [problem] = Value.Errors(kind === 'ldap' ? LDAP_SETTINGS : OIDC_SETTINGS, settings)
  if (!problem) return
  const field = problem.instancePath
    .slice(1)
    .replaceAll('/', '.')
    .replace(/\.\d+$/, '')
  // additionalProperties: false is to the library a schema that nothing fits
  if (problem.keyword === 'boolean') throw new UnprocessableError('settings', `there is no setting ${field}`)
  throw new UnprocessableError(field || 'settings', RULES[field] ?? `${field || 'the settings'}: ${problem.message}`)
}

const RULES: Readonly<Record<string, string>> = {
  url: 'write ldaps://host or ldap://host, with :port where it is not the usual one',
  ca: 'a list of certificates has at most 40,000 characters',
  userAttributes: 'name one to five attributes, each of letters, digits and -',
  'attributes.id': 'name the attribute that never changes, for example entryUUID or objectGUID',
  'attributes.name': 'name the attribute that an account is named after, for example uid',
  'groups.maxDepth': 'choose a depth of 1 to 20',
  timeoutSeconds: 'choose 1 to 60 seconds',
  issuer: 'write the issuer as the provider writes it; it begins with https://',
  clientId: 'the provider gives a client id of at most 300 characters',
}

function checkTogether(settings: LdapSettings): void {
  const { url, tls, ca, way, baseDn, directTemplate, groups } = settings
  const scheme = tls === 'ldaps' ? 'ldaps:' : 'ldap:'
  if (!URL.canParse(url)) throw new UnprocessableError('url', RULES['url'] ?? '')
  if (new URL(url).protocol !== scheme) {
    throw new UnprocessableError('url', 'TLS from the start needs ldaps://, StartTLS needs ldap://')
  }
  checkAuthorities(ca)
  if (baseDn === '')
    throw new UnprocessableError('baseDn', 'say below which entry people are, for example ou=people,dc=city,dc=example')
  if (way === 'direct' && !/^[A-Za-z][A-Za-z0-9-]*=\{name\},[^{}]+$/.test(directTemplate)) {
    throw new UnprocessableError(
      'directTemplate',
      'write the DN of a person with {name} as its first value, for example uid={name},ou=people,dc=city,dc=example',
    )
  }
  if (groups.memberAttribute === 'memberUid' && groups.nested) {
    throw new UnprocessableError('groups.nested', 'a group that lists names (memberUid) holds no groups')
  }
}

function checkAuthorities(pem: string): void {
  if (pem.trim() === '') return
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  const rest = blocks.reduce((text, block) => text.replace(block, ''), pem)
  try {
    if (blocks.length === 0 || rest.includes('-----BEGIN')) throw new Error('not only certificates')
    for (const block of blocks) new X509Certificate(block)
  } catch {
    throw new UnprocessableError('ca', 'paste certificates as PEM: -----BEGIN CERTIFICATE----- and so on, nothing else')
  }
}
