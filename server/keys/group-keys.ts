import { statesThat } from '../../policies/member-state.ts'
import { type CertificateProblem, endsEncryption, HARMLESS } from '../../mail/openpgp/certificate.ts'
import { armoredKeyring } from '../../mail/openpgp/keyring.ts'
import { withOnlyAddress } from '../../mail/openpgp/only-address.ts'
import { ConflictError } from '../errors.ts'
import { type Database, run } from '../storage/database.ts'
import { problemsOf } from './certificate-row.ts'

/** A member whose key needs care. */
export interface KeyCare {
  readonly account: string
  readonly displayName: string
  /** `no-key`: none was chosen for the group; `unproven`: nobody has proven to hold it; `retired`: it was put away. */
  readonly reason: 'no-key' | 'unproven' | 'retired' | 'expires-soon' | CertificateProblem
  readonly fingerprint: string | undefined
  readonly expiresMicros: number | undefined
}

/** How the keys of a group are: of everybody whom it has let in, since whoever lacks one may be inactive for just that. */
export interface KeyHealth {
  readonly members: number
  /** Of them, who can read what is encrypted for the group. */
  readonly canDecrypt: number
  /** Who cannot, and whose key ends within 60 days; those who cannot first. At most {@link MAX_CARE}. */
  readonly care: readonly KeyCare[]
}

/** A change of key that waits, as the administrators of the group see it. */
export interface PendingChange {
  readonly changeNo: number
  readonly account: string
  readonly displayName: string
  readonly from: string | undefined
  readonly to: string
  readonly askedMicros: number
  readonly readyMicros: number
}

/** Members on one page of care: who comes after them is counted. */
export const MAX_CARE = 200

const SOON_MICROS = 60 * 86_400_000_000

interface CareRow {
  readonly members: number | string
  readonly capable: number | string
  readonly name: string | null
  readonly display_name: string | null
  readonly fingerprint: string | null
  readonly problems: string | null
  readonly expires_micros: number | string | null
  readonly revoked_micros: number | string | null
  readonly proven_micros: number | string | null
  readonly retired_micros: number | string | null
}

/** That nothing ends encryption, as a condition on a certificate `c`: the rows of a group are counted where they are. */
const CAPABLE = `(c.certificate_no is not null and c.proven_micros is not null and c.retired_micros is null
  and c.revoked_micros is null and (c.expires_micros is null or c.expires_micros > $2::bigint)
  and c.problems !~ '"(?!(${HARMLESS.join('|')})")key_')`

/** The health of the keys of a group: one query, however many members there are. */
export async function keyHealth(database: Database, groupNo: number, nowMicros: number): Promise<KeyHealth> {
  const { rows } = await database.transaction((trx) =>
    run<CareRow>(
      trx,
      `with m as (
         select a.name, coalesce(nullif(a.display_name, ''), a.name) as display_name, c.fingerprint, c.problems,
                c.expires_micros, c.revoked_micros, c.proven_micros, c.retired_micros, ${CAPABLE} as capable
           from membership m
           join account a on a.account_no = m.account_no and a.active
           left join certificate c on c.certificate_no = m.certificate_no
          where m.group_no = $1::int and m.state = any(string_to_array($3::text, ' ')))
       select t.members, t.capable, e.name, e.display_name, e.fingerprint, e.problems, e.expires_micros,
              e.revoked_micros, e.proven_micros, e.retired_micros
         from (select count(*) as members, count(*) filter (where capable) as capable from m) t
         left join (select * from m where not capable or expires_micros <= $4::bigint
                     order by capable, name limit ${MAX_CARE}) e on true
        order by e.capable, e.expires_micros, e.name`,
      [groupNo, nowMicros, statesThat('login').join(' '), nowMicros + SOON_MICROS],
    ),
  )
  return {
    members: Number(rows[0]?.members ?? 0),
    canDecrypt: Number(rows[0]?.capable ?? 0),
    care: rows.flatMap((row) => (row.name === null ? [] : [careOf(row, row.name, nowMicros)])),
  }
}

function careOf(row: CareRow, account: string, nowMicros: number): KeyCare {
  return {
    account,
    displayName: row.display_name ?? account,
    reason: reasonOf(row, nowMicros),
    fingerprint: row.fingerprint ?? undefined,
    expiresMicros: row.expires_micros === null ? undefined : Number(row.expires_micros),
  }
}

function reasonOf(row: CareRow, nowMicros: number): KeyCare['reason'] {
  if (row.fingerprint === null) return 'no-key'
  if (row.retired_micros !== null) return 'retired'
  if (row.proven_micros === null) return 'unproven'
  const times = {
    problems: row.problems ?? '[]',
    expires_micros: row.expires_micros === null ? null : Number(row.expires_micros),
    revoked_micros: row.revoked_micros === null ? null : Number(row.revoked_micros),
  }
  return problemsOf(times, nowMicros).find(endsEncryption) ?? 'expires-soon'
}

/** The changes of key that wait in a group, the next one first. */
export async function pendingChanges(database: Database, groupNo: number): Promise<readonly PendingChange[]> {
  const rows = await database.kysely
    .selectFrom('key_change as k')
    .innerJoin('account as a', 'a.account_no', 'k.account_no')
    .innerJoin('certificate as t', 't.certificate_no', 'k.to_no')
    .leftJoin('certificate as f', 'f.certificate_no', 'k.from_no')
    .select(['k.change_no', 'a.name', 'a.display_name', 'k.asked_micros', 'k.ready_micros'])
    .select(['t.fingerprint as to', 'f.fingerprint as from'])
    .where('k.group_no', '=', groupNo)
    .where('k.done_micros', 'is', null)
    .where('k.stopped_micros', 'is', null)
    .orderBy('k.ready_micros')
    .limit(MAX_CARE)
    .execute()
  return rows.map((row) => ({
    changeNo: row.change_no,
    account: row.name,
    displayName: row.display_name || row.name,
    from: row.from ?? undefined,
    to: row.to,
    askedMicros: row.asked_micros,
    readyMicros: row.ready_micros,
  }))
}

/**
 * The keys that a group encrypts to, in one armored file: the same keys always give the same bytes. Each names its owner by
 * the address that they use in this group, and by no other.
 * @throws {ConflictError} code `no_keys` when there is none
 */
export async function groupKeyring(database: Database, groupNo: number, nowMicros: number): Promise<string> {
  const { rows } = await database.transaction((trx) =>
    run<{ fingerprint: string; body: Uint8Array; address: string | null }>(
      trx,
      `select c.fingerprint, c.body, lower(coalesce(d.address, a.email)) as address from membership m
         join account a on a.account_no = m.account_no and a.active
         join certificate c on c.certificate_no = m.certificate_no
         left join account_address d on d.address_no = m.address_no and d.verified_micros is not null
        where m.group_no = $1::int and m.state = any(string_to_array($3::text, ' ')) and ${CAPABLE}
        order by c.fingerprint collate "C"`,
      [groupNo, nowMicros, statesThat('receive').join(' ')],
    ),
  )
  if (rows.length === 0) {
    throw new ConflictError(
      'no_keys',
      'nobody who gets mail in this group has a key that can be used: there is no keyring yet',
    )
  }
  const named = rows.map(async ({ fingerprint, body, address }) => ({
    fingerprint,
    body: address === null ? body : await withOnlyAddress(body, address),
  }))
  return armoredKeyring(await Promise.all(named))
}
