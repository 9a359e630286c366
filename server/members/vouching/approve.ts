import { transition } from '../../../policies/membership.ts'
import { ConflictError, NotFoundError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { holdAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run, type Transaction } from '../../storage/database.ts'
import { membershipCases } from '../../storage/membership-facts.ts'
import { endNomination, endVouches } from '../../storage/membership-rows.ts'
import { act } from '../act.ts'
import { administratorsOf, groupNamed, seesGroup } from '../group-rows.ts'
import type { MembersContext } from '../memberships.ts'
import { type By, type GroupRow, mustMay } from '../permission.ts'
import { settle } from '../settle.ts'
import { type InNameOf, nomineeOf, type Speaker, speakerOf, tellInName, type VouchSubject } from './vouch-subject.ts'
import { hasWayIn, makeWelcome } from '../invitations/welcome.ts'

/** A nomination of a group. */
export interface OneNomination {
  readonly group: string
  readonly nominationNo: number
}

/**
 * Approves a nominee who is vetted. Each administrator approves once, and as many have to as the group wants. The approval
 * of whoever nominated does not do alone, unless nobody else administers the group.
 * @returns `recorded`: another administrator has to approve too
 * @throws {ConflictError} code `state`, `rules`, `approved_already`, `suspended`; `address_unproven` where somebody else's
 * account may merely claim the nominee's address
 */
export async function approveNominee(
  context: MembersContext,
  wanted: By & InNameOf & OneNomination,
): Promise<{ readonly outcome: 'approved' | 'recorded'; readonly mailed: boolean }> {
  const { nominationNo, actor } = wanted
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'manage-members', { row: group, nowMicros })
    const speaker = await speakerOf(trx, wanted, group, 'see')
    if (!speaker.isAdministrator) throw new NotFoundError('an administrator of the group in whose name this is done')
    const nominee = await nomineeOf(trx, group, nominationNo)
    await mustBeOwner(trx, nominee.accountNo, nominationNo)
    await addApproval(trx, nominationNo, speaker, nowMicros)
    await tellInName(trx, context, { group, speaker, actor })
    const place = { group, accountNo: nominee.accountNo, actor, nowMicros }
    const detail = { group: group.name, nomination: nominationNo, nominee: nominee.name, by: speaker.name }
    const isEnough = await maySuffice(trx, group, nominee, speaker, nowMicros)
    if (!isEnough) {
      await recordAudit(trx, nowMicros, [{ kind: 'nominee_approval', actor, detail }])
      await askOthers(trx, context, group, nominationNo)
      return { outcome: 'recorded', mailed: false }
    }
    await act(trx, { ...place, event: 'approve' })
    const numbers = { groupNo: group.group_no, accountNo: nominee.accountNo, nowMicros }
    await endNomination(trx, { ...numbers, outcome: 'approved' })
    await recordAudit(trx, nowMicros, [{ kind: 'nominee_approved', actor, detail }])
    await settle(trx, context, { ...numbers, accounts: [nominee.accountNo], actor, told: nominee.accountNo })
    const mailed = await welcome(trx, context, { ...place, speaker, nominationNo })
    await tellNominator(trx, context, group, nominee)
    return { outcome: 'approved', mailed }
  })
}

/** Ends a nomination without an outcome for the person: they may be nominated again. @throws {NotFoundError} */
export async function withdrawNomination(context: MembersContext, wanted: By & OneNomination): Promise<void> {
  const { nominationNo, actor } = wanted
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'manage-members', { row: group, nowMicros })
    const nominee = await nomineeOf(trx, group, nominationNo)
    const numbers = { groupNo: group.group_no, accountNo: nominee.accountNo, nowMicros }
    await act(trx, { group, accountNo: nominee.accountNo, event: 'remove', actor, nowMicros })
    await endNomination(trx, { ...numbers, outcome: 'withdrawn' })
    const vouchers = await endVouches(trx, { ...numbers, side: 'received-by', reason: 'nomination-failed' })
    await settle(trx, context, { groupNo: group.group_no, accounts: vouchers, actor, nowMicros })
    const detail = { group: group.name, nomination: nominationNo, nominee: nominee.name }
    await recordAudit(trx, nowMicros, [{ kind: 'nomination_withdrawn', actor, detail }])
    await tellNominator(trx, context, group, nominee)
  })
}

/**
 * An account that somebody signs in to has to have proven that the nominee's address is theirs: the group vetted the
 * person of this address, and nobody may come in their place by claiming it.
 */
