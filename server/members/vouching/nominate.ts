import { setTimeout as pause } from 'node:timers/promises'
import { isMailAddress } from '../../../mail/address.ts'
import { type GroupPolicy, policyFrom } from '../../../policies/group-policy.ts'
import type { MemberState } from '../../../policies/member-state.ts'
import { BadRequestError, ConflictError, RoleError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { raiseAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import type { Transaction } from '../../storage/database.ts'
import { addHistory } from '../../storage/membership-rows.ts'
import { checkedAttested } from './attestations.ts'
import { activeMembersOf, administratorsOf, groupNamed } from '../group-rows.ts'
import type { MembersContext } from '../memberships.ts'
import { accountOfAddress, insertNomineeAccount } from './nominate-account.ts'
import { type SimilarPerson, similarPeople } from './nominate-similar.ts'
import { type By, type GroupRow, mustMay } from '../permission.ts'
import { settle } from '../settle.ts'
import { insertVouch } from './vouch.ts'
import { type InNameOf, nomineeHandle, type Speaker, speakerOf, tellInName } from './vouch-subject.ts'
import { keptLine, keptText } from './vouch-text.ts'

/** Somebody to be nominated, as the nominator describes them; there is no nominator in it: it is whoever calls. */
export interface NewNomination {
  readonly group: string
  readonly name: string
  readonly email: string
  readonly affiliation: string
  readonly biography: string
  /** The first vouch: why this person. */
  readonly text: string
  /** Each as `name:version`. */
  readonly attested: readonly string[]
  /** That the caller has looked at those with a similar name, and it is none of them. */
  readonly isNoneOfThem: boolean
}

/** The refusal of a nomination of somebody who may be here already. */
export class SimilarError extends ConflictError {
  readonly people: readonly SimilarPerson[]
  constructor(people: readonly SimilarPerson[]) {
    const names = people.map(({ name, handle }) => `${name} (${handle})`).join(', ')
    super('similar_person', `is it one of these? ${names}. If it is none of them, say so and send it again`)
    this.people = people
  }
}

/** The refusal of a nomination of somebody who is nominated by now. */
export class NominatedError extends ConflictError {
  readonly handle: string
  constructor(handle: string) {
    super('nominated_already', `this person is nominated already: vouch for them instead (${handle})`)
    this.handle = handle
  }
}

/** Longer than it takes with or without an account, so that the time says nothing of it. */
const ANSWER_AFTER_MS = 200

/**
 * Nominates somebody: the nomination is the first vouch. The nominee learns nothing of it. Whether they have an account on
 * this site is not told, neither by the answer nor by its time.
 * @returns the number of the nomination
 * @throws {BadRequestError} code `bad_name`, `bad_address`, `bad_affiliation`, `bad_biography`, `bad_vouch_text`,
 * `bad_attestations`
 * @throws {ConflictError} code `member_already`, `not_nominable`; {SimilarError}, {NominatedError}; {RoleError} where
 * nominations are closed
 */
export async function nominate(
  context: MembersContext,
  wanted: By & InNameOf & NewNomination,
): Promise<{ readonly nominationNo: number }> {
  const [made] = await Promise.allSettled([nominateNow(context, wanted), pause(ANSWER_AFTER_MS)])
  if (made.status === 'rejected') throw made.reason
  return made.value
}

async function nominateNow(context: MembersContext, wanted: By & InNameOf & NewNomination) {
  const name = keptLine(wanted.name, { code: 'bad_name', what: 'a name', needed: true })
  const email = wanted.email.trim().toLowerCase()
  if (!isMailAddress(email)) {
    throw new BadRequestError('bad_address', 'write one e-mail address, for example name@city.example')
  }
  const affiliation = keptLine(wanted.affiliation, { code: 'bad_affiliation', what: 'an affiliation' })
  const biography = keptText(wanted.biography, { code: 'bad_biography', what: 'the text about the person' })
  const text = keptText(wanted.text, { code: 'bad_vouch_text', what: 'your vouch', needed: true })
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'nominate', { row: group, nowMicros })
    const speaker = await speakerOf(trx, wanted, group, 'see')
    const policy = policyFrom(group.policy)
    mustBeOpen(policy, speaker)
    const attested = await checkedAttested(trx, group.group_no, wanted.attested)
    const known = await accountOfAddress(trx, email)
    const before = known === undefined ? undefined : await freeState(trx, group, known)
    if (!wanted.isNoneOfThem) {
      const similar = await similarPeople(trx, group.group_no, { name, email })
      if (similar.length > 0) throw new SimilarError(similar)
    }
    const { actor } = wanted
    const accountNo = known ?? (await insertNomineeAccount(trx, { name, email, actor, nowMicros }))
    await insertNominee(trx, group, accountNo, nowMicros)
    const { nomination_no: nominationNo } = await trx
      .insertInto('nomination')
      .values({
        group_no: group.group_no,
        account_no: accountNo,
        nominator_no: speaker.accountNo,
        name,
        affiliation,
        email,
        biography,
        made_micros: nowMicros,
      })
      .returning('nomination_no')
      .executeTakeFirstOrThrow()
    const step = { groupNo: group.group_no, accountNo, atMicros: nowMicros, event: 'nominate', actor }
    await addHistory(trx, { ...step, from: before, to: 'nominated' })
    const subject = {
      accountNo,
      handle: nomineeHandle(nominationNo),
      name,
      state: 'nominated' as const,
      nominationNo,
      nominatorNo: speaker.accountNo,
    }
    await insertVouch(trx, { group, speaker, subject, nowMicros }, { text, attested })
    const detail = { group: group.name, nominator: speaker.name, nominee: name, nomination: nominationNo }
    await recordAudit(trx, nowMicros, [{ kind: 'nominated', actor, detail }])
    await tellVouchers(trx, context, group, policy, speaker)
    await tellInName(trx, context, { group, speaker, actor })
    const accounts = [accountNo, speaker.accountNo]
    await settle(trx, context, { groupNo: group.group_no, accounts, actor, nowMicros })
    return { nominationNo }
  })
}

