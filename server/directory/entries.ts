import { type DirectoryCandidate, directoryAudience, type DirectoryEntry } from '../../policies/directory-entry.ts'
import { CAPABILITIES } from '../../policies/member-state.ts'
import { type Released, releaseDirectoryEntry } from '../../policies/release.ts'
import { normalDn } from '../auth/ldap/dn.ts'
import type { Access, Account, TrustGroup } from '../storage/access.ts'
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

  /** @param hidden numbers of the accounts whose addresses are for nobody else */
  of(access: Access, reader: Reader, hidden: ReadonlySet<number>): Entries {
    let kept = this.#kept.get(access)
    if (!kept) this.#kept.set(access, (kept = new Map()))
    const { account, groups } = reader
    const key = JSON.stringify([account.accountNo, groups.map(({ groupNo }) => groupNo), [...hidden]])
    const entries = kept.get(key) ?? this.#make(access, reader, hidden)
    kept.delete(key)
    const [oldest] = kept.keys()
    if (oldest !== undefined && kept.size >= MAX_KEPT) kept.delete(oldest)
    kept.set(key, entries)
    return entries
  }

  #make(access: Access, { account, groups }: Reader, hidden: ReadonlySet<number>): Entries {
    const as = {
      audience: directoryAudience(this.#tree.personDn(account.name)),
      groupDns: new Set(groups.map(({ name }) => this.#tree.groupDn(name))),
    }
    const showsMail = (person: Account) => person.accountNo === account.accountNo || !hidden.has(person.accountNo)
    const released = this.#candidates(access, groups, showsMail).flatMap(
      (candidate) => releaseDirectoryEntry(candidate, as) ?? [],
    )
    return new Map(released.map((entry) => [normalDn(entry.body.dn), entry]))
  }

  #candidates(
    access: Access,
    groups: readonly TrustGroup[],
    showsMail: (person: Account) => boolean,
  ): readonly DirectoryCandidate[] {
    const groupDnsOf = new Map<Account, string[]>()
    const ofGroups = groups.map((group): DirectoryCandidate => {
      const dn = this.#tree.groupDn(group.name)
      const members = peopleIn(access, group)
      for (const person of members) {
        const own = groupDnsOf.get(person)
        if (own) own.push(dn)
        else groupDnsOf.set(person, [dn])
      }
      const memberDns = members.map(({ name }) => this.#tree.personDn(name))
      const { name, title, purpose, groupNo } = group
      return { kind: 'group', dn, uuid: this.#tree.uuid('group', groupNo), name, title, purpose, memberDns }
    })
    const people = [...groupDnsOf].map(([person, groupDns]): DirectoryCandidate => ({
      kind: 'person',
      dn: this.#tree.personDn(person.name),
      uuid: this.#tree.uuid('person', person.accountNo),
      name: person.name,
      displayName: person.displayName,
      mail: showsMail(person) ? person.email : undefined,
      groupDns,
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
