import type { Database } from '../storage/database.ts'
import { CERTIFICATE, type CertificateRow } from './certificate-row.ts'

/** Members with a key on one page. */
export const PINNED_PAGE = 500

/**
 * The keys that a group has for its members, by the names of the accounts: one query a page.
 * @param after the name that the page before ended with
 * @returns up to {@link PINNED_PAGE} members; one more when there are more
 */
export async function pinnedKeys(
  { kysely }: Pick<Database, 'kysely'>,
  groupNo: number,
  after = '',
): Promise<readonly (CertificateRow & { readonly name: string })[]> {
  return await kysely
    .selectFrom('membership as m')
    .innerJoin('account as a', 'a.account_no', 'm.account_no')
    .innerJoin('certificate as c', 'c.certificate_no', 'm.certificate_no')
    .select('a.name')
    .select(CERTIFICATE.map((column) => `c.${column}` as const))
    .where('m.group_no', '=', groupNo)
    .where('a.name', '>', after)
    .orderBy('a.name')
    .limit(PINNED_PAGE + 1)
    .execute()
}