/** @throws {RoleError} where only administrators nominate */
function mustBeOpen(policy: GroupPolicy, speaker: Speaker): void {
  if (policy.nominationsOpen || speaker.isAdministrator) return
  throw new RoleError('nominate anybody: nominations are closed in this group')
}

/**
 * The state of somebody who may be nominated: none, or failed.
 * @throws {ConflictError} for everybody else; who is blocked and who has died get one answer
 */
async function freeState(trx: Transaction, group: GroupRow, accountNo: number): Promise<MemberState | undefined> {
  const row = await trx
    .selectFrom('membership as m')
    .leftJoin('nomination as n', (join) =>
      join
        .onRef('n.group_no', '=', 'm.group_no')
        .onRef('n.account_no', '=', 'm.account_no')
        .on('n.ended_micros', 'is', null),
    )
    .select(['m.state', 'n.nomination_no'])
    .where('m.group_no', '=', group.group_no)
    .where('m.account_no', '=', accountNo)
    .executeTakeFirst()
  if (row === undefined || row.state === 'failed') return row?.state
  if (row.state === 'blocked' || row.state === 'deceased') {
    throw new ConflictError('not_nominable', 'this person cannot be nominated here: ask an administrator of the group')
  }
  if (row.nomination_no !== null) throw new NominatedError(nomineeHandle(row.nomination_no))
  throw new ConflictError('member_already', `this person is in ${group.title} already`)
}

async function insertNominee(trx: Transaction, group: GroupRow, accountNo: number, nowMicros: number): Promise<void> {
  const values = { roles: '', admitted: 'nomination', state: 'nominated', active: false, below_micros: null } as const
  const times = { state_micros: nowMicros, activity_micros: nowMicros, created_micros: nowMicros }
  await trx
    .insertInto('membership')
    .values({ group_no: group.group_no, account_no: accountNo, ...values, ...times })
    .onConflict((conflict) => conflict.columns(['group_no', 'account_no']).doUpdateSet({ ...values, ...times }))
    .execute()
}

/** Those who may vouch are asked to, where the group asks its members for vouches. */
async function tellVouchers(
  trx: Transaction,
  context: MembersContext,
  group: GroupRow,
  policy: GroupPolicy,
  speaker: Speaker,
): Promise<void> {
  if (!policy.pleaseVouch) return
  const asked = policy.vouchByAdministratorsOnly ? administratorsOf : activeMembersOf
  for (const accountNo of await asked(trx, group.group_no)) {
    if (accountNo === speaker.accountNo) continue
    const to = { accountNo, groupNo: group.group_no }
    await addNotice(trx, context, { kind: 'nominee-new', to, path: `/groups/${group.name}/nominations` })
  }
}
