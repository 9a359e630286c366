import type { SiteContext } from './site.ts'

/** Whether nobody has made anything yet: no API root and no account. */
export async function isNewSite({ database }: Pick<SiteContext, 'database'>): Promise<boolean> {
  const root = await database.kysely.selectFrom('api_root').select('root_no').limit(1).executeTakeFirst()
  const account = await database.kysely.selectFrom('account').select('account_no').limit(1).executeTakeFirst()
  return root === undefined && account === undefined
}
