import type { Client, Entry } from 'ldapts'
import type { LdapProvider } from '../providers/providers.ts'
import type { OutsidePerson } from '../providers/outside-person.ts'
import { bind, type PolicyRefusal } from './bind.ts'
import { type Directory, withDirectory } from './connection.ts'
import { escapedValue, personDn } from './dn.ts'
import { idOf, textOf, textsOf } from './entry.ts'
import { findPerson, readPerson } from './find-person.ts'
import { groupsOf } from './groups.ts'
import type { LdapSettings } from './settings.ts'
import { LdapTrouble, type LdapTroubleKind } from './trouble.ts'

/** Longer than any name or password that a directory has; bounds what is sent to it. */
const MAX_NAME = 256
const MAX_PASSWORD = 1024

/** What a directory says of somebody who gave a name and a password. */
export type LdapAnswer =
  /** Groups are DNs in normal form. Who is proven is proven, even where the groups could not be read: see `trouble`. */
  | { readonly ok: true; readonly person: OutsidePerson; readonly trouble: LdapTroubleKind | undefined }
  /** `wrong` is also nobody, several and an empty password: the visitor gets one sentence for all of them. */
  | { readonly ok: false; readonly why: 'wrong' | PolicyRefusal }
  | { readonly ok: false; readonly why: 'unavailable'; readonly trouble: LdapTroubleKind }

/** Asks a directory whether somebody is who they say they are. */
export async function proveLdap(provider: LdapProvider, name: string, password: string): Promise<LdapAnswer> {
  if (!isLine(name, MAX_NAME) || password === '' || password.length > MAX_PASSWORD) return { ok: false, why: 'wrong' }
  try {
    return await withDirectory(provider.settings, (directory) => ask(provider, directory, name, password))
  } catch (error) {
    if (error instanceof LdapTrouble) return { ok: false, why: 'unavailable', trouble: error.kind }
    throw error
  }
}

async function ask(
  provider: LdapProvider,
  { client, settings }: Directory,
  name: string,
  password: string,
): Promise<LdapAnswer> {
  const hit = settings.way === 'direct' ? undefined : await search(provider, client, name)
  const found = hit && isNamed(hit, settings, name) ? hit : undefined
  // with nobody to ask for, an entry that cannot be is asked for: as many questions as for somebody who is there
  const dn = settings.way === 'direct' ? personDn(settings.directTemplate, name) : (found?.dn ?? nobody(settings, name))
  const result = await bind(client, dn, password)
  if (settings.way === 'search-then-bind' && !found) return { ok: false, why: 'wrong' }
  if (result !== 'right') return { ok: false, why: result }
  const entry = found ?? (await readPerson(client, settings, dn))
  if (!entry || !isNamed(entry, settings, name)) return { ok: false, why: 'wrong' }
  const person = personOf(provider, entry)
  try {
    // groups are read by whoever searches: a person may not be let see them
    if (settings.way === 'search-then-bind' || settings.bindDn !== '') await bindSearcher(provider, client)
    return { ok: true, person: { ...person, groups: await groupsOf(client, settings, entry) }, trouble: undefined }
  } catch (error) {
    if (error instanceof LdapTrouble) return { ok: true, person, trouble: 'groups-unread' }
    throw error
  }
}

async function search(provider: LdapProvider, client: Client, name: string): Promise<Entry | undefined> {
  await bindSearcher(provider, client)
  return await findPerson(client, provider.settings, name)
}

/** @throws {LdapTrouble} when the account that searches is refused; without one the search is anonymous */
export async function bindSearcher({ settings, secret }: LdapProvider, client: Client): Promise<void> {
  if (settings.bindDn === '') {
    await client.bind('', '')
    return
  }
  if ((await bind(client, settings.bindDn, secret ?? '')) !== 'right') throw new LdapTrouble('bind-refused')
}

function personOf(provider: LdapProvider, entry: Entry): OutsidePerson {
  const { attributes } = provider.settings
  const subject = idOf(entry, attributes.id)
  if (subject === undefined) throw new LdapTrouble('id-missing')
  const text = (attribute: string) => (attribute === '' ? undefined : textOf(entry, attribute))
  return {
    issuer: ldapIssuer(provider.name),
    subject,
    name: text(attributes.name),
    displayName: text(attributes.displayName),
    email: text(attributes.email),
    timeZone: text(attributes.timeZone),
    groups: undefined,
  }
}

/** What stands for the directory in an identity. */
export function ldapIssuer(providerName: string): string {
  return `ldap:${providerName}`
}

/**
 * Whether an entry has this very name, small and capital letters aside. Directories also take a name with soft hyphens in
 * it (RFC 4518 §2.2): each such spelling would have wrong attempts of its own counted.
 */
function isNamed(entry: Entry, { way, userAttributes, directTemplate }: LdapSettings, name: string): boolean {
  const attributes = way === 'direct' ? [directTemplate.slice(0, directTemplate.indexOf('=')).trim()] : userAttributes
  return attributes.some((attribute) =>
    textsOf(entry, attribute).some((each) => countedName(each) === countedName(name)),
  )
}

/** A name as wrong attempts are counted by it. */
export function countedName(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

function nobody({ baseDn }: LdapSettings, name: string): string {
  return `cn=${escapedValue(`nobody ${name}`)},${baseDn}`
}

function isLine(text: string, maxLength: number): boolean {
  return text !== '' && text.length <= maxLength && text.isWellFormed() && !/\p{Cc}/u.test(text)
}
