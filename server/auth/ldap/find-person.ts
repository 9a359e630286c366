import { type Client, type Entry, EqualityFilter, OrFilter, PresenceFilter } from 'ldapts'
import type { LdapSettings } from './settings.ts'
import { LdapTrouble, troubleOf } from './trouble.ts'

/**
 * Looks for the one entry whose attribute is a name. Filters are objects, so that nothing in a name is syntax.
 * @returns undefined when there is none, or more than one
 * @throws {LdapTrouble} when the directory did not search; a referral is not followed, since it names any server
 */
export async function findPerson(client: Client, settings: LdapSettings, name: string): Promise<Entry | undefined> {
  const filters = settings.userAttributes.map((attribute) => new EqualityFilter({ attribute, value: name }))
  const [only] = filters
  const filter = only && filters.length === 1 ? only : new OrFilter({ filters })
  return await onlyEntry(client, settings, settings.baseDn, 'sub', filter)
}

/** The entry that somebody has just signed in as, read by themselves. */
export async function readPerson(client: Client, settings: LdapSettings, dn: string): Promise<Entry | undefined> {
  return await onlyEntry(client, settings, dn, 'base', new PresenceFilter({ attribute: 'objectClass' }))
}

async function onlyEntry(
  client: Client,
  settings: LdapSettings,
  base: string,
  scope: 'sub' | 'base',
  filter: EqualityFilter | OrFilter | PresenceFilter,
): Promise<Entry | undefined> {
  const { id } = settings.attributes
  try {
    const { searchEntries } = await client.search(base, {
      scope,
      filter,
      attributes: wantedAttributes(settings),
      explicitBufferAttributes: [id],
      sizeLimit: 2, // a second one is enough to refuse
      timeLimit: settings.timeoutSeconds,
    })
    const [entry, another] = searchEntries
    return another ? undefined : entry
  } catch (error) {
    const trouble = troubleOf(error, 'search-refused')
    if (scope === 'base' && trouble.kind === 'base-unknown') throw new LdapTrouble('id-missing', error)
    throw trouble
  }
}

function wantedAttributes({ attributes, userAttributes, way, directTemplate, groups }: LdapSettings): string[] {
  const { id, name, displayName, email, timeZone } = attributes
  const memberOf = groups.memberAttribute === 'memberOf' ? ['memberOf'] : []
  const named = way === 'direct' ? [directTemplate.slice(0, directTemplate.indexOf('=')).trim()] : userAttributes
  return [...new Set([id, name, displayName, email, timeZone, ...named, ...memberOf])].filter((each) => each !== '')
}
