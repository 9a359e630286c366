import { type DirectoryCandidate, directoryAudience, type DirectoryEntry } from '../../policies/directory-entry.ts'
import { CAPABILITIES } from '../../policies/member-state.ts'
import { type Released, releaseDirectoryEntry } from '../../policies/release.ts'
import { normalDn } from '../auth/ldap/dn.ts'
import type { Access, Account, TrustGroup } from '../storage/access.ts'
import type { ShownAddresses } from '../storage/shown-addresses.ts'
import type { Reader } from './reader.ts'
import type { Tree } from './tree.ts'

/** Everything that one reader may have, by its DN in normal form: branches, then groups, then people. */
export type Entries = ReadonlyMap<string, Released<DirectoryEntry>>

/** Readers whose entries are kept, while nobody's rights change. */
const MAX_KEPT = 16

/** Makes entries out of the access snapshot, and keeps those of the last readers. */
export class EntriesOfReaders {
  readonly #tree: Tree
  readonly #kept = new WeakMap<Access, Map<string, Entries>>()

  constructor(tree: Tree) {
    this.#tree = tree
  }

  of(access: Access, reader: Reader, addresses: ShownAddresses): Entries {
    let kept = this.#kept.get(access)
    if (!kept) this.#kept.set(access, (kept = new Map()))
    const { account, groups } = reader
    const key = JSON.stringify([account.accountNo, groups.map(({ groupNo }) => groupNo), addresses])
    const entries = kept.get(key) ?? this.#make(access, reader, addresses)
    kept.delete(key)
    const [oldest] = kept.keys()
    if (oldest !== undefined && kept.size >= MAX_KEPT) kept.delete(oldest)
    kept.set(key, entries)
    return entries
  }

  #make(access: Access, { account, groups }: Reader, addresses: ShownAddresses): Entries {
    const as = {
      audience: directoryAudience(this.#tree.personDn(account.name)),
      groupDns: new Set(groups.map(({ name }) => this.#tree.groupDn(name))),
    }
    const hidden = new Set(addresses.hidden)
    hidden.delete(account.accountNo)
    const chosen = new Map(addresses.chosen.map((each) => [`${each.accountNo} ${each.groupNo}`, each.address]))
    const addressIn = (person: Account, group: TrustGroup) =>
      hidden.has(person.accountNo) ? undefined : (chosen.get(`${person.accountNo} ${group.groupNo}`) ?? person.email)
    const released = this.#candidates(access, groups, addressIn).flatMap(
      (candidate) => releaseDirectoryEntry(candidate, as) ?? [],
    )
    return new Map(released.map((entry) => [normalDn(entry.body.dn), entry]))
  }

  #candidates(
    access: Access,
    groups: readonly TrustGroup[],
    addressIn: (person: Account, group: TrustGroup) => string | undefined,
  ): readonly DirectoryCandidate[] {
    const mailIn = new Map<Account, Map<string, string | undefined>>()
    const ofGroups = groups.map((group): DirectoryCandidate => {
      const dn = this.#tree.groupDn(group.name)
      const members = peopleIn(access, group)
      for (const person of members) {
        const own = mailIn.get(person) ?? new Map<string, string | undefined>()
        mailIn.set(person, own.set(dn, addressIn(person, group)))
      }
      const memberDns = members.map(({ name }) => this.#tree.personDn(name))
      const { name, title, purpose, groupNo } = group
      return { kind: 'group', dn, uuid: this.#tree.uuid('group', groupNo), name, title, purpose, memberDns }
    })
    const people = [...mailIn].map(([person, groups]): DirectoryCandidate => ({
      kind: 'person',
      dn: this.#tree.personDn(person.name),
      uuid: this.#tree.uuid('person', person.accountNo),
      name: person.name,
      displayName: person.displayName,
      groups,
    }))
    return [...this.#tree.branches(), ...ofGroups, ...people]
  }
}

/** The people of a group: those whose state lets them see it, and who may sign in. */
function peopleIn(access: Access, group: TrustGroup): readonly Account[] {
  return access.membersOf(group.groupNo).flatMap(({ accountNo, state }) => {
    const account = CAPABILITIES[state].see ? access.account(accountNo) : undefined
    return account?.active ? account : []
  })
}
