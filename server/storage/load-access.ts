import { policyFrom } from '../../policies/group-policy.ts'
import { CAPABILITIES, type MemberState } from '../../policies/member-state.ts'
import { GROUP_ROLES, type GroupRole } from '../../policies/roles.ts'
import { Access, type Service } from './access.ts'
import type { Database } from './database.ts'

/** Settings that no page needs to be shown: the picture itself, and what is sealed. */
const SETTINGS_NOT_FOR_EVERY_PAGE = ['logo', 'mail-password'] as const

const ACCOUNT = [
  'account_no',
  'name',
  'role',
  'password_hash',
  'credential_generation',
  'active',
  'display_name',
  'email',
  'language',
  'time_zone',
] as const

/** Sets of roles by the text that a row has: there are few, however many members. */
function rolesReader(): (kept: string) => ReadonlySet<GroupRole> {
  const known = new Map<string, ReadonlySet<GroupRole>>()
  return (kept) => {
    let roles = known.get(kept)
    if (!roles) {
      const names = kept.split(' ')
      roles = new Set(GROUP_ROLES.filter((role) => names.includes(role)))
      known.set(kept, roles)
    }
    return roles
  }
}

/** Reads who may do what, in one snapshot. */
export async function loadAccess(database: Database): Promise<Access> {
  return await database.transaction(async (trx) => {
    const site = await trx.selectFrom('site').select('access_generation').forShare().executeTakeFirstOrThrow()
    const accounts = await trx.selectFrom('account').select(ACCOUNT).execute()
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
    const memberships = await trx
      .selectFrom('membership')
      .select(['group_no', 'account_no', 'state', 'roles'])
      .execute()
    const services = await trx.selectFrom('service_account').selectAll().execute()
    const brokenGlass = await trx.selectFrom('break_glass').selectAll().where('ended_micros', 'is', null).execute()
    const settings = await trx
      .selectFrom('setting')
      .selectAll()
      .where('name', 'not in', [...SETTINGS_NOT_FOR_EVERY_PAGE])
      .execute()
    const doors = doorsOf(accounts, memberships, services, grants)
    const service = new Map(services.map((row) => [row.account_no, row]))
    const rolesOf = rolesReader()
    return new Access({
      generation: site.access_generation,
      accounts: accounts.map((row) => ({
        accountNo: row.account_no,
        name: row.name,
        role: row.role,
        passwordHash: service.has(row.account_no) ? undefined : (row.password_hash ?? undefined),
        credentialGeneration: row.credential_generation,
        active: doors.has(row.account_no),
        service: serviceOf(service.get(row.account_no)),
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
        policy: policyFrom(row.policy),
      })),
      memberships: memberships.map((row) => ({
        groupNo: row.group_no,
        accountNo: row.account_no,
        state: row.state,
        active: CAPABILITIES[row.state].see,
        roles: rolesOf(row.roles),
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
        groupNo: root.group_no ?? undefined,
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
            audience: row.audience,
          })),
      })),
    })
  })
}

/**
 * The accounts that may sign in. Suspended ones may not, nor members whom every group that knew them has shut out (blocked,
 * or remembered as dead), nor programs whose owner may not. Whom the site itself has given something, as administrators or
 * by a right to a collection, is shut out by suspension only: a group must not take what is not its own.
 */
function doorsOf(
  accounts: readonly { readonly account_no: number; readonly active: boolean; readonly role: string }[],
  memberships: readonly { readonly account_no: number; readonly state: MemberState }[],
  services: readonly { readonly account_no: number; readonly owner_no: number }[],
  grants: readonly { readonly account_no: number }[],
): ReadonlySet<number> {
  const shut = new Set<number>()
  const letIn = new Set(grants.map((grant) => grant.account_no))
  for (const { account_no, state } of memberships) {
    if (CAPABILITIES[state].login) letIn.add(account_no)
    else if (state === 'blocked' || state === 'deceased') shut.add(account_no)
  }
  const open = new Set<number>()
  for (const { account_no, active, role } of accounts) {
    if (active && (role === 'administrator' || letIn.has(account_no) || !shut.has(account_no))) open.add(account_no)
  }
  for (const { account_no, owner_no } of services) if (!open.has(owner_no)) open.delete(account_no)
  return open
}

function serviceOf(
  row: { readonly owner_no: number; readonly group_no: number; readonly can_write: boolean } | undefined,
): Service | undefined {
  return row && { ownerNo: row.owner_no, groupNo: row.group_no, canWrite: row.can_write }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
