import type { SiteContext } from './site.ts'

/** An API root as lists show it. */
export interface ListedRoot {
  readonly api_root: string
  readonly title: string
  readonly description: string | null
  readonly collections: number
}

const MAX_LISTED = 10_000 // a list that a person reads, or a script in one go

/** The API roots by path, with the number of collections in each. */
export async function listRoots({ database }: Pick<SiteContext, 'database'>): Promise<readonly ListedRoot[]> {
  const rows = await database.kysely
    .selectFrom('api_root')
    .leftJoin('collection', 'collection.root_no', 'api_root.root_no')
    .select(['api_root.path', 'api_root.title', 'api_root.description'])
    .select(({ fn }) => fn.count<number>('collection.collection_no').as('collections'))
    .groupBy(['api_root.path', 'api_root.title', 'api_root.description'])
    .orderBy('api_root.path')
    .limit(MAX_LISTED)
    .execute()
  return rows.map(({ path, title, description, collections }) => ({
    api_root: `/${path}/`,
    title,
    description,
    collections: Number(collections),
  }))
}
