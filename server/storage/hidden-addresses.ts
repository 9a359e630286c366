import type { Database } from './database.ts'

/** Numbers of the accounts that keep their e-mail address to themselves, in order. */
export async function hiddenAddresses(database: Database): Promise<ReadonlySet<number>> {
  const rows = await database.kysely
    .selectFrom('profile')
    .select('account_no')
    .where('hide_email', '=', true)
    .orderBy('account_no')
    .execute()
  return new Set(rows.map((row) => row.account_no))
}
