import type { Database, Transaction } from '../../storage/database.ts'
import { run } from '../../storage/database.ts'

/** How many addresses one account may have. */
export const MAX_ADDRESSES = 20

/** An address of one's own, as its page shows it. */
export interface OwnAddress {
  /** 0 for the address of an account that was set before addresses were confirmed. */
  readonly addressNo: number
  readonly address: string
  readonly isVerified: boolean
  /** Whether notices of the site go there. */
  readonly isMain: boolean
  /** Titles of the groups that write to it. */
  readonly groups: readonly string[]
}

/** The addresses that an account has proven to read, by name. */
export async function verifiedAddressesOf(
  { kysely }: Pick<Database, 'kysely'>,
  accountNo: number,
): Promise<readonly string[]> {
  const rows = await kysely
    .selectFrom('account_address')
    .select('address')
    .where('account_no', '=', accountNo)
    .where('verified_micros', 'is not', null)
    .orderBy('address')
    .execute()
  return rows.map(({ address }) => address)
}

/**
 * Where mail of a group for one of its members goes: the verified address that they chose for it, else the address of their
 * account.
 * @returns undefined for an account without any, and for whoever has no membership there
 */
export async function addressFor(
  { kysely }: Pick<Database, 'kysely'>,
  accountNo: number,
  groupNo: number,
): Promise<string | undefined> {
  const row = await kysely
    .selectFrom('membership as m')
    .innerJoin('account as a', 'a.account_no', 'm.account_no')
    .leftJoin('account_address as chosen', (join) =>
      join.onRef('chosen.address_no', '=', 'm.address_no').on('chosen.verified_micros', 'is not', null),
    )
    .select(['a.email', 'chosen.address'])
    .where('m.account_no', '=', accountNo)
    .where('m.group_no', '=', groupNo)
    .executeTakeFirst()
  return row?.address ?? row?.email ?? undefined
}

/** The number of the address that a member chose for a group; undefined: the address of the account. */
export async function addressOfMembership(
  { kysely }: Pick<Database, 'kysely'>,
  accountNo: number,
  groupNo: number,
): Promise<number | undefined> {
  const row = await kysely
    .selectFrom('membership')
    .select('address_no')
    .where('account_no', '=', accountNo)
    .where('group_no', '=', groupNo)
    .executeTakeFirst()
  return row?.address_no ?? undefined
}

/** All addresses of an account with what each is used for; the main one first, then by name. */
export async function listAddresses(database: Database, accountNo: number): Promise<readonly OwnAddress[]> {
  const { rows } = await database.transaction((trx) =>
    run<{ address_no: number; address: string; verified: boolean; is_main: boolean; groups: string[] }>(
      trx,
      `select d.address_no, d.address, d.verified_micros is not null as verified,
              coalesce(lower(a.email) = d.address, false) as is_main,
              coalesce((select json_agg(g.title order by g.title) from membership m
                          join trust_group g on g.group_no = m.group_no
                         where m.account_no = d.account_no and m.address_no = d.address_no), '[]') as groups
         from account_address d join account a on a.account_no = d.account_no
        where d.account_no = $1::int
        union all
       select 0, a.email, false, true, '[]' from account a
        where a.account_no = $1::int and a.email is not null
          and not exists (select 1 from account_address d
                           where d.account_no = a.account_no and d.address = lower(a.email))
        order by 4 desc, 2`,
      [accountNo],
    ),
  )
  return rows.map((row) => ({
    addressNo: row.address_no,
    address: row.address,
    isVerified: row.verified,
    isMain: row.is_main,
    groups: row.groups,
  }))
}

/**
 * Keeps that an account reads an address, inside the caller's transaction and after raiseAccess or holdAccess.
 * @param address in any case
 * @returns false where another account has proven to read it: it stays theirs
 */
export async function keepVerified(
  trx: Transaction,
  {
    accountNo,
    address,
    nowMicros,
  }: { readonly accountNo: number; readonly address: string; readonly nowMicros: number },
): Promise<boolean> {
  const { count } = await run(
    trx,
    `insert into account_address (account_no, address, created_micros, verified_micros)
     select $1::int, $2::text, $3::bigint, $3::bigint
      where not exists (select 1 from account_address
                         where address = $2::text and verified_micros is not null and account_no <> $1::int)
     on conflict (account_no, address) do update
        set verified_micros = coalesce(account_address.verified_micros, excluded.verified_micros)`,
    [accountNo, address.toLowerCase(), nowMicros],
  )
  return count > 0
}
