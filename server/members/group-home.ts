import { type Database, run } from '../storage/database.ts'

/** What waits for somebody in a group, and how the group stands. */
export interface GroupHome {
  /** Nominees whom the reader has neither vouched for nor set aside. */
  readonly nominees: number
  /** Vouches of the reader that run out within 30 days. */
  readonly renewals: number
  /** Of the reader's certificate, where it has one that expires. */
  readonly keyExpiresMicros: number | undefined
  /** When another certificate of the reader's takes over. */
  readonly keyChangeMicros: number | undefined
  /** For administrators: nominees who wait for a decision, requests to be invited, concerns. */
  readonly vetted: number
  readonly requests: number
  readonly concerns: number
  /** Members who see the group, how many of them vouch for somebody, and how many have no good certificate. */
  readonly members: number
  readonly vouching: number
  readonly withoutKey: number
  /** The latest of those who took all vouches away, newest first. */
  readonly exports: readonly { readonly by: string; readonly atMicros: number; readonly vouches: number }[]
  /** What members may know of the latest, newest first. */
  readonly events: readonly GroupEvent[]
}

/** Something that happened in a group, as all members may read it. */
export interface GroupEvent {
  readonly kind: 'joined' | 'remembered'
  readonly account: string
  readonly displayName: string
  readonly atMicros: number
}

const DAY = 86_400_000_000
/** A vouch is to be renewed, and a key to be looked after, so long before it runs out. */
export const SOON_MICROS = 30 * DAY

interface Row {
  readonly nominees: number | string
  readonly renewals: number | string
  readonly key_expires: number | string | null
  readonly key_change: number | string | null
  readonly vetted: number | string
  readonly requests: number | string
  readonly concerns: number | string
  readonly members: number | string
  readonly vouching: number | string
  readonly without_key: number | string
}

const SEES = `('active', 'inactive', 'soonidle', 'idle')`

const NUMBERS = `
  select
    (select count(*) from nomination n join membership m on m.group_no = n.group_no and m.account_no = n.account_no
      where n.group_no = $1::int and n.ended_micros is null and m.state in ('nominated', 'vetted')
        and not exists (select 1 from vouch v where v.group_no = n.group_no and v.voucher_no = $2::int
              and v.vouchee_no = n.account_no and v.ended_micros is null)
        and not exists (select 1 from vouch_mark k where k.group_no = n.group_no and k.voucher_no = $2::int
              and k.vouchee_no = n.account_no)
        and not exists (select 1 from vouch_signal s where s.group_no = n.group_no and s.about_no = n.account_no
              and s.by_no = $2::int and s.settled_micros is null)) as nominees,
    (select count(*) from vouch v where v.group_no = $1::int and v.voucher_no = $2::int and v.ended_micros is null
        and v.expires_micros between $3::bigint and $4::bigint) as renewals,
    (select c.expires_micros from membership m join certificate c on c.certificate_no = m.certificate_no
      where m.group_no = $1::int and m.account_no = $2::int) as key_expires,
    (select min(k.ready_micros) from key_change k where k.group_no = $1::int and k.account_no = $2::int
        and k.done_micros is null and k.stopped_micros is null) as key_change,
    (select count(*) from membership m where m.group_no = $1::int and m.state = 'vetted') as vetted,
    (select count(*) from admission_request r where r.group_no = $1::int and r.settled_micros is null) as requests,
    (select count(*) from vouch_signal s where s.group_no = $1::int and s.kind = 'concern' and s.about_no <> $2::int
        and s.settled_micros is null and (s.expires_micros is null or s.expires_micros > $3::bigint)) as concerns,
    (select count(*) from membership m where m.group_no = $1::int and m.state in ${SEES}) as members,
    (select count(distinct v.voucher_no) from vouch v join membership m on m.group_no = v.group_no and m.account_no = v.voucher_no
      where v.group_no = $1::int and v.ended_micros is null and m.state in ${SEES}
        and (v.expires_micros is null or v.expires_micros > $3::bigint)) as vouching,
    (select count(*) from membership m left join certificate c on c.certificate_no = m.certificate_no
      where m.group_no = $1::int and m.state in ${SEES}
        and (c.certificate_no is null or c.proven_micros is null or c.retired_micros is not null
             or c.revoked_micros is not null or c.expires_micros <= $3::bigint)) as without_key`

const EXPORTS = `
  select coalesce(nullif(a.display_name, ''), a.name, '') as by, e.at_micros, e.vouches
    from vouch_export e left join account a on a.account_no = e.account_no
   where e.group_no = $1::int order by e.export_no desc limit 3`

/** Only what becomes of members whom all may see; how somebody came to be a member is not told. */
const EVENTS = `
  select a.name, a.display_name, h.at_micros, h.to_state
    from membership_history h
    join membership m on m.group_no = h.group_no and m.account_no = h.account_no
    join account a on a.account_no = h.account_no
   where h.group_no = $1::int and m.state in ('active', 'inactive', 'soonidle', 'idle', 'deceased')
     and (h.to_state = 'active' and h.from_state = 'approved' or h.to_state = 'deceased')
     and h.at_micros > $2::bigint
   order by h.history_no desc limit 8`

/** Reads what a group's home shows to one reader, in a number of queries that does not depend on anything. */
export async function groupHome(
  database: Database,
  wanted: { readonly groupNo: number; readonly readerNo: number; readonly nowMicros: number },
): Promise<GroupHome> {
  const { groupNo, readerNo, nowMicros } = wanted
  return await database.transaction(async (trx) => {
    const [row] = (await run<Row>(trx, NUMBERS, [groupNo, readerNo, nowMicros, nowMicros + SOON_MICROS])).rows
    if (!row) throw new Error('a select without a table gave no row')
    const exported = await run<{ by: string; at_micros: number | string; vouches: number }>(trx, EXPORTS, [groupNo])
    const happened = await run<{ name: string; display_name: string; at_micros: number | string; to_state: string }>(
      trx,
      EVENTS,
      [groupNo, nowMicros - 90 * DAY],
    )
    return {
      nominees: Number(row.nominees),
      renewals: Number(row.renewals),
      keyExpiresMicros: row.key_expires === null ? undefined : Number(row.key_expires),
      keyChangeMicros: row.key_change === null ? undefined : Number(row.key_change),
      vetted: Number(row.vetted),
      requests: Number(row.requests),
      concerns: Number(row.concerns),
      members: Number(row.members),
      vouching: Number(row.vouching),
      withoutKey: Number(row.without_key),
      exports: exported.rows.map(({ by, at_micros, vouches }) => ({ by, atMicros: Number(at_micros), vouches })),
      events: happened.rows.map((each) => ({
        kind: each.to_state === 'deceased' ? 'remembered' : 'joined',
        account: each.name,
        displayName: each.display_name || each.name,
        atMicros: Number(each.at_micros),
      })),
    }
  })
}
