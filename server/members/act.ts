import type { MemberState } from '../../policies/member-state.ts'
import { type MembershipEvent, type Reason, transition } from '../../policies/membership.ts'
import { ConflictError } from '../errors.ts'
import { raiseAccess } from '../site/site.ts'
import type { Transaction } from '../storage/database.ts'
import { membershipCases } from '../storage/membership-facts.ts'
import { addHistory, storeState } from '../storage/membership-rows.ts'
import type { GroupRow } from './permission.ts'

/** An act of somebody on a membership that there is. */
export interface Act {
  readonly group: GroupRow
  readonly accountNo: number
  readonly event: Exclude<MembershipEvent, 'review' | 'nominate' | 'add'>
  readonly actor: string
  readonly nowMicros: number
}

/**
 * Lets somebody act on a membership, as the rules allow, inside the caller's transaction. What follows from it is for
 * settle.ts; the audit is the caller's.
 * @returns the states before and after; undefined after: the membership is gone
 * @throws {ConflictError} code `state` or `rules`, with a sentence that names what is missing
 */
export async function act(
  trx: Transaction,
  { group, accountNo, event, actor, nowMicros }: Act,
): Promise<{ readonly from: MemberState; readonly to: MemberState | undefined }> {
  const [own] = await membershipCases(trx, group.group_no, nowMicros, { accounts: [accountNo] })
  if (!own) throw new ConflictError('state', 'there is no such membership any more')
  const next = transition(own.state, event, own.facts)
  if (!next.ok) throw refusal(own.state, event, next.reasons)
  const step = { groupNo: group.group_no, accountNo, atMicros: nowMicros, event, from: own.state, actor }
  if (next.state === undefined) await removeRow(trx, group.group_no, accountNo)
  if (next.state === undefined) await addHistory(trx, { ...step, to: undefined })
  else await storeState(trx, { ...step, to: next.state, because: next.because })
  await raiseAccess(trx)
  return { from: own.state, to: next.state }
}

/** What belongs to a membership goes with it; vouches, nominations and its history stay on the record. */
async function removeRow(trx: Transaction, groupNo: number, accountNo: number): Promise<void> {
  for (const table of ['member_field', 'membership'] as const) {
    await trx.deleteFrom(table).where('group_no', '=', groupNo).where('account_no', '=', accountNo).execute()
  }
}

/** Why rules keep an administrator from going on, in sentences. Concerns are named: only administrators come here. */
const REASONS: Readonly<Record<Reason, string>> = {
  'vouches-wanted': 'there are not enough vouches any more',
  'organisations-wanted': 'the vouches come from too few organisations',
  'in-time': 'its time is over',
  'still-vouched-for': 'nobody vouches any more',
  approval: 'another administrator must approve too',
  'concerns-settled': 'there is a concern that nobody has settled: read it and settle it first',
  key: 'there is no good OpenPGP certificate',
  'vouches-given': 'too few vouches were given',
  'vouches-kept': 'there are not enough vouches',
  activity: 'there was no activity',
  'not-from-this-state': 'that cannot be done in this state',
}

/** From which states an act can be done, for those who tried it in another one. */
const POSSIBLE: Readonly<Partial<Record<Act['event'], string>>> = {
  approve: 'only a nominee who is vetted, which takes enough vouches, can be approved',
  reinstate: 'only who is blocked, or remembered as dead, can be let in again',
  memorialise: 'nothing has to be done',
  block: 'nothing has to be done, or let them in again first',
}

function refusal(state: MemberState, event: Act['event'], reasons: readonly Reason[]): ConflictError {
  if (reasons.includes('not-from-this-state')) {
    return new ConflictError(
      'state',
      `the membership is ${state}: ${POSSIBLE[event] ?? REASONS['not-from-this-state']}`,
    )
  }
  return new ConflictError('rules', reasons.map((reason) => REASONS[reason]).join('; '))
}
