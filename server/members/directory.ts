import type { MemberState } from '../../policies/member-state.ts'
import type { GroupRole } from '../../policies/roles.ts'
import { textArray } from '../storage/bulk.ts'
import type { Database, Statement } from '../storage/database.ts'
import { keyFact } from '../storage/membership-facts.ts'
import { type Eyes, MEMBERS_PAGE, statesShownTo } from './list-members.ts'
import { rolesIn } from './permission.ts'

/** What of the members is wanted; what is left out is any. */
export interface DirectorySearch {
  /** Contained in name, affiliation or airport. */
  readonly text?: string | undefined
  /** ISO 639-1. */
  readonly language?: string | undefined
  /** IATA. */
  readonly airport?: string | undefined
  readonly state?: MemberState | undefined
  /** Time zones of those who are wanted. */
  readonly zones?: readonly string[] | undefined
  /** Name of the account that the page before ended with. */
  readonly after?: string | undefined
}

/** One row of the directory. */
export interface DirectoryRow {
  readonly accountNo: number
  readonly name: string
  readonly displayName: string
  readonly affiliation: string
  readonly airport: string
  /** As `profile.languages`: `en:native nl:basic`. */
  readonly languages: string
  readonly timeZone: string
  readonly roles: ReadonlySet<GroupRole>
  readonly state: MemberState | 'suspended'
  /** Standing vouches for them, and by them. */
  readonly vouchesFor: number
  readonly vouchesBy: number
  /** Whether the reader vouches for them, and they for the reader. */
  readonly forThem: boolean
  readonly forReader: boolean
  /** What there is of an OpenPGP certificate for this group. */
  readonly key: 'none' | 'revoked' | 'expired' | 'good'
}

interface Row {
  readonly account_no: number
  readonly name: string
  readonly display_name: string
  readonly active: boolean
  readonly time_zone: string
  readonly roles: string
  readonly state: MemberState
  readonly affiliation: string | null
  readonly airport: string | null
  readonly languages: string | null
  readonly has_key: boolean
  readonly proven_micros: number | string | null
  readonly retired_micros: number | string | null
  readonly revoked_micros: number | string | null
  readonly expires_micros: number | string | null
  readonly vouches_for: number | string
  readonly vouches_by: number | string
  readonly for_them: boolean
  readonly for_reader: boolean
}

const STANDING = '(v.expires_micros is null or v.expires_micros > $3::bigint)'

/**
 * The page is cut first; only its rows are counted for. Contains is `position`: no pattern of the reader ever runs. It is
 * planned anew each time: which way is short depends on what is asked for, and on how large the group is.
 */
const SEARCH: Statement = {
  name: '',
  text: `
  with page as (
    select m.account_no, a.name, coalesce(n.name, a.display_name) as display_name,
           a.active, a.time_zone, m.roles, m.state, m.certificate_no, p.affiliation, p.airport, p.languages
      from membership m
      join account a on a.account_no = m.account_no
      left join nomination n on n.group_no = m.group_no and n.account_no = m.account_no and n.ended_micros is null
      left join profile p on p.account_no = m.account_no and m.state not in ('nominated', 'vetted', 'failed', 'blocked')
     where m.group_no = $1::int and m.state = any($4::text[]) and a.name > $5::text
       and ($6::text = '' or position(lower($6::text) in lower(a.name || ' ' || coalesce(n.name, a.display_name) || ' '
              || coalesce(p.affiliation, '') || ' ' || coalesce(p.airport, ''))) > 0)
       and ($7::text = '' or ' ' || coalesce(p.languages, '') like '% ' || $7::text || ':%')
       and ($8::text = '' or upper(p.airport) = $8::text)
       and ($9::text[] is null or a.time_zone = any($9::text[]))
     order by a.name limit ${MEMBERS_PAGE + 1})
  select page.*, c.proven_micros, c.retired_micros, c.revoked_micros, c.expires_micros,
         c.certificate_no is not null as has_key,
         (select count(*) from vouch v where v.group_no = $1::int and v.vouchee_no = page.account_no
            and v.ended_micros is null and ${STANDING}) as vouches_for,
         (select count(*) from vouch v where v.group_no = $1::int and v.voucher_no = page.account_no
            and v.ended_micros is null and ${STANDING}) as vouches_by,
         exists (select 1 from vouch v where v.group_no = $1::int and v.voucher_no = $2::int
            and v.vouchee_no = page.account_no and v.ended_micros is null and ${STANDING}) as for_them,
         exists (select 1 from vouch v where v.group_no = $1::int and v.voucher_no = page.account_no
            and v.vouchee_no = $2::int and v.ended_micros is null and ${STANDING}) as for_reader
    from page left join certificate c on c.certificate_no = page.certificate_no
   order by page.name`,
}

/**
 * Members that fit a search, by the name of their accounts, in one query.
 * @param wanted.readerNo account of whoever looks: vouches of theirs are told apart
 * @returns up to {@link MEMBERS_PAGE} rows; one more when there are more
 */
export async function searchDirectory(
  database: Database,
  wanted: {
    readonly groupNo: number
    readonly readerNo: number
    readonly eyes: Eyes
    readonly nowMicros: number
    readonly search: DirectorySearch
  },
): Promise<readonly DirectoryRow[]> {
  const { groupNo, readerNo, eyes, nowMicros, search } = wanted
  const states = statesShownTo(eyes).filter((state) => search.state === undefined || state === search.state)
  const rows = await database.reader.rows<Row>(SEARCH, [
    groupNo,
    readerNo,
    nowMicros,
    textArray(states),
    search.after ?? '',
    search.text ?? '',
    search.language ?? '',
    search.airport ?? '',
    search.zones ? textArray(search.zones) : null,
  ])
  return rows.map((row) => ({
    accountNo: row.account_no,
    name: row.name,
    displayName: row.display_name || row.name,
    affiliation: row.affiliation ?? '',
    airport: row.airport ?? '',
    languages: row.languages ?? '',
    timeZone: row.time_zone,
    roles: rolesIn(row.roles),
    state: row.active ? row.state : 'suspended',
    vouchesFor: Number(row.vouches_for),
    vouchesBy: Number(row.vouches_by),
    forThem: row.for_them,
    forReader: row.for_reader,
    key: row.has_key ? keyFact(row, nowMicros).state : 'none',
  }))
}
