import type { MemberState } from '../../../policies/member-state.ts'
import type { Database, Statement } from '../../storage/database.ts'
import { textArray } from '../../storage/bulk.ts'
import { nomineeHandle, VOUCHABLE_STATES } from './vouch-subject.ts'

/** What somebody has said of the people of a group: nothing yet, that they vouch, or that they do not know them. */
export const PANEL_LISTS = ['unmarked', 'vouched', 'unknown'] as const
export type PanelList = (typeof PANEL_LISTS)[number]

/** People on one page. */
export const PANEL_PAGE = 200

/** Somebody whom one may vouch for, in a row of the control panel. */
export interface PanelRow {
  readonly handle: string
  readonly name: string
  /** Undefined for a nominee. */
  readonly account: string | undefined
  readonly affiliation: string
  readonly state: MemberState
  readonly lacksVouches: boolean
  /** Of one's own vouch. */
  readonly madeMicros: number | undefined
  readonly expiresMicros: number | undefined
}

/** Which people are wanted. */
export interface PanelQuery {
  readonly groupNo: number
  readonly viewerNo: number
  readonly list: PanelList
  /** Part of a name, account or affiliation. */
  readonly filter: string
  /** Newcomers do not see who is nominated. */
  readonly seesNominees: boolean
  /** Where the page before ended. */
  readonly after: string
}

/** Nominees first, then those who wait or lack vouches, then everybody by name. */
const RANK = `case when n.nomination_no is not null then 0
                   when m.state in ('approved', 'inactive') or m.below_micros is not null then 1 else 2 end`
const NAME = `coalesce(n.name, nullif(a.display_name, ''), a.name)`

interface FoundRow {
  readonly account_no: number
  readonly name: string
  readonly shown: string
  readonly nomination_no: number | null
  readonly affiliation: string
  readonly state: MemberState
  readonly lacks: boolean
  readonly made_micros: number | string | null
  readonly expires_micros: number | string | null
  readonly rank: number
}

function statementOf(list: PanelList, listed: string): Statement {
  return {
    name: `vouching-panel-${list}`,
    text: `select m.account_no, a.name, ${NAME} as shown, n.nomination_no, coalesce(n.affiliation, p.affiliation, '') as affiliation,
              m.state, m.below_micros is not null as lacks, v.made_micros, v.expires_micros, ${RANK} as rank
         from membership m
         join account a on a.account_no = m.account_no
         left join profile p on p.account_no = m.account_no
         left join nomination n on n.group_no = m.group_no and n.account_no = m.account_no and n.ended_micros is null
         left join vouch v on v.group_no = m.group_no and v.voucher_no = $2::int and v.vouchee_no = m.account_no
                          and v.ended_micros is null
         left join vouch_mark k on k.group_no = m.group_no and k.voucher_no = $2::int and k.vouchee_no = m.account_no
        where m.group_no = $1::int and m.account_no <> $2::int and a.active and m.state = any($3::text[])
          and (n.nomination_no is not null) = (m.state in ('nominated', 'vetted'))
          and ${listed}
          and ($4::text = '' or strpos(lower(${NAME}), $4::text) > 0 or strpos(lower(coalesce(n.affiliation, p.affiliation, '')), $4::text) > 0
               or (n.nomination_no is null and strpos(lower(a.name), $4::text) > 0))
          and (${RANK}, lower(${NAME}) collate "C", m.account_no) > ($5::int, $6::text, $7::int)
        order by rank, lower(${NAME}) collate "C", m.account_no
        limit ${PANEL_PAGE + 1}`,
  }
}

const STATEMENTS: Readonly<Record<PanelList, Statement>> = {
  unmarked: statementOf('unmarked', 'v.vouch_no is null and k.voucher_no is null'),
  vouched: statementOf('vouched', 'v.vouch_no is not null'),
  unknown: statementOf('unknown', 'v.vouch_no is null and k.voucher_no is not null'),
}

/**
 * People of a group for its control panel, in one query.
 * @returns up to {@link PANEL_PAGE} rows, and where the next page begins when there are more
 */
export async function vouchingPanel(
  database: Database,
  wanted: PanelQuery,
): Promise<{ readonly rows: readonly PanelRow[]; readonly next: string | undefined }> {
  const { groupNo, viewerNo, list, filter, seesNominees } = wanted
  const cursor = cursorFrom(wanted.after)
  const states = seesNominees ? ['nominated', 'vetted', ...VOUCHABLE_STATES] : VOUCHABLE_STATES
  const found = await database.reader.rows<FoundRow>(STATEMENTS[list], [
    groupNo,
    viewerNo,
    textArray(states),
    filter.toLowerCase(),
    cursor.rank,
    cursor.name,
    cursor.accountNo,
  ])
  const shown = found.slice(0, PANEL_PAGE)
  const last = shown.at(-1)
  return {
    rows: shown.map((row) => ({
      handle: row.nomination_no === null ? row.name : nomineeHandle(row.nomination_no),
      name: row.shown,
      account: row.nomination_no === null ? row.name : undefined,
      affiliation: row.affiliation,
      state: row.state,
      lacksVouches: row.lacks,
      madeMicros: row.made_micros === null ? undefined : Number(row.made_micros),
      expiresMicros: row.expires_micros === null ? undefined : Number(row.expires_micros),
    })),
    next:
      found.length > shown.length && last
        ? Buffer.from(JSON.stringify([last.rank, last.shown.toLowerCase(), last.account_no])).toString('base64url')
        : undefined,
  }
}

function cursorFrom(after: string): { readonly rank: number; readonly name: string; readonly accountNo: number } {
  const start = { rank: -1, name: '', accountNo: 0 }
  if (after === '' || after.length > 1000) return start
  try {
    const read: unknown = JSON.parse(Buffer.from(after, 'base64url').toString())
    const [rank, name, accountNo]: readonly unknown[] = Array.isArray(read) ? read : []
    if (!isSmall(rank) || typeof name !== 'string' || name.includes('\0') || !isSmall(accountNo)) return start
    return { rank, name, accountNo }
  } catch {
    return start
  }
}

function isSmall(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31
}
