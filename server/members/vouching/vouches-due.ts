import type { Database, Statement } from '../../storage/database.ts'

/** A vouch of one's own that expires soon, or has. */
export interface DueVouch {
  /** Account of the member whom it is for. */
  readonly handle: string
  readonly name: string
  readonly text: string
  readonly madeMicros: number
  readonly expiresMicros: number
  readonly isOver: boolean
  /** Where the member went since it was given or renewed; empty when nothing changed. */
  readonly newAffiliations: readonly string[]
}

/** Time before its end in which a vouch is asked about. */
const AHEAD_MICROS = 30 * 86_400_000_000
const MAX_DUE = 50

interface Row {
  readonly name: string
  readonly display_name: string
  readonly nomination_no: number | null
  readonly nominee: string | null
  readonly text: string
  readonly made_micros: number | string
  readonly expires_micros: number | string
  readonly moved: string[] | null
}

const DUE: Statement = {
  name: 'vouches-due',
  text: `select a.name, coalesce(nullif(a.display_name, ''), a.name) as display_name, n.nomination_no, n.name as nominee,
          v.text, v.made_micros, v.expires_micros,
          (select json_agg(f.organisation order by f.from_micros) from affiliation f
            where f.account_no = v.vouchee_no and f.from_micros > v.made_micros) as moved
     from vouch v
     join account a on a.account_no = v.vouchee_no and a.active
     join membership m on m.group_no = v.group_no and m.account_no = v.vouchee_no
                      and m.state not in ('failed', 'blocked', 'deceased')
     left join nomination n on n.group_no = v.group_no and n.account_no = v.vouchee_no and n.ended_micros is null
    where v.group_no = $1::int and v.voucher_no = $2::int and v.ended_micros is null and v.expires_micros <= $3::bigint
    order by v.expires_micros limit ${MAX_DUE}`,
}

/** The vouches that somebody has to renew or let go, the most urgent first; in one query. */
export async function dueVouches(
  database: Database,
  wanted: { readonly groupNo: number; readonly viewerNo: number; readonly nowMicros: number },
): Promise<readonly DueVouch[]> {
  const { groupNo, viewerNo, nowMicros } = wanted
  const rows = await database.reader.rows<Row>(DUE, [groupNo, viewerNo, nowMicros + AHEAD_MICROS])
  return rows.map((row) => ({
    handle: row.nomination_no === null ? row.name : `~${row.nomination_no}`,
    name: row.nominee ?? row.display_name,
    text: row.text,
    madeMicros: Number(row.made_micros),
    expiresMicros: Number(row.expires_micros),
    isOver: Number(row.expires_micros) <= nowMicros,
    newAffiliations: row.moved ?? [],
  }))
}
