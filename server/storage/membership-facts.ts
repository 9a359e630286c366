import { type GroupPolicy, policyFrom } from '../../policies/group-policy.ts'
import type { MemberState } from '../../policies/member-state.ts'
import type { KeyFact, MembershipFacts } from '../../policies/membership.ts'
import { counts, countVouches, type StandingVouch } from '../../policies/vouch-count.ts'
import { ringsAmong, type VouchEdge } from '../../policies/vouch-ring.ts'
import { int8Array } from './bulk.ts'
import { run, type Transaction } from './database.ts'

/** A membership with everything that its rules look at. */
export interface MembershipCase {
  readonly accountNo: number
  readonly account: string
  readonly displayName: string
  readonly state: MemberState
  /** The open nomination; undefined where there is none. */
  readonly nominationNo: number | undefined
  /** Whether what is kept of `facts.belowSinceMicros` is of another time. */
  readonly belowIsStale: boolean
  readonly facts: MembershipFacts
}

/**
 * Reads the facts of memberships of one group as the rules want them: a number of queries that does not depend on how
 * many there are.
 * @param accounts whose memberships; without it those of everybody
 * @param policy instead of the group's own: what if it were this
 * @param without whose vouches are left out: what if they were void
 */
export async function membershipCases(
  trx: Transaction,
  groupNo: number,
  nowMicros: number,
  {
    accounts,
    policy,
    without = [],
  }: {
    readonly accounts?: readonly number[]
    readonly policy?: GroupPolicy
    readonly without?: readonly number[]
  } = {},
): Promise<readonly MembershipCase[]> {
  const rules = policy ?? (await policyOf(trx, groupNo))
  const members = await readMembers(trx, groupNo, nowMicros, accounts)
  const received = await readVouches(trx, groupNo, accounts, without)
  const given = await readGiven(trx, groupNo, nowMicros, accounts)
  const rings = rules.ringDetection ? await ringsOf(trx, groupNo, nowMicros, without) : new Map<number, number>()
  const seen = { rules, nowMicros, received, given, rings }
  return members.map((row) => caseOf(row, seen))
}

/** What the cases of one group have in common, as of one moment. */
export interface Seen {
  readonly rules: GroupPolicy
  readonly nowMicros: number
  /** Standing vouches by who received them. */
  readonly received: ReadonlyMap<number, readonly StandingVouch[]>
  /** How many vouches that have not expired somebody gives. */
  readonly given: ReadonlyMap<number, number>
  readonly rings: ReadonlyMap<number, number>
}

/** One membership as the rules want it. */
export function caseOf(row: MemberRow, { rules, nowMicros, received, given, rings }: Seen): MembershipCase {
  const { vouches, organisations } = countVouches(received.get(row.account_no) ?? [], nowMicros, rings)
  const byNomination = row.admitted === 'nomination'
  const wanted = byNomination ? rules.minInvouch : 0
  const below = number(row.below_micros)
  const belowSinceMicros = vouches < wanted ? (below ?? nowMicros) : undefined
  return {
    accountNo: row.account_no,
    account: row.name,
    displayName: row.display_name || row.name,
    state: row.state,
    nominationNo: row.nomination_no ?? undefined,
    belowIsStale: below !== belowSinceMicros,
    facts: {
      policy: rules,
      nowMicros,
      enteredMicros: number(row.nominated_micros) ?? Number(row.created_micros),
      byNomination,
      wasApproved: row.was_approved,
      vouches,
      organisations,
      vouchesGiven: given.get(row.account_no) ?? 0,
      key: keyFact(row, nowMicros),
      activityMicros: lastActivity(row, nowMicros),
      awaySinceMicros: awaySince(row, nowMicros),
      approvals: Number(row.approvals),
      concerns: Number(row.concerns),
      belowSinceMicros,
    },
  }
}

