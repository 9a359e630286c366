import { labelOfRank, type Tlp } from '../../policies/tlp.ts'
import type { SiteContext } from './site.ts'

/** A collection as lists show it. Nothing here is computed from objects. */
export interface ListedCollection {
  readonly id: string
  readonly alias: string | null
  readonly api_root: string
  readonly title: string
  readonly description: string | null
  /** The strictest label that it takes. */
  readonly ceiling: Tlp
  /** The label of unmarked objects. */
  readonly default_label: Tlp
  readonly closed: boolean
  readonly audience: 'granted' | 'members' | 'coordinators'
}

const MAX_LISTED = 10_000 // a list that a person reads, or a script in one go

/** All collections, by API root and then in the order in which they were made. */
export async function listCollections({
  database,
}: Pick<SiteContext, 'database'>): Promise<readonly ListedCollection[]> {
  const rows = await database.kysely
    .selectFrom('collection')
    .innerJoin('api_root', 'api_root.root_no', 'collection.root_no')
    .select(['collection_id', 'alias', 'api_root.path', 'collection.title', 'collection.description'])
    .select(['ceiling', 'default_label', 'closed', 'audience'])
    .orderBy('api_root.path')
    .orderBy('collection_no')
    .limit(MAX_LISTED)
    .execute()
  return rows.map((row) => ({
    id: row.collection_id,
    alias: row.alias,
    api_root: `/${row.path}/`,
    title: row.title,
    description: row.description,
    ceiling: labelOfRank(row.ceiling),
    default_label: labelOfRank(row.default_label),
    closed: row.closed,
    audience: row.audience,
  }))
}
