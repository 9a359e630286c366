import type { Database } from '../storage/database.ts'

/** A program of a member as lists show it. */
export interface ListedService {
  readonly account: string
  readonly owner: string
  readonly ownerName: string
  readonly group: string
  readonly groupTitle: string
  readonly canWrite: boolean
  readonly purpose: string
  readonly createdMicros: number
  /** When a token of it was last used; undefined for never. */
  readonly usedMicros: number | undefined
}

const MAX_LISTED = 500

/** The programs that work: of one member, in one group, the one of an account, or those of everybody; by name, in one query. */
export async function listServices(
  database: Database,
  of: { readonly owner: string } | { readonly group: string } | { readonly account: string } | 'everybody',
): Promise<readonly ListedService[]> {
  const every = database.kysely
    .selectFrom('service_account as s')
    .innerJoin('account as a', 'a.account_no', 's.account_no')
    .innerJoin('account as o', 'o.account_no', 's.owner_no')
    .innerJoin('trust_group as g', 'g.group_no', 's.group_no')
    .leftJoin('token as t', 't.account_no', 's.account_no')
    .select(['a.name as account', 'o.name as owner', 'o.display_name', 'g.name as group', 'g.title', 's.can_write'])
    .select(['s.purpose', 's.created_micros'])
    .select(({ fn }) => fn.max('t.last_used_micros').as('used_micros'))
    .where('a.active', '=', true)
    .groupBy([
      'a.name',
      'o.name',
      'o.display_name',
      'g.name',
      'g.title',
      's.can_write',
      's.purpose',
      's.created_micros',
    ])
    .orderBy('a.name')
    .limit(MAX_LISTED)
  const some =
    of === 'everybody'
      ? every
      : 'owner' in of
        ? every.where('o.name', '=', of.owner)
        : 'group' in of
          ? every.where('g.name', '=', of.group)
          : every.where('a.name', '=', of.account)
  const rows = await some.execute()
  return rows.map((row) => ({
    account: row.account,
    owner: row.owner,
    ownerName: row.display_name || row.owner,
    group: row.group,
    groupTitle: row.title,
    canWrite: row.can_write,
    purpose: row.purpose,
    createdMicros: Number(row.created_micros),
    usedMicros: row.used_micros === null ? undefined : Number(row.used_micros),
  }))
}
