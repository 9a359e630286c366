import type { Transaction } from '../storage/database.ts'

/** What is here already, as far as an import could meet it. */
export interface Present {
  /** Accounts by number. */
  readonly accounts: ReadonlyMap<number, { readonly name: string; readonly active: boolean }>
  /** Account names, in lower case. */
  readonly names: ReadonlySet<string>
  /** Accounts by the address that notices go to, in lower case: not proven. */
  readonly mail: ReadonlyMap<string, number>
  /** Accounts by an address that they have proven to read. */
  readonly verified: ReadonlyMap<string, number>
  /** Numbers of people of this source, by their id there. */
  readonly people: ReadonlyMap<string, number>
  /** Groups of this source by their name there. */
  readonly groups: ReadonlyMap<string, { readonly groupNo: number; readonly name: string }>
  /** All groups by name. */
  readonly named: ReadonlyMap<string, number>
  /** Memberships, as {@link pair}. */
  readonly memberships: ReadonlySet<string>
  /** Memberships that there ever were: somebody who left here is not brought back. */
  readonly everMembers: ReadonlySet<string>
  /** Vouches that there ever were, as {@link triple}. */
  readonly vouches: ReadonlySet<string>
  /** Who has which certificate. */
  readonly fingerprints: ReadonlyMap<string, number>
}

/** A membership as a key. */
export function pair(groupNo: number, accountNo: number): string {
  return `${groupNo}:${accountNo}`
}

/** A vouch as a key. */
export function triple(groupNo: number, voucherNo: number, voucheeNo: number): string {
  return `${groupNo}:${voucherNo}:${voucheeNo}`
}

/** Reads what is here, inside the caller's transaction. */
export async function readPresent(trx: Transaction, source: string): Promise<Present> {
  const accounts = await trx.selectFrom('account').select(['account_no', 'name', 'email', 'active']).execute()
  const addresses = await trx
    .selectFrom('account_address')
    .select(['address', 'account_no'])
    .where('verified_micros', 'is not', null)
    .execute()
  const people = await trx
    .selectFrom('imported_person')
    .select(['outside_id', 'account_no'])
    .where('source', '=', source)
    .execute()
  const groups = await trx
    .selectFrom('imported_group')
    .innerJoin('trust_group', 'trust_group.group_no', 'imported_group.group_no')
    .select(['imported_group.outside_name', 'trust_group.group_no', 'trust_group.name'])
    .where('imported_group.source', '=', source)
    .execute()
  const named = await trx.selectFrom('trust_group').select(['group_no', 'name']).execute()
  const memberships = await trx.selectFrom('membership').select(['group_no', 'account_no']).execute()
  const ever = await trx.selectFrom('membership_history').select(['group_no', 'account_no']).distinct().execute()
  const vouches = await trx.selectFrom('vouch').select(['group_no', 'voucher_no', 'vouchee_no']).distinct().execute()
  const certificates = await trx.selectFrom('certificate').select(['fingerprint', 'account_no']).execute()
  return {
    accounts: new Map(accounts.map(({ account_no, name, active }) => [account_no, { name, active }])),
    names: new Set(accounts.map(({ name }) => name.toLowerCase())),
    mail: new Map(
      accounts.flatMap(({ email, account_no }) => (email === null ? [] : [[email.toLowerCase(), account_no]])),
    ),
    verified: new Map(addresses.map(({ address, account_no }) => [address, account_no])),
    people: new Map(people.map(({ outside_id, account_no }) => [outside_id, account_no])),
    groups: new Map(groups.map(({ outside_name, group_no, name }) => [outside_name, { groupNo: group_no, name }])),
    named: new Map(named.map(({ name, group_no }) => [name, group_no])),
    memberships: new Set(memberships.map(({ group_no, account_no }) => pair(group_no, account_no))),
    everMembers: new Set(ever.map(({ group_no, account_no }) => pair(group_no, account_no))),
    vouches: new Set(vouches.map((row) => triple(row.group_no, row.voucher_no, row.vouchee_no))),
    fingerprints: new Map(certificates.map(({ fingerprint, account_no }) => [fingerprint, account_no])),
  }
}
