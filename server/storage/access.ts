import { GROUP_ROLES, type GroupRole } from '../../policies/roles.ts'
import type { Database } from './database.ts'

/** Somebody or something that signs in. */
export interface Account {
  readonly accountNo: number
  readonly name: string
  readonly role: 'member' | 'administrator'
  readonly passwordHash: string | undefined
  /** Raised whenever a credential of the account changes: what was verified before counts no more. */
  readonly credentialGeneration: number
  readonly active: boolean
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

/** A trust group. `name` stands in addresses. */
export interface TrustGroup {
  readonly groupNo: number
  readonly name: string
  readonly title: string
  readonly purpose: string
  /** Whether it demands a second factor of everyone who enters. */
  readonly secondFactor: boolean
}

/** What an account is in a trust group. */
export interface Membership {
  readonly groupNo: number
  readonly accountNo: number
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
}

/** An API root. `path` is one segment without slashes. */
export interface ApiRoot {
  readonly rootNo: number
  readonly path: string
  readonly title: string
  readonly description: string | undefined
  readonly collections: readonly Collection[]
}

/** What an account may do in a collection. */
export interface Right {
  readonly canRead: boolean
  readonly canWrite: boolean
}

/** Settings that no page needs to be shown: the picture itself, and what is sealed. */
const SETTINGS_NOT_FOR_EVERY_PAGE = ['logo', 'mail-password'] as const

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
  readonly #memberships: ReadonlyMap<string, Membership>
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
    this.#memberships = new Map(rows.memberships.map((each) => [`${each.accountNo} ${each.groupNo}`, each]))
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
    return this.#memberships.get(`${accountNo} ${groupNo}`)
  }

  /** The groups that an account is an active member of, by title. */
  groupsOf(accountNo: number): readonly TrustGroup[] {
    return this.groups.filter((group) => this.membership(accountNo, group.groupNo)?.active)
  }

  /** Whether the account has broken the glass of a group and the time is not over. */
  hasBrokenGlass(accountNo: number, groupNo: number, nowMicros: number): boolean {
    return this.#brokenGlass.some(
      (each) => each.accountNo === accountNo && each.groupNo === groupNo && each.expiresMicros > nowMicros,
    )
  }

  /** Nothing that was granted: nothing. Administrators have no more rights to content than they were given. */
  right(account: Account, collection: Collection): Right {
    return this.#rights.get(`${account.accountNo} ${collection.collectionNo}`) ?? NONE
  }
}

interface AccessRows {
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

/** Reads who may do what, in one snapshot. */
export async function loadAccess(database: Database): Promise<Access> {
  return await database.transaction(async (trx) => {
    const site = await trx.selectFrom('site').select('access_generation').forShare().executeTakeFirstOrThrow()
    const accounts = await trx.selectFrom('account').selectAll().execute()
    const tokens = await trx.selectFrom('token').selectAll().where('revoked_micros', 'is', null).execute()
    const passkeys = await trx.selectFrom('passkey').select('account_no').execute()
    const generators = await trx
      .selectFrom('code_generator')
      .select('account_no')
      .where('confirmed_micros', 'is not', null)
      .execute()
    const secondFactors = new Set([...passkeys, ...generators].map((row) => row.account_no))
    const certificates = await trx.selectFrom('account_certificate').selectAll().execute()
    const grants = await trx.selectFrom('collection_grant').selectAll().execute()
    const roots = await trx.selectFrom('api_root').selectAll().orderBy('path').execute()
    const collections = await trx.selectFrom('collection').selectAll().orderBy('collection_id').execute()
    const groups = await trx.selectFrom('trust_group').selectAll().orderBy('title').orderBy('name').execute()
    const memberships = await trx.selectFrom('membership').selectAll().execute()
    const brokenGlass = await trx.selectFrom('break_glass').selectAll().where('ended_micros', 'is', null).execute()
    const settings = await trx
      .selectFrom('setting')
      .selectAll()
      .where('name', 'not in', [...SETTINGS_NOT_FOR_EVERY_PAGE])
      .execute()
    return new Access({
      generation: site.access_generation,
      accounts: accounts.map((row) => ({
        accountNo: row.account_no,
        name: row.name,
        role: row.role,
        passwordHash: row.password_hash ?? undefined,
        credentialGeneration: row.credential_generation,
        active: row.active,
        secondFactor: secondFactors.has(row.account_no),
        displayName: row.display_name || row.name,
        email: row.email ?? undefined,
        language: row.language,
        timeZone: row.time_zone,
      })),
      groups: groups.map((row) => ({
        groupNo: row.group_no,
        name: row.name,
        title: row.title,
        purpose: row.purpose,
        secondFactor: row.second_factor,
      })),
      memberships: memberships.map((row) => ({
        groupNo: row.group_no,
        accountNo: row.account_no,
        active: row.active,
        roles: new Set(GROUP_ROLES.filter((role) => row.roles.split(' ').includes(role))),
      })),
      brokenGlass: brokenGlass.map((row) => ({
        groupNo: row.group_no,
        accountNo: row.account_no,
        expiresMicros: row.expires_micros,
      })),
      settings: new Map(settings.map((row) => [row.name, row.value])),
      tokens: new Map(
        tokens.map((row) => [
          hex(row.sha256),
          {
            tokenNo: row.token_no,
            accountNo: row.account_no,
            scopes: new Set(row.scopes.split(' ')),
            expiresMicros: row.expires_micros,
            strong: row.strong,
          },
        ]),
      ),
      certificates: new Map(certificates.map((row) => [hex(row.fingerprint), row.account_no])),
      rights: new Map(
        grants.map((row) => [
          `${row.account_no} ${row.collection_no}`,
          { canRead: row.can_read, canWrite: row.can_write },
        ]),
      ),
      roots: roots.map((root) => ({
        rootNo: root.root_no,
        path: root.path,
        title: root.title,
        description: root.description ?? undefined,
        collections: collections
          .filter((row) => row.root_no === root.root_no)
          .map((row) => ({
            collectionNo: row.collection_no,
            id: row.collection_id,
            rootNo: row.root_no,
            alias: row.alias ?? undefined,
            title: row.title,
            description: row.description ?? undefined,
            ceiling: row.ceiling,
            defaultLabel: row.default_label,
            closed: row.closed,
          })),
      })),
    })
  })
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