/** What a certificate is worth to its membership now; one that was not proven, or was put away, is none. */
export function keyFact(
  row: {
    readonly proven_micros: number | string | null
    readonly retired_micros: number | string | null
    readonly revoked_micros: number | string | null
    readonly expires_micros: number | string | null
    /** When it came from another portal: the days of grace count from there at the earliest. */
    readonly imported_micros?: number | string | null
  },
  nowMicros: number,
): KeyFact {
  if (row.proven_micros === null || row.retired_micros !== null) return { state: 'none' }
  if (row.revoked_micros !== null) return { state: 'revoked' }
  const expiresMicros = number(row.expires_micros)
  if (expiresMicros === undefined || expiresMicros > nowMicros) return { state: 'good', expiresMicros }
  return { state: 'expired', sinceMicros: Math.max(expiresMicros, number(row.imported_micros ?? null) ?? 0) }
}

/** A membership with what hangs on it, as it is kept. */
export interface MemberRow {
  readonly account_no: number
  readonly name: string
  readonly display_name: string
  readonly state: MemberState
  readonly admitted: string
  readonly created_micros: number | string
  readonly activity_micros: number | string
  readonly below_micros: number | string | null
  readonly furlough_from_micros: number | string | null
  readonly furlough_until_micros: number | string | null
  readonly proven_micros: number | string | null
  readonly retired_micros: number | string | null
  readonly revoked_micros: number | string | null
  readonly expires_micros: number | string | null
  readonly was_approved: boolean
  readonly imported_micros: number | string | null
  readonly nomination_no: number | null
  readonly nominated_micros: number | string | null
  readonly approvals: number | string
  readonly concerns: number | string
}

async function policyOf(trx: Transaction, groupNo: number): Promise<GroupPolicy> {
  const row = await trx
    .selectFrom('trust_group')
    .select('policy')
    .where('group_no', '=', groupNo)
    .executeTakeFirstOrThrow()
  return policyFrom(row.policy)
}

/** Asks for some members or for all: an `or` in one text for both would keep PostgreSQL from its index. */
function only(column: string, accounts: readonly number[] | undefined): string {
  return accounts ? `${column} = any($2::bigint[]::int[])` : '$2::bigint[] is null'
}

/** Memberships with what hangs on them, of some accounts or of everybody. */
export async function readMembers(
  trx: Transaction,
  groupNo: number,
  nowMicros: number,
  accounts: readonly number[] | undefined,
) {
  const { rows } = await run<MemberRow>(
    trx,
    `select m.account_no, a.name, coalesce(n.name, a.display_name) as display_name, m.state, m.admitted, m.created_micros, m.activity_micros, m.below_micros,
            a.furlough_from_micros, a.furlough_until_micros,
            m.state not in ('nominated', 'vetted', 'failed', 'blocked', 'deceased')
              or coalesce((select h.to_state not in ('nominated', 'vetted') from membership_history h
                            where h.group_no = m.group_no and h.account_no = m.account_no
                              and h.to_state not in ('failed', 'blocked', 'deceased')
                            order by h.history_no desc limit 1), m.admitted <> 'nomination') as was_approved,
            c.proven_micros, c.retired_micros, c.revoked_micros, c.expires_micros,
            case when c.origin = 'import' then c.added_micros end as imported_micros,
            n.nomination_no, n.made_micros as nominated_micros,
            (select count(*) from nomination_approval p
               join membership x on x.group_no = m.group_no and x.account_no = p.approver_no and x.active
               join account y on y.account_no = p.approver_no and y.active
              where p.nomination_no = n.nomination_no
                and 'group-administrator' = any(string_to_array(x.roles, ' '))) as approvals,
            (select count(*) from vouch_signal s
              where s.group_no = m.group_no and s.about_no = m.account_no and s.kind = 'concern'
                and s.settled_micros is null
                and (s.expires_micros is null or s.expires_micros > $3::bigint)) as concerns
       from membership m
       join account a on a.account_no = m.account_no
       left join certificate c on c.certificate_no = m.certificate_no
       left join nomination n on n.group_no = m.group_no and n.account_no = m.account_no and n.ended_micros is null
      where m.group_no = $1::int and ${only('m.account_no', accounts)}
      order by m.account_no`,
    [groupNo, accounts ? int8Array(accounts) : null, nowMicros],
  )
  return rows
}

