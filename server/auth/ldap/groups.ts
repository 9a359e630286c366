import { type Client, type Entry, EqualityFilter, type Filter, OrFilter, PresenceFilter } from 'ldapts'
import { isBelow, normalDn } from './dn.ts'
import { textOf, textsOf } from './entry.ts'
import type { LdapSettings } from './settings.ts'
import { LdapTrouble, RESULT, troubleOf } from './trouble.ts'

/** Bounds of what one person's groups may cost: a directory that nests in circles or lists all the world is cut here. */
const MAX_GROUPS = 2000
const PAGE = 200
const FILTERS_AT_ONCE = 25

/**
 * The groups that list a person, by DN in normal form, those in which such a group is nested included when wanted;
 * undefined when no groups are to be asked for.
 * @throws {LdapTrouble} `too-many` above 2,000 groups: a part of them would withdraw proposals that hold
 */
export async function groupsOf(
  client: Client,
  settings: LdapSettings,
  person: Entry,
): Promise<readonly string[] | undefined> {
  const { baseDn, memberAttribute, nested, maxDepth } = settings.groups
  if (baseDn === '') return undefined
  const name = textOf(person, settings.attributes.name)
  const found = new Set<string>()
  let level: readonly string[] = memberAttribute === 'memberUid' ? (name ? [name] : []) : [person.dn]
  let entry: Entry | undefined = person
  for (let depth = 0; level.length > 0 && depth < (nested ? maxDepth : 1); depth += 1) {
    const groups: readonly string[] =
      memberAttribute === 'memberOf'
        ? await groupsNamedIn(client, settings, level, entry)
        : await groupsThatList(client, settings, level)
    entry = undefined
    const fresh = groups.filter((dn) => isBelow(dn, baseDn) && !found.has(normalDn(dn)))
    for (const dn of fresh) found.add(normalDn(dn))
    if (found.size > MAX_GROUPS) throw new LdapTrouble('too-many')
    level = fresh
  }
  return [...found].toSorted()
}

/** `memberOf` of the entries: the group's side of it is the directory's. */
async function groupsNamedIn(
  client: Client,
  settings: LdapSettings,
  dns: readonly string[],
  entry: Entry | undefined,
): Promise<readonly string[]> {
  if (entry) return textsOf(entry, 'memberOf')
  const groups: string[] = []
  for (const dn of dns) {
    const filter = new PresenceFilter({ attribute: 'objectClass' })
    const found = await search(client, settings, { base: dn, scope: 'base', filter, attributes: ['memberOf'] })
    groups.push(...found.flatMap((each) => textsOf(each, 'memberOf')))
  }
  return groups
}

async function groupsThatList(
  client: Client,
  settings: LdapSettings,
  members: readonly string[],
): Promise<readonly string[]> {
  const { baseDn, memberAttribute } = settings.groups
  const groups: string[] = []
  for (let from = 0; from < members.length; from += FILTERS_AT_ONCE) {
    const filters = members
      .slice(from, from + FILTERS_AT_ONCE)
      .map((value) => new EqualityFilter({ attribute: memberAttribute, value }))
    const filter = new OrFilter({ filters })
    const found = await search(client, settings, { base: baseDn, scope: 'sub', filter, attributes: ['1.1'] })
    groups.push(...found.map((each) => each.dn))
  }
  return groups
}

/** In pages (RFC 2696): a directory answers at most so many entries at once. */
async function search(
  client: Client,
  { timeoutSeconds }: LdapSettings,
  question: {
    readonly base: string
    readonly scope: 'sub' | 'base'
    readonly filter: Filter
    readonly attributes: string[]
  },
): Promise<readonly Entry[]> {
  const { base, ...rest } = question
  const entries: Entry[] = []
  try {
    const paged = question.scope === 'sub' && { paged: { pageSize: PAGE } }
    for await (const page of client.searchPaginated(base, { ...rest, ...paged, timeLimit: timeoutSeconds })) {
      entries.push(...page.searchEntries)
      if (entries.length > MAX_GROUPS) throw new LdapTrouble('too-many')
    }
  } catch (error) {
    // a group that a memberOf names and nobody may read holds no groups for us
    const trouble = troubleOf(error, 'search-refused')
    if (question.scope === 'base' && RESULT.noSuchObject === codeOf(error)) return []
    throw trouble
  }
  return entries
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
