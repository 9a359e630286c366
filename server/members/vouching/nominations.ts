import type { MemberState } from '../../../policies/member-state.ts'
import { requirements, type Requirement } from '../../../policies/membership.ts'
import type { TrustGroup } from '../../storage/access.ts'
import type { Database, Transaction } from '../../storage/database.ts'
import { membershipCases } from '../../storage/membership-facts.ts'
import { type ShownVouch, type VouchEyes, vouchesFor } from './vouches.ts'
import { nomineeHandle } from './vouch-subject.ts'

/** An open nomination as somebody of the group sees it. */
export interface OpenNomination {
  readonly nominationNo: number
  readonly handle: string
  readonly name: string
  readonly affiliation: string
  readonly email: string
  readonly biography: string
  /** Undefined where the group shows no names of vouchers: the nominator is the first. */
  readonly nominator: string | undefined
  readonly madeMicros: number
  readonly state: MemberState
  /** What it takes to be vetted and approved, with what there is. */
  readonly requirements: readonly Requirement[]
  /** When it fails unless it is vetted before. */
  readonly failsMicros: number | undefined
  readonly vouches: readonly ShownVouch[]
  /** Whether whoever looks vouches for them. */
  readonly hasOwnVouch: boolean
  /** Whether whoever looks nominated them. */
  readonly isOwn: boolean
  /** That somebody declined to vouch; only the nominator is told. */
  readonly wasDeclined: boolean
  /** Administrators who approved already; empty for everybody else. */
  readonly approvedBy: readonly string[]
  readonly hasOwnApproval: boolean
  /** Concerns that nobody has settled, for administrators; 0 for everybody else. */
  readonly concerns: number
}

/** A nomination that is over. */
export interface EndedNomination {
  readonly nominationNo: number
  readonly name: string
  readonly affiliation: string
  readonly madeMicros: number
  readonly endedMicros: number
  readonly outcome: 'approved' | 'failed' | 'blocked' | 'withdrawn'
}

const MAX_OPEN = 100
const MAX_ENDED = 50

/** Who looks at the nominations of which group. */
export interface Looking {
  readonly group: Pick<TrustGroup, 'groupNo'>
  readonly viewerNo: number
  readonly isAdministrator: boolean
  readonly eyes: VouchEyes
  readonly nowMicros: number
}

/**
 * Open nominations, the oldest first, in a number of queries that does not depend on how many there are.
 * @param only one of them
 */
export async function openNominations(
  database: Database,
  looking: Looking,
  only?: number,
): Promise<readonly OpenNomination[]> {
  return await database.transaction(async (trx) => {
    const { group, viewerNo, isAdministrator, eyes, nowMicros } = looking
    const rows = await readOpen(trx, group.groupNo, only)
    if (rows.length === 0) return []
    const accounts = rows.map((row) => row.account_no)
    const cases = await membershipCases(trx, group.groupNo, nowMicros, { accounts })
    const seen = { groupNo: group.groupNo, accounts, viewerNo, nowMicros }
    const vouches = await vouchesFor(trx, { ...seen, eyes })
    const own = await trx
      .selectFrom('vouch')
      .select('vouchee_no')
      .where('group_no', '=', group.groupNo)
      .where('voucher_no', '=', viewerNo)
      .where('vouchee_no', 'in', accounts)
      .where('ended_micros', 'is', null)
      .execute()
    const declined = await declinedOf(trx, looking, accounts)
    const numbers = rows.map((row) => row.nomination_no)
    const approvals = isAdministrator ? await readApprovals(trx, numbers) : []
    return rows.flatMap((row) => {
      const facts = cases.find((each) => each.accountNo === row.account_no)
      if (!facts) return []
      const wanted = requirements(facts.state, facts.facts)
      const isOwn = row.nominator_no === viewerNo
      const approved = approvals.filter((each) => each.nomination_no === row.nomination_no)
      return [
        {
          nominationNo: row.nomination_no,
          handle: nomineeHandle(row.nomination_no),
          name: row.name,
          affiliation: row.affiliation,
          email: row.email,
          biography: row.biography,
          nominator: eyes === 'counts' && !isOwn ? undefined : row.nominator_display || row.nominator,
          madeMicros: row.made_micros,
          state: facts.state,
          requirements: wanted,
          failsMicros: wanted.find((each) => each.rule === 'in-time')?.byMicros,
          vouches: vouches.get(row.account_no) ?? [],
          hasOwnVouch: own.some((each) => each.vouchee_no === row.account_no),
          isOwn,
          wasDeclined: isOwn && declined.has(row.account_no),
          approvedBy: approved.map((each) => each.display_name || each.name),
          hasOwnApproval: approved.some((each) => each.approver_no === viewerNo),
          concerns: isAdministrator ? facts.facts.concerns : 0,
        },
      ]
    })
  })
}

