import type { GroupPolicy } from '../../../policies/group-policy.ts'
import type { Membership } from '../../storage/access.ts'
import { type Database, run, type Transaction } from '../../storage/database.ts'
import { int8Array } from '../../storage/bulk.ts'
import { type Attested, attestedFrom } from './attestations.ts'
import { eyesOf } from '../list-members.ts'

/** What somebody sees of the vouches of others; of their own they see everything. */
export type VouchEyes = GroupPolicy['vouchVisibility']

/** How somebody looks at vouches: as the group shows them to its members, administrators all of them. */
export function vouchEyes(membership: Membership | undefined, policy: Pick<GroupPolicy, 'vouchVisibility'>): VouchEyes {
  return eyesOf(membership) === 'administrator' ? 'comments' : policy.vouchVisibility
}

/** A vouch as somebody may see it. */
export interface ShownVouch {
  /** Name of the voucher as people call them. */
  readonly voucher: string
  readonly voucherAccount: string
  readonly vouchee: string
  /** Account of a member; undefined for a nominee. */
  readonly voucheeAccount: string | undefined
  /** Undefined where only names are shown. */
  readonly text: string | undefined
  readonly attested: readonly (Attested & { readonly isCurrent: boolean })[]
  readonly madeMicros: number
  readonly expiresMicros: number | undefined
  readonly isSigned: boolean
}

/** The vouches for and of somebody: how many, and those that may be shown. */
export interface VouchesAbout {
  readonly received: number
  readonly given: number
  readonly shownReceived: readonly ShownVouch[]
  readonly shownGiven: readonly ShownVouch[]
}

/**
 * What a member may see of the vouches for and of another, or of their own: standing vouches that have not expired, newest
 * first, without those of and for people whom the group hides.
 * @param viewerNo account of whoever looks: sees all of their own
 */
export async function vouchesAbout(
  database: Database,
  wanted: {
    readonly groupNo: number
    readonly accountNo: number
    readonly viewerNo: number
    readonly eyes: VouchEyes
    readonly nowMicros: number
  },
): Promise<VouchesAbout> {
  const { groupNo, accountNo, viewerNo, eyes, nowMicros } = wanted
  const rows = await database.transaction((trx) => readVouches(trx, groupNo, [accountNo], nowMicros))
  const shown = rows.flatMap((row) => shownTo(row, viewerNo, eyes))
  return {
    received: rows.filter((row) => row.vouchee_no === accountNo).length,
    given: rows.filter((row) => row.voucher_no === accountNo).length,
    shownReceived: shown.filter(({ row }) => row.vouchee_no === accountNo).map(({ vouch }) => vouch),
    shownGiven: shown.filter(({ row }) => row.voucher_no === accountNo).map(({ vouch }) => vouch),
  }
}

/** Standing vouches for several people, by account, as somebody may see them: in one query. */
export async function vouchesFor(
  trx: Transaction,
  wanted: {
    readonly groupNo: number
    readonly accounts: readonly number[]
    readonly viewerNo: number
    readonly eyes: VouchEyes
    readonly nowMicros: number
  },
): Promise<ReadonlyMap<number, readonly ShownVouch[]>> {
  const { groupNo, accounts, viewerNo, eyes, nowMicros } = wanted
  const found = new Map<number, ShownVouch[]>()
  for (const row of await readVouches(trx, groupNo, accounts, nowMicros)) {
    if (!accounts.includes(row.vouchee_no)) continue
    for (const { vouch } of shownTo(row, viewerNo, eyes)) {
      const list = found.get(row.vouchee_no)
      if (list) list.push(vouch)
      else found.set(row.vouchee_no, [vouch])
    }
  }
  return found
}

interface VouchRow {
  readonly voucher_no: number
  readonly vouchee_no: number
  readonly voucher_account: string
  readonly voucher: string
  readonly vouchee_account: string
  readonly vouchee: string
  readonly is_nominee: boolean
  readonly text: string
  readonly attested: string
  readonly current: string | null
  readonly made_micros: number | string
  readonly expires_micros: number | string | null
  readonly is_signed: boolean
}

async function readVouches(
  trx: Transaction,
  groupNo: number,
  accounts: readonly number[],
  nowMicros: number,
): Promise<readonly VouchRow[]> {
  const { rows } = await run<VouchRow>(
    trx,
    `select v.voucher_no, v.vouchee_no, a.name as voucher_account, coalesce(nullif(a.display_name, ''), a.name) as voucher,
            b.name as vouchee_account, coalesce(n.name, nullif(b.display_name, ''), b.name) as vouchee,
            n.nomination_no is not null as is_nominee, v.text, v.attested, v.made_micros, v.expires_micros,
            v.signature is not null as is_signed,
            (select string_agg(t.name || ':' || t.version, ' ') from attestation t
              where t.group_no = v.group_no and t.retired_micros is null) as current
       from vouch v
       join account a on a.account_no = v.voucher_no
       join account b on b.account_no = v.vouchee_no
       join membership x on x.group_no = v.group_no and x.account_no = v.voucher_no and x.state not in ('failed', 'blocked')
       join membership y on y.group_no = v.group_no and y.account_no = v.vouchee_no and y.state not in ('failed', 'blocked')
       left join nomination n on n.group_no = v.group_no and n.account_no = v.vouchee_no and n.ended_micros is null
      where v.group_no = $1::int and v.ended_micros is null and (v.expires_micros is null or v.expires_micros > $3::bigint)
        and (v.vouchee_no = any($2::bigint[]) or v.voucher_no = any($2::bigint[]))
      order by v.vouch_no desc`,
    [groupNo, int8Array(accounts), nowMicros],
  )
  return rows
}

function shownTo(
  row: VouchRow,
  viewerNo: number,
  eyes: VouchEyes,
): readonly { readonly row: VouchRow; readonly vouch: ShownVouch }[] {
  const isOwn = row.voucher_no === viewerNo || row.vouchee_no === viewerNo
  if (eyes === 'counts' && !isOwn) return []
  const current = new Set((row.current ?? '').split(' '))
  const vouch = {
    voucher: row.voucher,
    voucherAccount: row.voucher_account,
    vouchee: row.vouchee,
    voucheeAccount: row.is_nominee ? undefined : row.vouchee_account,
    text: isOwn || eyes === 'comments' ? row.text : undefined,
    attested: attestedFrom(row.attested).map((each) => ({
      ...each,
      isCurrent: current.has(`${each.name}:${each.version}`),
    })),
    madeMicros: Number(row.made_micros),
    expiresMicros: row.expires_micros === null ? undefined : Number(row.expires_micros),
    isSigned: row.is_signed,
  }
  return [{ row, vouch }]
}
