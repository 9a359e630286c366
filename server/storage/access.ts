import { type Actor, can } from '../../policies/can.ts'
import type { GroupPolicy } from '../../policies/group-policy.ts'
import { CAPABILITIES, type MemberState } from '../../policies/member-state.ts'
import type { GroupRole } from '../../policies/roles.ts'
import { labelOfRank } from '../../policies/tlp.ts'

/** Somebody or something that signs in. */
export interface Account {
  readonly accountNo: number
  readonly name: string
  readonly role: 'member' | 'administrator'
  readonly passwordHash: string | undefined
  /** Raised whenever a credential of the account changes: what was verified before counts no more. */
  readonly credentialGeneration: number
  /** False for one that is suspended, whose groups shut it out, or whose owner is not active. */
  readonly active: boolean
  /** Of a program: the member whose rights it has a part of. */
  readonly service: Service | undefined
  /** Whether it has a passkey or a code generator: then a password alone signs in nowhere. */
  readonly secondFactor: boolean
  /** As people call it; the account's name where nothing was given. */
  readonly displayName: string
  readonly email: string | undefined
  /** BCP 47. */
  readonly language: string
  /** IANA name. */
  readonly timeZone: string
}

/** Of a program: whose it is, and what it may do for them. */
export interface Service {
  readonly ownerNo: number
  readonly groupNo: number
  readonly canWrite: boolean
}

/** A trust group. `name` stands in addresses. */
export interface TrustGroup {
  readonly groupNo: number
  readonly name: string
  readonly title: string
  readonly purpose: string
  /** Whether it demands a second factor of everyone who enters. */
  readonly secondFactor: boolean
  readonly policy: GroupPolicy
}

/** What an account is in a trust group. */
export interface Membership {
  readonly groupNo: number
  readonly accountNo: number
  readonly state: MemberState
  /** Whether the state lets the member see the group. */
  readonly active: boolean
  readonly roles: ReadonlySet<GroupRole>
}

/** A site administrator's look into a group. */
export interface BrokenGlass {
  readonly groupNo: number
  readonly accountNo: number
  readonly expiresMicros: number
}

/** An API token; its text is nowhere kept. */
export interface Token {
  readonly tokenNo: number
  readonly accountNo: number
  readonly scopes: ReadonlySet<string>
  readonly expiresMicros: number
  /** Whether it was made behind a second factor, or by the operator. */
  readonly strong: boolean
}

/** A collection: the view of one audience. */
export interface Collection {
  readonly collectionNo: number
  readonly id: string
  readonly rootNo: number
  readonly alias: string | undefined
  readonly title: string
  readonly description: string | undefined
  /** Rank of the strictest label that it takes. */
  readonly ceiling: number
  /** Rank of the label of unmarked objects. */
  readonly defaultLabel: number
  readonly closed: boolean
  /** Who of the group that owns the root reads it; `granted`: accounts that were named, and nobody else. */
  readonly audience: 'granted' | 'members' | 'coordinators'
}

/** An API root. `path` is one segment without slashes. */
export interface ApiRoot {
  readonly rootNo: number
  readonly path: string
  /** The trust group that it belongs to; undefined for one of the site. */
  readonly groupNo: number | undefined
  readonly title: string
  readonly description: string | undefined
  readonly collections: readonly Collection[]
}

/** What an account may do in a collection. */
export interface Right {
  readonly canRead: boolean
  readonly canWrite: boolean
}

const NONE: Right = { canRead: false, canWrite: false }

/** Who may do what, as of one generation. Immutable: a change makes a new one. */
export class Access {
  readonly generation: number
  readonly roots: readonly ApiRoot[]
  readonly #accounts: ReadonlyMap<number, Account>
  readonly #byName: ReadonlyMap<string, Account>
  readonly #tokens: ReadonlyMap<string, Token>
  readonly #certificates: ReadonlyMap<string, number>
  readonly #rights: ReadonlyMap<string, Right>
  readonly #rootByPath: ReadonlyMap<string, ApiRoot>
  readonly #groupByName: ReadonlyMap<string, TrustGroup>
  /** By account, then by group. */
  readonly #memberships = new Map<number, Map<number, Membership>>()
  #byGroup: ReadonlyMap<number, readonly Membership[]> | undefined
  readonly #groupByNumber: ReadonlyMap<number, TrustGroup>
  readonly #groupOfRoot: ReadonlyMap<number, number>
  readonly #brokenGlass: readonly BrokenGlass[]
  /** Trust groups by title. */
  readonly groups: readonly TrustGroup[]
  /** Settings of the site as JSON, by name; server/site/settings.ts reads them. Secrets and pictures are not here. */
  readonly settings: ReadonlyMap<string, string>

