import { type Database, run, type Transaction } from '../../storage/database.ts'

/** Where somebody works or worked. */
export interface Affiliation {
  readonly organisation: string
  readonly fromMicros: number
  /** Undefined while it lasts. */
  readonly untilMicros: number | undefined
}

const MAX_LISTED = 50

/** Affiliations of an account, the newest first. */
export async function affiliationsOf(
  { kysely }: Pick<Database, 'kysely'>,
  accountNo: number,
): Promise<readonly Affiliation[]> {
  const rows = await kysely
    .selectFrom('affiliation')
    .select(['organisation', 'from_micros', 'until_micros'])
    .where('account_no', '=', accountNo)
    .orderBy('from_micros', 'desc')
    .orderBy('affiliation_no', 'desc')
    .limit(MAX_LISTED)
    .execute()
  return rows.map((row) => ({
    organisation: row.organisation,
    fromMicros: row.from_micros,
    untilMicros: row.until_micros ?? undefined,
  }))
}

/**
 * Makes an organisation the affiliation of an account as of now, inside the caller's transaction: the one before ends in
 * the history. Empty: none from now on.
 * @returns whether it is another than before; the case of letters alone is no other employer
 */
export async function keepAffiliation(
  trx: Transaction,
  wanted: { readonly accountNo: number; readonly organisation: string; readonly nowMicros: number },
): Promise<boolean> {
  const { accountNo, organisation, nowMicros } = wanted
  const before = await trx
    .selectFrom('affiliation')
    .select(['affiliation_no', 'organisation'])
    .where('account_no', '=', accountNo)
    .where('until_micros', 'is', null)
    .executeTakeFirst()
  await run(
    trx,
    `insert into profile (account_no, affiliation, changed_micros) values ($1::int, $2::text, $3::bigint)
     on conflict (account_no) do update set affiliation = excluded.affiliation`,
    [accountNo, organisation, nowMicros],
  )
  if ((before?.organisation ?? '').toLowerCase() === organisation.toLowerCase()) {
    if (before && before.organisation !== organisation) {
      await trx
        .updateTable('affiliation')
        .set({ organisation })
        .where('affiliation_no', '=', before.affiliation_no)
        .execute()
    }
    return false
  }
  if (before) {
    await trx
      .updateTable('affiliation')
      .set({ until_micros: nowMicros })
      .where('affiliation_no', '=', before.affiliation_no)
      .execute()
  }
  if (organisation !== '') {
    await trx
      .insertInto('affiliation')
      .values({ account_no: accountNo, organisation, from_micros: nowMicros })
      .execute()
  }
  return true
}