/** Nominations that are over, newest first: administrators see all, others the approved ones and those that they made. */
export async function endedNominations(database: Database, looking: Looking): Promise<readonly EndedNomination[]> {
  const { group, viewerNo, isAdministrator } = looking
  let query = database.kysely
    .selectFrom('nomination')
    .select(['nomination_no', 'name', 'affiliation', 'made_micros', 'ended_micros', 'outcome'])
    .where('group_no', '=', group.groupNo)
    .where('ended_micros', 'is not', null)
  if (!isAdministrator) {
    query = query.where((eb) =>
      // of one's own nominee who was blocked one learns no more than that it came to nothing
      eb.or([eb('outcome', '=', 'approved'), eb('nominator_no', '=', viewerNo)]),
    )
  }
  const rows = await query.orderBy('nomination_no', 'desc').limit(MAX_ENDED).execute()
  return rows.map((row) => ({
    nominationNo: row.nomination_no,
    name: row.name,
    affiliation: row.affiliation,
    madeMicros: row.made_micros,
    endedMicros: row.ended_micros ?? 0,
    outcome: row.outcome === 'blocked' && !isAdministrator ? 'failed' : (row.outcome ?? 'failed'),
  }))
}

async function readOpen(trx: Transaction, groupNo: number, only: number | undefined) {
  let query = trx
    .selectFrom('nomination as n')
    .innerJoin('account as a', 'a.account_no', 'n.nominator_no')
    .select(['n.nomination_no', 'n.account_no', 'n.nominator_no', 'n.name', 'n.affiliation', 'n.email', 'n.biography'])
    .select(['n.made_micros', 'a.name as nominator', 'a.display_name as nominator_display'])
    .where('n.group_no', '=', groupNo)
    .where('n.ended_micros', 'is', null)
  if (only !== undefined) query = query.where('n.nomination_no', '=', only)
  return await query.orderBy('n.nomination_no').limit(MAX_OPEN).execute()
}

/** Nominees of whoever looks for whom somebody declined to vouch; nobody else learns of it here. */
async function declinedOf(trx: Transaction, looking: Looking, accounts: number[]): Promise<ReadonlySet<number>> {
  const rows = await trx
    .selectFrom('nomination as n')
    .innerJoin('vouch_signal as s', (join) =>
      join
        .onRef('s.group_no', '=', 'n.group_no')
        .onRef('s.about_no', '=', 'n.account_no')
        .onRef('s.made_micros', '>=', 'n.made_micros')
        .on('s.kind', '=', 'decline'),
    )
    .select('n.account_no')
    .where('n.group_no', '=', looking.group.groupNo)
    .where('n.nominator_no', '=', looking.viewerNo)
    .where('n.account_no', 'in', accounts)
    .where('n.ended_micros', 'is', null)
    .execute()
  return new Set(rows.map((row) => row.account_no))
}

async function readApprovals(trx: Transaction, numbers: number[]) {
  return await trx
    .selectFrom('nomination_approval as p')
    .innerJoin('account as a', 'a.account_no', 'p.approver_no')
    .select(['p.nomination_no', 'p.approver_no', 'a.name', 'a.display_name'])
    .where('p.nomination_no', 'in', numbers)
    .orderBy('p.approved_micros')
    .execute()
}
