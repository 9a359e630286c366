import type { Database } from './database.ts'

/** Which of their addresses members show to their groups. */
export interface ShownAddresses {
  /** Numbers of the accounts that keep all of theirs to themselves, in order. */
  readonly hidden: readonly number[]
  /** What members chose for a group, in order; where there is nothing it is the address of the account. */
  readonly chosen: readonly { readonly accountNo: number; readonly groupNo: number; readonly address: string }[]
}

/** Reads what everybody has said of their addresses in some groups. */
export async function shownAddresses(
  { kysely }: Pick<Database, 'kysely'>,
  groupNos: readonly number[],
): Promise<ShownAddresses> {
  const hidden = await kysely
    .selectFrom('profile')
    .select('account_no')
    .where('hide_email', '=', true)
    .orderBy('account_no')
    .execute()
  const chosen = await kysely
    .selectFrom('membership as m')
    .innerJoin('account_address as d', 'd.address_no', 'm.address_no')
    .select(['m.account_no', 'm.group_no', 'd.address'])
    .where('m.group_no', 'in', [...groupNos])
    .where('d.verified_micros', 'is not', null)
    .orderBy('m.account_no')
    .orderBy('m.group_no')
    .execute()
  return {
    hidden: hidden.map((row) => row.account_no),
    chosen: chosen.map((row) => ({ accountNo: row.account_no, groupNo: row.group_no, address: row.address })),
  }
}
