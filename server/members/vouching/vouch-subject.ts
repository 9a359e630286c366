import { CAPABILITIES, MEMBER_STATES, type MemberState, statesThat } from '../../../policies/member-state.ts'
import { ForbiddenError, NotFoundError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import type { Transaction } from '../../storage/database.ts'
import { memberOf } from '../group-rows.ts'
import type { MembersContext } from '../memberships.ts'
import { type By, type GroupRow, mustMay, rolesIn } from '../permission.ts'

/**
 * Somebody whom one may vouch for. In addresses a member is the name of their account; a nominee is `~` and the number of
 * the nomination, because the name would tell whether there was an account before.
 */
export interface VouchSubject {
  readonly accountNo: number
  readonly handle: string
  /** A nominee is called what the nominator wrote. */
  readonly name: string
  readonly state: MemberState
  readonly nominationNo: number | undefined
  /** Account that nominated them. */
  readonly nominatorNo: number | undefined
}

/** What stands for the nominee of this nomination in addresses. */
export function nomineeHandle(nominationNo: number): string {
  return `~${nominationNo}`
}

/** States of members whom one may vouch for; nominees are found by their nomination. */
export const VOUCHABLE_STATES: readonly MemberState[] = statesThat('login')
const NOMINEE_STATES: readonly MemberState[] = MEMBER_STATES.slice(0, 2)

/**
 * Finds somebody in a group by their handle: of this group only, and only whom its members may see.
 * @throws {NotFoundError} for everybody else, in the same words
 */
export async function subjectNamed(
  trx: Transaction,
  wanted: By,
  place: { readonly row: GroupRow; readonly nowMicros: number },
  handle: string,
): Promise<VouchSubject> {
  const number = /^~([1-9]\d{0,8})$/.exec(handle)?.[1]
  if (number === undefined) return await memberNamed(trx, place.row, handle)
  await mustMay(trx, wanted, 'see-nominations', place)
  return await nomineeOf(trx, place.row, Number(number))
}

/** The nominee of an open nomination of this group. @throws {NotFoundError} */
export async function nomineeOf(trx: Transaction, group: GroupRow, nominationNo: number): Promise<VouchSubject> {
  const row = await trx
    .selectFrom('nomination as n')
    .innerJoin('membership as m', (join) =>
      join.onRef('m.group_no', '=', 'n.group_no').onRef('m.account_no', '=', 'n.account_no'),
    )
    .select(['n.account_no', 'n.nomination_no', 'n.nominator_no', 'n.name', 'm.state'])
    .where('n.group_no', '=', group.group_no)
    .where('n.nomination_no', '=', nominationNo)
    .where('n.ended_micros', 'is', null)
    .where('m.state', 'in', [...NOMINEE_STATES])
    .executeTakeFirst()
  if (!row) throw new NotFoundError('this person')
  return {
    accountNo: row.account_no,
    handle: nomineeHandle(row.nomination_no),
    name: row.name,
    state: row.state,
    nominationNo: row.nomination_no,
    nominatorNo: row.nominator_no,
  }
}

async function memberNamed(trx: Transaction, group: GroupRow, name: string): Promise<VouchSubject> {
  const row = await trx
    .selectFrom('membership as m')
    .innerJoin('account as a', 'a.account_no', 'm.account_no')
    .select(['m.account_no', 'a.name', 'a.display_name', 'm.state'])
    .where('m.group_no', '=', group.group_no)
    .where('a.name', '=', name)
    .where('a.active', '=', true)
    .where('m.state', 'in', [...VOUCHABLE_STATES])
    .executeTakeFirst()
  if (!row) throw new NotFoundError('this person')
  return {
    accountNo: row.account_no,
    handle: row.name,
    name: row.display_name || row.name,
    state: row.state,
    nominationNo: undefined,
    nominatorNo: undefined,
  }
}

/** Who says something about somebody else. */
export interface Speaker {
  readonly accountNo: number
  readonly name: string
  readonly isAdministrator: boolean
}

/** In whose name the operator at the machine acts, who is nobody in the group. Everybody else speaks for themselves. */
export interface InNameOf {
  readonly inNameOf?: string | undefined
}

/**
 * Whoever calls, as a member of the group; the operator names one.
 * @param needs the capability that the member's state must have
 * @throws {ForbiddenError} for a name that somebody other than the operator gives, {NotFoundError} for no such member
 */
export async function speakerOf(
  trx: Transaction,
  { as, actor, inNameOf }: By & InNameOf,
  group: GroupRow,
  needs: 'login' | 'see',
): Promise<Speaker> {
  if (as !== 'operator' && inNameOf !== undefined) throw new ForbiddenError('you speak for yourself only')
  if (as === 'operator' && inNameOf === undefined) throw new NotFoundError('a member in whose name this is done')
  const member = await memberOf(trx, group, inNameOf ?? actor)
  if (as !== 'operator' && as.accountNo !== member.account_no) throw new NotFoundError('this person')
  if (!CAPABILITIES[member.state][needs]) {
    throw new NotFoundError(`a member ${JSON.stringify(member.name)} whose state lets them do this`)
  }
  const isAdministrator = CAPABILITIES[member.state].see && rolesIn(member.roles).has('group-administrator')
  return { accountNo: member.account_no, name: member.name, isAdministrator }
}

/** Tells a member what the operator at the machine did in their name. */
export async function tellInName(
  trx: Transaction,
  context: MembersContext,
  { group, speaker, actor }: { readonly group: GroupRow; readonly speaker: Speaker; readonly actor: string },
): Promise<void> {
  if (actor === speaker.name) return
  const to = { accountNo: speaker.accountNo, groupNo: group.group_no }
  await addNotice(trx, context, { kind: 'membership-changed', to, path: `/groups/${group.name}/vouching` })
}