/** Standing vouches by who received them. */
export async function readVouches(
  trx: Transaction,
  groupNo: number,
  accounts: readonly number[] | undefined,
  without: readonly number[],
) {
  const { rows } = await run<{
    vouchee_no: number
    voucher_no: number
    expires_micros: number | string | null
    state: MemberState | null
    organisation: string
  }>(
    trx,
    `select v.vouchee_no, v.voucher_no, v.expires_micros, m.state, coalesce(p.affiliation, '') as organisation
       from vouch v
       left join membership m on m.group_no = v.group_no and m.account_no = v.voucher_no
       left join profile p on p.account_no = v.voucher_no
      where v.group_no = $1::int and v.ended_micros is null and v.voucher_no <> v.vouchee_no
        and ${only('v.vouchee_no', accounts)} and v.voucher_no <> all($3::bigint[])`,
    [groupNo, accounts ? int8Array(accounts) : null, int8Array(without)],
  )
  const received = new Map<number, StandingVouch[]>()
  for (const row of rows) {
    const vouch = {
      voucherNo: row.voucher_no,
      expiresMicros: number(row.expires_micros),
      voucherState: row.state ?? undefined,
      organisation: row.organisation,
    }
    const list = received.get(row.vouchee_no)
    if (list) list.push(vouch)
    else received.set(row.vouchee_no, [vouch])
  }
  return received
}

async function readGiven(
  trx: Transaction,
  groupNo: number,
  nowMicros: number,
  accounts: readonly number[] | undefined,
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await run<{ voucher_no: number; given: number | string }>(
    trx,
    `select voucher_no, count(*) as given from vouch
      where group_no = $1::int and ended_micros is null and (expires_micros is null or expires_micros > $3::bigint)
        and voucher_no <> vouchee_no and ${only('voucher_no', accounts)}
      group by voucher_no`,
    [groupNo, accounts ? int8Array(accounts) : null, nowMicros],
  )
  return new Map(rows.map((row) => [row.voucher_no, Number(row.given)]))
}

async function ringsOf(
  trx: Transaction,
  groupNo: number,
  nowMicros: number,
  without: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await run<{
    voucher_no: number
    vouchee_no: number
    expires_micros: number | string | null
    state: MemberState | null
  }>(
    trx,
    `select v.voucher_no, v.vouchee_no, v.expires_micros, m.state
       from vouch v left join membership m on m.group_no = v.group_no and m.account_no = v.voucher_no
      where v.group_no = $1::int and v.ended_micros is null and v.voucher_no <> all($2::bigint[])`,
    [groupNo, int8Array(without)],
  )
  const edges: VouchEdge[] = []
  for (const row of rows) {
    const standing = {
      voucherNo: row.voucher_no,
      expiresMicros: number(row.expires_micros),
      voucherState: row.state ?? undefined,
      organisation: '',
    }
    if (counts(standing, nowMicros)) edges.push({ voucherNo: row.voucher_no, voucheeNo: row.vouchee_no })
  }
  const anchored = await trx
    .selectFrom('membership')
    .select('account_no')
    .where('group_no', '=', groupNo)
    .where('admitted', '<>', 'nomination')
    .execute()
  return ringsAmong(edges, new Set(anchored.map((row) => row.account_no)))
}

function awaySince(
  row: Pick<MemberRow, 'furlough_from_micros' | 'furlough_until_micros'>,
  nowMicros: number,
): number | undefined {
  const from = number(row.furlough_from_micros)
  const until = number(row.furlough_until_micros)
  return from === undefined || from > nowMicros || (until !== undefined && until <= nowMicros) ? undefined : from
}

/** Coming back is activity too: the clock starts anew when the time away is over. */
function lastActivity(row: MemberRow, nowMicros: number): number {
  const until = number(row.furlough_until_micros)
  const back = until !== undefined && until <= nowMicros ? until : 0
  return Math.max(Number(row.activity_micros), back)
}

function number(value: number | string | null): number | undefined {
  return value === null ? undefined : Number(value)
}
