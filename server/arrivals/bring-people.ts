import { run, type Transaction } from '../storage/database.ts'
import type { PersonArrival } from './arrival.ts'
import { batches } from './batches.ts'
import { keyOf } from './people-sources.ts'

/** People who came, by what they were called there. */
export interface Brought {
  readonly accountNo: ReadonlyMap<string, number>
  /** Rows of addresses and certificates, by {@link keyOf} of person and address. */
  readonly addressNo: ReadonlyMap<string, number>
  readonly certificateNo: ReadonlyMap<string, number>
}

/** Makes the accounts of new people, without a way to sign in, and adds to merged ones what they lack. */
export async function bringPeople(
  trx: Transaction,
  source: string,
  people: readonly PersonArrival[],
  nowMicros: number,
): Promise<Brought> {
  const fresh = people.filter(({ how }) => how === 'new')
  const coming = people.filter(({ how }) => how !== 'known')
  const accountNo = new Map(
    people.flatMap((each) => (each.accountNo === undefined ? [] : [[each.there, each.accountNo]])),
  )
  await insertAccounts(trx, fresh, accountNo, nowMicros)
  const numbered = coming.map((person) => ({ person, account_no: numberOf(accountNo, person.there) }))
  for (const part of batches(numbered)) {
    const rows = part.map(({ person, account_no }) => ({ source, outside_id: person.uuid, account_no }))
    await trx.insertInto('imported_person').values(rows).execute()
    await trx
      .insertInto('profile')
      .values(part.map(({ person, account_no }) => ({ account_no, ...person.profile, changed_micros: nowMicros })))
      .onConflict((conflict) => conflict.column('account_no').doNothing())
      .execute()
  }
  await insertAffiliations(trx, fresh, accountNo)
  for (const { person, account_no } of numbered) {
    const { picture } = person
    if (!picture) continue
    const row = { account_no, media_type: picture.mediaType, body: picture.body, changed_micros: nowMicros }
    await trx
      .insertInto('photo')
      .values(row)
      .onConflict((conflict) => conflict.column('account_no').doNothing())
      .execute()
  }
  const addressNo = await insertAddresses(trx, coming, accountNo, nowMicros)
  const certificateNo = await insertCertificates(trx, coming, accountNo, nowMicros)
  return { accountNo, addressNo, certificateNo }
}

/** @throws when the plan names somebody who was not brought */
export function numberOf(numbers: ReadonlyMap<string, number>, there: string): number {
  const found = numbers.get(there)
  if (found === undefined) throw new Error('the plan of the import names somebody who does not come')
  return found
}

async function insertAccounts(
  trx: Transaction,
  fresh: readonly PersonArrival[],
  accountNo: Map<string, number>,
  nowMicros: number,
): Promise<void> {
  const byName = new Map(fresh.map((person) => [person.here, person.there]))
  for (const part of batches(fresh)) {
    const made = await trx
      .insertInto('account')
      .values(
        part.map((person) => ({
          name: person.here,
          role: person.role,
          password_hash: null,
          created_micros: nowMicros,
          display_name: person.displayName === person.here ? '' : person.displayName,
          email: person.email ?? null,
          last_sign_in_micros: null,
          furlough_from_micros: person.away ? nowMicros : null,
          ...(person.timeZone !== '' && { time_zone: person.timeZone }),
        })),
      )
      .returning(['account_no', 'name'])
      .execute()
    for (const { account_no, name } of made) accountNo.set(byName.get(name) ?? '', account_no)
  }
}

async function insertAffiliations(
  trx: Transaction,
  fresh: readonly PersonArrival[],
  accountNo: ReadonlyMap<string, number>,
): Promise<void> {
  for (const part of batches(fresh.filter(({ profile }) => profile.affiliation !== ''))) {
    const rows = part.map((person) => ({
      account_no: numberOf(accountNo, person.there),
      organisation: person.profile.affiliation,
      from_micros: person.enteredMicros,
    }))
    await trx.insertInto('affiliation').values(rows).execute()
  }
}

async function insertAddresses(
  trx: Transaction,
  coming: readonly PersonArrival[],
  accountNo: ReadonlyMap<string, number>,
  nowMicros: number,
): Promise<ReadonlyMap<string, number>> {
  const wanted = coming.flatMap((person) =>
    person.addresses.map(({ address, verified }) => ({
      account_no: numberOf(accountNo, person.there),
      address,
      created_micros: nowMicros,
      verified_micros: verified ? nowMicros : null,
    })),
  )
  for (const part of batches(wanted)) {
    await trx
      .insertInto('account_address')
      .values(part)
      .onConflict((conflict) => conflict.columns(['account_no', 'address']).doNothing())
      .execute()
  }
  const numbers = new Map<string, number>()
  for (const part of batches(coming)) {
    const people = new Map(part.map((person) => [numberOf(accountNo, person.there), person.there]))
    const rows = await trx
      .selectFrom('account_address')
      .select(['address_no', 'account_no', 'address'])
      .where('account_no', 'in', [...people.keys()])
      .execute()
    for (const row of rows) numbers.set(keyOf(people.get(row.account_no) ?? '', row.address), row.address_no)
  }
  return numbers
}

async function insertCertificates(
  trx: Transaction,
  coming: readonly PersonArrival[],
  accountNo: ReadonlyMap<string, number>,
  nowMicros: number,
): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>()
  for (const person of coming) {
    for (const { address, certificate } of person.keys) {
      const account_no = numberOf(accountNo, person.there)
      // one key may be that of several addresses: it is kept once, with the User IDs of all of them that are new
      const { rows } = await run<{ certificate_no: number; counts: boolean }>(
        trx,
        `insert into certificate (account_no, fingerprint, body, addresses, algorithm, key_micros, expires_micros, problems,
                                  origin, added_micros, checked_micros, proven_micros)
         values ($1::int, $2::text, $3::bytea, $4::text, $5::text, $6::bigint, $7::bigint, $8::text, 'import',
                 $9::bigint, $9::bigint, $9::bigint)
         on conflict (account_no, fingerprint) do update set fingerprint = excluded.fingerprint
         returning certificate_no, proven_micros is not null and retired_micros is null as counts`,
        [
          account_no,
          certificate.fingerprint,
          certificate.body,
          certificate.addresses.join(' '),
          certificate.algorithm,
          certificate.madeMicros,
          certificate.expiresMicros ?? null,
          JSON.stringify(certificate.problems),
          nowMicros,
        ],
      )
      const [kept] = rows
      // one that its owner put away here, or never proved, is no key of a group
      if (kept?.counts === true) numbers.set(keyOf(person.there, address), kept.certificate_no)
    }
  }
  return numbers
}
