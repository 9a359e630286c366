import { timestampOf } from '../clock.ts'
import type { SiteContext } from './site.ts'

/** An account as lists show it. */
export interface ListedAccount {
  readonly name: string
  readonly role: 'member' | 'administrator'
  readonly active: boolean
  readonly password: boolean
  readonly certificates: number
  /** Collections by id. */
  readonly read: readonly string[]
  readonly write: readonly string[]
  readonly created: string
}

const MAX_LISTED = 10_000 // a list that a person reads, or a script in one go

/** All accounts by name, with their rights. */
export async function listAccounts({ database }: Pick<SiteContext, 'database'>): Promise<readonly ListedAccount[]> {
  const accounts = await database.kysely
    .selectFrom('account')
    .select(['account_no', 'name', 'role', 'active', 'created_micros'])
    .select(({ eb }) => eb('password_hash', 'is not', null).as('password'))
    .orderBy('name')
    .limit(MAX_LISTED)
    .execute()
  const grants = await database.kysely
    .selectFrom('collection_grant')
    .innerJoin('collection', 'collection.collection_no', 'collection_grant.collection_no')
    .select(['account_no', 'collection_id', 'can_read', 'can_write'])
    .orderBy('collection.collection_no')
    .execute()
  const certificates = await database.kysely.selectFrom('account_certificate').select('account_no').execute()
  const rightsOf = Map.groupBy(grants, (grant) => grant.account_no)
  const certificatesOf = Map.groupBy(certificates, (certificate) => certificate.account_no)
  return accounts.map((account) => {
    const rights = rightsOf.get(account.account_no) ?? []
    return {
      name: account.name,
      role: account.role,
      active: account.active,
      password: Boolean(account.password),
      certificates: certificatesOf.get(account.account_no)?.length ?? 0,
      read: rights.filter((right) => right.can_read).map((right) => right.collection_id),
      write: rights.filter((right) => right.can_write).map((right) => right.collection_id),
      created: timestampOf(account.created_micros),
    }
  })
}
