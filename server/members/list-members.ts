import { CAPABILITIES, MEMBER_STATES, type MemberState } from '../../policies/member-state.ts'
import type { GroupRole } from '../../policies/roles.ts'
import { timestampOf } from '../clock.ts'
import type { Membership } from '../storage/access.ts'
import { type Database, run } from '../storage/database.ts'
import { rolesIn } from './permission.ts'

/** A member as the group sees it. */
export interface ListedMember {
  readonly accountNo: number
  readonly name: string
  readonly displayName: string
  readonly roles: ReadonlySet<GroupRole>
  /** `suspended`: the account is shut for the whole site. */
  readonly state: MemberState | 'suspended'
  readonly sinceMicros: number
}

/** Who looks at a group: the operator at the machine, an administrator of the group, or a member. */
export type Eyes = 'operator' | 'administrator' | 'member'

/** How somebody looks at a group. A site administrator who has broken the glass sees what members see. */
export function eyesOf(membership: Membership | undefined): Eyes {
  return membership?.active && membership.roles.has('group-administrator') ? 'administrator' : 'member'
}

/**
 * States of the memberships that may be listed. Members never see who failed or is blocked. Nominees are on the page of
 * nominations, by what their nominators wrote: the name of an account would tell whether there was one before.
 */
export function statesShownTo(eyes: Eyes): readonly MemberState[] {
  if (eyes === 'operator') return MEMBER_STATES
  const known = MEMBER_STATES.filter((state) => state !== 'nominated' && state !== 'vetted')
  return eyes === 'administrator' ? known : known.filter((state) => !CAPABILITIES[state].hidden)
}

/** Members on one page. */
export const MEMBERS_PAGE = 200

/**
 * Members by the name of their accounts, in one query.
 * @param after the name that the page before ended with
 * @returns up to {@link MEMBERS_PAGE} members; one more when there are more
 */
export async function listMembers(
  database: Database,
  groupNo: number,
  eyes: Eyes,
  after = '',
): Promise<readonly ListedMember[]> {
  return await readMembers(database, groupNo, eyes, { after })
}

/** One member by the name of the account; undefined for anybody else, and for whom these eyes do not see. */
export async function findMember(
  database: Database,
  groupNo: number,
  eyes: Eyes,
  name: string,
): Promise<ListedMember | undefined> {
  const [member] = await readMembers(database, groupNo, eyes, { name })
  return member
}

/** The members who can administer a group now, by name. */
export async function listAdministrators(database: Database, groupNo: number): Promise<readonly ListedMember[]> {
  const rows = await database.kysely
    .selectFrom('membership as m')
    .innerJoin('account as a', 'a.account_no', 'm.account_no')
    .select(MEMBER)
    .where('m.group_no', '=', groupNo)
    .where('m.roles', 'like', '%group-administrator%')
    .where('m.active', '=', true)
    .where('a.active', '=', true)
    .orderBy('a.name')
    .limit(MEMBERS_PAGE)
    .execute()
  return rows.map(memberOf)
}

const MEMBER = [
  'a.account_no',
  'a.name',
  'a.display_name',
  'a.active as account_active',
  'm.roles',
  'm.state',
  'm.created_micros',
] as const

async function readMembers(
  database: Database,
  groupNo: number,
  eyes: Eyes,
  { after, name }: { readonly after?: string; readonly name?: string },
): Promise<readonly ListedMember[]> {
  let query = database.kysely
    .selectFrom('membership as m')
    .innerJoin('account as a', 'a.account_no', 'm.account_no')
    .select(MEMBER)
    .where('m.group_no', '=', groupNo)
    .where('m.state', 'in', statesShownTo(eyes))
  if (after !== undefined) query = query.where('a.name', '>', after)
  if (name !== undefined) query = query.where('a.name', '=', name)
  const rows = await query
    .orderBy('a.name')
    .limit(MEMBERS_PAGE + 1)
    .execute()
  return rows.map(memberOf)
}

function memberOf(row: {
  readonly account_no: number
  readonly name: string
  readonly display_name: string
  readonly account_active: boolean
  readonly roles: string
  readonly state: MemberState
  readonly created_micros: number
}): ListedMember {
  return {
    accountNo: row.account_no,
    name: row.name,
    displayName: row.display_name || row.name,
    roles: rolesIn(row.roles),
    state: row.account_active ? row.state : 'suspended',
    sinceMicros: row.created_micros,
  }
}

/** A group as the site sees it: that it is there, and whether somebody looks after it. Not who is in it, nor how many. */
export interface ListedGroup {
  readonly name: string
  readonly title: string
  readonly administrators: number
  readonly second_factor: boolean
  readonly created: string
}

const MAX_GROUPS = 1000

/** All groups by title. */
export async function listGroups({ database }: { readonly database: Database }): Promise<readonly ListedGroup[]> {
  const { rows } = await database.transaction((trx) =>
    run<Omit<ListedGroup, 'administrators' | 'created'> & { created_micros: number; administrators: number | string }>(
      trx,
      `select g.name, g.title, g.second_factor, g.created_micros,
              (select count(*) from membership m join account a on a.account_no = m.account_no
                where m.group_no = g.group_no and m.active and a.active
                  and ' ' || m.roles || ' ' like '% group-administrator %') as administrators
         from trust_group g order by g.title, g.name limit ${MAX_GROUPS}`,
    ),
  )
  return rows.map(({ created_micros, ...row }) => ({
    ...row,
    administrators: Number(row.administrators),
    created: timestampOf(Number(created_micros)),
  }))
}
