import Value from 'typebox/value'
import type { Context } from '../../context.ts'
import type { Database } from '../../storage/database.ts'
import { LDAP_SETTINGS, type LdapSettings } from '../ldap/settings.ts'
import { OIDC_SETTINGS, type OidcSettings } from '../oidc/settings.ts'

/** The kinds of sign-in providers. */
export type ProviderKind = 'ldap' | 'oidc'

interface ProviderBasics {
  readonly providerNo: number
  /** Stands in addresses and never changes. */
  readonly name: string
  /** As people read it on its button. */
  readonly title: string
  readonly active: boolean
  /** Bind password or client secret; undefined when there is none. Never shown, never logged. */
  readonly secret: string | undefined
  /** When it was last asked, and the step that failed; undefined step when all went well. */
  readonly checkedMicros: number | undefined
  readonly trouble: string | undefined
}

/** An LDAP directory. */
export interface LdapProvider extends ProviderBasics {
  readonly kind: 'ldap'
  readonly settings: LdapSettings
}

/** An OpenID provider. */
export interface OidcProvider extends ProviderBasics {
  readonly kind: 'oidc'
  readonly settings: OidcSettings
}

/** Who can say outside that somebody is who they say they are. */
export type Provider = LdapProvider | OidcProvider

/** A provider of one kind. */
export type ProviderOf<K extends ProviderKind> = Extract<Provider, { readonly kind: K }>

/** The providers that people can sign in with, by title. */
export async function activeProviders(
  database: Database,
): Promise<readonly { readonly name: string; readonly kind: ProviderKind; readonly title: string }[]> {
  return await database.kysely
    .selectFrom('sign_in_provider')
    .select(['name', 'kind', 'title'])
    .where('active', '=', true)
    .orderBy('title')
    .orderBy('name')
    .limit(100)
    .execute()
}

/**
 * A provider that people can sign in with, with its secret opened.
 * @returns undefined when there is none of the name and kind, or it is paused
 */
export async function loadProvider<K extends ProviderKind>(
  context: Pick<Context, 'database' | 'seal'>,
  name: string,
  kind: K,
): Promise<ProviderOf<K> | undefined> {
  const provider = await findProvider(context, name)
  return provider?.active && isOfKind(provider, kind) ? provider : undefined
}

/** A provider for those who look after it, paused or not; undefined when there is none. */
export async function findProvider(
  { database, seal }: Pick<Context, 'database' | 'seal'>,
  name: string,
): Promise<Provider | undefined> {
  const row = await database.kysely
    .selectFrom('sign_in_provider')
    .select(['provider_no', 'name', 'kind', 'title', 'settings', 'secret', 'active', 'checked_micros', 'trouble'])
    .where('name', '=', name)
    .executeTakeFirst()
  if (!row) return undefined
  return providerOf(row, row.secret ? seal.open(row.secret, secretPurpose(row.name)).toString() : undefined)
}

interface Row {
  readonly provider_no: number
  readonly name: string
  readonly kind: ProviderKind
  readonly title: string
  readonly settings: string
  readonly active: boolean
  readonly checked_micros: number | null
  readonly trouble: string | null
}

/** @returns undefined for settings of a newer release that was rolled back: they are never believed */
function providerOf(row: Row, secret: string | undefined): Provider | undefined {
  const basics: ProviderBasics = {
    providerNo: row.provider_no,
    name: row.name,
    title: row.title,
    active: row.active,
    secret,
    checkedMicros: row.checked_micros ?? undefined,
    trouble: row.trouble ?? undefined,
  }
  const settings: unknown = JSON.parse(row.settings)
  if (row.kind === 'ldap')
    return Value.Check(LDAP_SETTINGS, settings) ? { ...basics, kind: 'ldap', settings } : undefined
  return Value.Check(OIDC_SETTINGS, settings) ? { ...basics, kind: 'oidc', settings } : undefined
}

/** Where to reach the providers that people can sign in with, without their secrets. */
export async function reachableProviders(database: Database): Promise<readonly Provider[]> {
  const rows = await database.kysely
    .selectFrom('sign_in_provider')
    .select(['provider_no', 'name', 'kind', 'title', 'settings', 'active', 'checked_micros', 'trouble'])
    .where('active', '=', true)
    .orderBy('name')
    .limit(100)
    .execute()
  return rows.flatMap((row) => providerOf(row, undefined) ?? [])
}

/** All providers, by title. */
export async function listProviders(database: Database) {
  const rows = await database.kysely
    .selectFrom('sign_in_provider')
    .select(['name', 'kind', 'title', 'active', 'checked_micros', 'trouble'])
    .orderBy('title')
    .orderBy('name')
    .limit(100)
    .execute()
  return rows.map(({ checked_micros, trouble, ...row }) => ({
    ...row,
    checkedMicros: checked_micros ?? undefined,
    trouble: trouble ?? undefined,
  }))
}

/** What the secret of a provider is sealed for. */
export function secretPurpose(name: string): string {
  return `sign-in provider ${name}`
}

function isOfKind<K extends ProviderKind>(provider: Provider, kind: K): provider is ProviderOf<K> {
  return provider.kind === kind
}
