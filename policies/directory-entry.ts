import type { AudienceId } from './audience.ts'

/** An entry as a reader of the directory gets it. */
export interface DirectoryEntry {
  /** RFC 4514. */
  readonly dn: string
  /** Values by the name of their attribute, as `attribute-types.ts` of the directory spells it; none is empty. */
  readonly attributes: ReadonlyMap<string, readonly string[]>
}

/** Who reads, and which groups they see: the DNs of these. */
export interface DirectoryReader {
  readonly audience: AudienceId
  readonly groupDns: ReadonlySet<string>
}

/** What may become an entry: a person with all groups they are in, a group with all its people, or a branch of the tree. */
export type DirectoryCandidate = DirectoryPerson | DirectoryGroup | DirectoryBranch

interface DirectoryPerson {
  readonly kind: 'person'
  readonly dn: string
  /** RFC 9562; the same for as long as there is the person. */
  readonly uuid: string
  readonly name: string
  readonly displayName: string
  /** DNs of their groups, each with the address that they show there. */
  readonly groups: ReadonlyMap<string, string | undefined>
}

interface DirectoryGroup {
  readonly kind: 'group'
  readonly dn: string
  readonly uuid: string
  readonly name: string
  readonly title: string
  readonly purpose: string
  readonly memberDns: readonly string[]
}

interface DirectoryBranch {
  readonly kind: 'branch'
  readonly dn: string
  readonly uuid: string
  /** The attribute that names it: `dc`, `o` or `ou`. */
  readonly type: string
  readonly value: string
}

/** The rules below, in the form that is hashed and kept with what was released. */
export const DIRECTORY_POLICY_TEXT = '{"mode":"directory","needToKnow":"shared-group","version":1}'

/** The audience that is one reader of the directory, by the DN that it has bound as. */
export function directoryAudience(dn: string): AudienceId {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where a DN becomes an AudienceId
  return `ldap:${dn}` as AudienceId
}

/**
 * The entry of a candidate for a reader: need to know. A group is for those who see it, a person for those who see a group
 * that the person is in, and of that person's groups and addresses only those of these are named.
 * @returns undefined for what the reader may not know to exist; everything for a reader who sees no group
 */
export function directoryEntry(candidate: DirectoryCandidate, reader: DirectoryReader): DirectoryEntry | undefined {
  if (reader.groupDns.size === 0) return undefined
  if (candidate.kind === 'branch') return entry(candidate, branchAttributes(candidate))
  if (candidate.kind === 'group') {
    return reader.groupDns.has(candidate.dn) ? entry(candidate, groupAttributes(candidate)) : undefined
  }
  const shared = [...candidate.groups].filter(([dn]) => reader.groupDns.has(dn))
  return shared.length === 0 ? undefined : entry(candidate, personAttributes(candidate, new Map(shared)))
}

type Attributes = Readonly<Record<string, readonly string[]>>

function entry({ dn, uuid }: DirectoryCandidate, attributes: Attributes): DirectoryEntry {
  const all = Object.entries({ ...attributes, entryUUID: [uuid] })
  return { dn, attributes: new Map(all.filter(([, values]) => values.length > 0)) }
}

function personAttributes({ name, displayName }: DirectoryPerson, shared: DirectoryPerson['groups']): Attributes {
  return {
    objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
    uid: [name],
    cn: [displayName],
    sn: [displayName.trim().split(/\s+/).at(-1) ?? displayName], // inetOrgPerson must have one (RFC 2798)
    displayName: [displayName],
    mail: [...new Set(shared.values())].filter((address) => address !== undefined),
    memberOf: [...shared.keys()],
  }
}

function groupAttributes({ name, title, purpose, memberDns }: DirectoryGroup): Attributes {
  return {
    objectClass: ['top', 'groupOfNames'],
    cn: [name],
    description: [title, purpose].filter((text, at, all) => text !== '' && all.indexOf(text) === at),
    member: memberDns,
  }
}

const BRANCH_CLASSES: Readonly<Record<string, string>> = { dc: 'domain', o: 'organization', ou: 'organizationalUnit' }

function branchAttributes({ type, value }: DirectoryBranch): Attributes {
  return { objectClass: ['top', BRANCH_CLASSES[type] ?? 'extensibleObject'], [type]: [value] }
}