  constructor(rows: AccessRows) {
    this.generation = rows.generation
    this.roots = rows.roots
    this.groups = rows.groups
    this.settings = rows.settings
    this.#groupByName = new Map(rows.groups.map((group) => [group.name, group]))
    this.#groupByNumber = new Map(rows.groups.map((group) => [group.groupNo, group]))
    for (const each of rows.memberships) {
      const own = this.#memberships.get(each.accountNo)
      if (own) own.set(each.groupNo, each)
      else this.#memberships.set(each.accountNo, new Map([[each.groupNo, each]]))
    }
    this.#groupOfRoot = new Map(
      rows.roots.flatMap(({ rootNo, groupNo }) => (groupNo === undefined ? [] : [[rootNo, groupNo] as const])),
    )
    this.#brokenGlass = rows.brokenGlass
    this.#accounts = new Map(rows.accounts.map((account) => [account.accountNo, account]))
    this.#byName = new Map(rows.accounts.map((account) => [account.name, account]))
    this.#tokens = rows.tokens
    this.#certificates = rows.certificates
    this.#rights = rows.rights
    this.#rootByPath = new Map(rows.roots.map((root) => [root.path, root]))
  }

  account(accountNo: number): Account | undefined {
    return this.#accounts.get(accountNo)
  }

  accountNamed(name: string): Account | undefined {
    return this.#byName.get(name)
  }

  /** The accounts that somebody may mean by a name or an e-mail address; only ever to be told of, never to be let in. */
  accountsCalled(text: string): readonly Account[] {
    const named = this.#byName.get(text)
    if (named) return [named]
    const address = text.toLowerCase()
    return [...this.#accounts.values()].filter((account) => account.email?.toLowerCase() === address)
  }

  /** How many accounts that may sign in look after the site. */
  get administratorCount(): number {
    return [...this.#accounts.values()].filter(({ active, role }) => active && role === 'administrator').length
  }

  /** By SHA-256 of its text, in hex. Revoked tokens are not here; expiry is the caller's check. */
  token(sha256: string): Token | undefined {
    return this.#tokens.get(sha256)
  }

  /** The account of a client certificate by SHA-256 of its DER form, in hex. */
  accountOfCertificate(fingerprint: string): Account | undefined {
    const accountNo = this.#certificates.get(fingerprint)
    return accountNo === undefined ? undefined : this.account(accountNo)
  }

  root(path: string): ApiRoot | undefined {
    return this.#rootByPath.get(path)
  }

  group(name: string): TrustGroup | undefined {
    return this.#groupByName.get(name)
  }

  membership(accountNo: number, groupNo: number): Membership | undefined {
    return this.#memberships.get(accountNo)?.get(groupNo)
  }

  /** The groups that let an account in, by title: also those in which it is not active yet. */
  groupsOf(accountNo: number): readonly TrustGroup[] {
    const own = [...(this.#memberships.get(accountNo)?.values() ?? [])].filter(({ state }) => CAPABILITIES[state].login)
    return own
      .flatMap(({ groupNo }) => this.#groupByNumber.get(groupNo) ?? [])
      .sort((a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : a.groupNo - b.groupNo))
  }

  /** Every membership in a group, whatever its state. */
  membersOf(groupNo: number): readonly Membership[] {
    this.#byGroup ??= Map.groupBy(
      [...this.#memberships.values()].flatMap((own) => [...own.values()]),
      (membership) => membership.groupNo,
    )
    return this.#byGroup.get(groupNo) ?? []
  }

  groupNumbered(groupNo: number): TrustGroup | undefined {
    return this.#groupByNumber.get(groupNo)
  }

  /** Whether the account has broken the glass of a group and the time is not over. */
  hasBrokenGlass(accountNo: number, groupNo: number, nowMicros: number): boolean {
    return this.#brokenGlass.some(
      (each) => each.accountNo === accountNo && each.groupNo === groupNo && each.expiresMicros > nowMicros,
    )
  }

  /**
   * What an account may do in a collection: what was granted to it, and what it may as a member of the group that owns the
   * collection. Nothing of both: nothing. Administrators of the site have no more rights to content than they were given.
   * @param strong whether the sign-in counts as one with a second factor
   */
  right(account: Account, collection: Collection, strong: boolean): Right {
    const granted = this.#rights.get(`${account.accountNo} ${collection.collectionNo}`) ?? NONE
    const own = this.#rightOfMember(account, collection, strong)
    return own === NONE
      ? granted
      : { canRead: granted.canRead || own.canRead, canWrite: granted.canWrite || own.canWrite }
  }

  #rightOfMember(account: Account, collection: Collection, strong: boolean): Right {
    const groupNo = this.#groupOfRoot.get(collection.rootNo)
    const group = groupNo === undefined ? undefined : this.#groupByNumber.get(groupNo)
    if (!group || collection.audience === 'granted') return NONE
    const { service } = account
    if (service) {
      const owner = service.groupNo === group.groupNo ? this.account(service.ownerNo) : undefined
      const right = owner && !owner.service ? this.#rightOfMember(owner, collection, strong) : NONE
      return { canRead: right.canRead, canWrite: right.canWrite && service.canWrite }
    }
    const membership = this.membership(account.accountNo, group.groupNo)
    if (!membership) return NONE
    const isCoordinator = membership.roles.has('coordinator') || membership.roles.has('group-administrator')
    if (collection.audience === 'coordinators' && !isCoordinator) return NONE
    const { accountNo, active } = account
    const actor: Actor = { accountNo, active, siteAdministrator: false, secondFactor: strong }
    const label = labelOfRank(collection.ceiling)
    const subject = { kind: 'group', membership, brokenGlass: false, secondFactor: group.secondFactor, label } as const
    const canRead = can(actor, 'read-content', subject).ok
    return { canRead, canWrite: CAPABILITIES[membership.state].send && can(actor, 'contribute', subject).ok }
  }
}

/** What a snapshot is made of. */
export interface AccessRows {
  readonly generation: number
  readonly accounts: readonly Account[]
  readonly tokens: ReadonlyMap<string, Token>
  readonly certificates: ReadonlyMap<string, number>
  readonly rights: ReadonlyMap<string, Right>
  readonly roots: readonly ApiRoot[]
  readonly groups: readonly TrustGroup[]
  readonly memberships: readonly Membership[]
  readonly brokenGlass: readonly BrokenGlass[]
  readonly settings: ReadonlyMap<string, string>
}

/** Finds a collection by its UUID or its alias (TAXII 2.1 §5.2). */
export function findCollection(root: ApiRoot, key: string): Collection | undefined {
  return root.collections.find((collection) => collection.id === key || collection.alias === key)
}