async function mustBeOwner(trx: Transaction, accountNo: number, nominationNo: number): Promise<void> {
  const account = await trx
    .selectFrom('account')
    .select('active')
    .where('account_no', '=', accountNo)
    .executeTakeFirstOrThrow()
  if (!account.active) {
    throw new ConflictError(
      'suspended',
      'the account of this person is suspended for the whole site: an administrator of the site has to restore it first',
    )
  }
  if (!(await hasWayIn(trx, accountNo))) return
  const proven = await run(
    trx,
    `select 1 from nomination n
       join account_address d on d.account_no = n.account_no and d.address = n.email and d.verified_micros is not null
      where n.nomination_no = $1::int`,
    [nominationNo],
  )
  if (proven.rows.length > 0) return
  throw new ConflictError(
    'address_unproven',
    'an account here has the address of this person, but nobody has proven to read it: ask the person whether the account is theirs, and to verify the address on the page of their account; then approve',
  )
}

async function addApproval(trx: Transaction, nominationNo: number, speaker: Speaker, nowMicros: number): Promise<void> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('nomination_approval')
    .values({ nomination_no: nominationNo, approver_no: speaker.accountNo, approved_micros: nowMicros })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 0n) {
    throw new ConflictError('approved_already', 'you have approved already: another administrator has to')
  }
}

/** Whether nothing but another approval may be missing, and it is not. What else is missing, act.ts says. */
async function maySuffice(
  trx: Transaction,
  group: GroupRow,
  nominee: VouchSubject,
  speaker: Speaker,
  nowMicros: number,
): Promise<boolean> {
  const [own] = await membershipCases(trx, group.group_no, nowMicros, { accounts: [nominee.accountNo] })
  if (!own) return true
  const next = transition(own.state, 'approve', own.facts)
  if (!next.ok) return next.reasons.length !== 1 || next.reasons[0] !== 'approval'
  const alone = own.facts.approvals === 1 && nominee.nominatorNo === speaker.accountNo
  const administrators = await administratorsOf(trx, group.group_no)
  return !alone || administrators.length === 1
}

/** Lets the new member in: by a link to a first password, or by telling who has an account. */
async function welcome(
  trx: Transaction,
  context: MembersContext,
  place: {
    readonly group: GroupRow
    readonly accountNo: number
    readonly speaker: Speaker
    readonly nominationNo: number
    readonly actor: string
    readonly nowMicros: number
  },
): Promise<boolean> {
  const { group, accountNo, speaker, nominationNo, actor, nowMicros } = place
  const { email, affiliation, biography } = await trx
    .selectFrom('nomination')
    .select(['email', 'affiliation', 'biography'])
    .where('nomination_no', '=', nominationNo)
    .executeTakeFirstOrThrow()
  const link = { accountNo, email, groupNo: group.group_no, madeByNo: speaker.accountNo }
  const made = await makeWelcome(trx, context, { actor, ...link })
  if (!made) {
    const to = { accountNo, groupNo: group.group_no }
    await addNotice(trx, context, { kind: 'membership-changed', to, path: `/groups/${group.name}` })
    return true
  }
  await fillProfile(trx, { accountNo, affiliation, biography, nowMicros })
  return made.mailed
}

/** What the nominator wrote of somebody new is what their profile begins with. */
async function fillProfile(
  trx: Transaction,
  row: {
    readonly accountNo: number
    readonly affiliation: string
    readonly biography: string
    readonly nowMicros: number
  },
): Promise<void> {
  const { accountNo: account_no, affiliation, biography, nowMicros } = row
  const made = await trx
    .insertInto('profile')
    .values({ account_no, affiliation, biography, changed_micros: nowMicros })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (made.numInsertedOrUpdatedRows === 0n || affiliation === '') return
  await trx
    .insertInto('affiliation')
    .values({ account_no, organisation: affiliation, from_micros: nowMicros })
    .execute()
}

async function askOthers(trx: Transaction, context: MembersContext, group: GroupRow, nominationNo: number) {
  const approved = await trx
    .selectFrom('nomination_approval')
    .select('approver_no')
    .where('nomination_no', '=', nominationNo)
    .execute()
  const path = `/groups/${group.name}/nominations`
  for (const accountNo of await administratorsOf(trx, group.group_no)) {
    if (approved.some((each) => each.approver_no === accountNo)) continue
    await addNotice(trx, context, { kind: 'nominee-vetted', to: { accountNo, groupNo: group.group_no }, path })
  }
}

async function tellNominator(trx: Transaction, context: MembersContext, group: GroupRow, nominee: VouchSubject) {
  if (nominee.nominatorNo === undefined || !(await seesGroup(trx, group, nominee.nominatorNo))) return
  const to = { accountNo: nominee.nominatorNo, groupNo: group.group_no }
  await addNotice(trx, context, { kind: 'nomination-ended', to, path: `/groups/${group.name}/nominations` })
}
