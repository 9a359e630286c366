import { CAPABILITIES } from '../../../policies/member-state.ts'
import { policyFrom } from '../../../policies/group-policy.ts'
import { BadRequestError, ConflictError, NotFoundError, RoleError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { holdAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import type { Transaction } from '../../storage/database.ts'
import { type Attested, attestedFrom, attestedRef, checkedAttested } from './attestations.ts'
import { groupNamed } from '../group-rows.ts'
import type { MembersContext } from '../memberships.ts'
import { type By, type GroupRow, mustMay } from '../permission.ts'
import { settle } from '../settle.ts'
import { type InNameOf, type Speaker, speakerOf, subjectNamed, tellInName, type VouchSubject } from './vouch-subject.ts'
import { keptText } from './vouch-text.ts'
import { unmark } from './vouch-mark.ts'

const DAY = 86_400_000_000

/** People whom one may vouch for at once. */
export const MAX_AT_ONCE = 20

/** A vouch to be given: for whom, in which words, and what is affirmed. */
export interface NewVouch {
  /** A member's account name, or `~` and the number of a nomination. */
  readonly vouchee: string
  readonly text: string
  /** Each as `name:version`, in the wordings that count now. */
  readonly attested: readonly string[]
}

/**
 * Vouches for somebody, or says it in other words: the vouch of before ends, and stays on the record.
 * @throws {BadRequestError} code `bad_vouch_text`, `bad_attestations`
 * @throws {ConflictError} code `vouch_self`; {RoleError} where only administrators vouch; {NotFoundError} for whom the
 * caller does not see in this group
 */
export async function vouch(
  context: MembersContext,
  wanted: By & InNameOf & NewVouch & { readonly group: string },
): Promise<void> {
  await vouchForSeveral(context, { ...wanted, vouches: [wanted] })
}

/**
 * Vouches for several people, for all or for none.
 * @throws as {@link vouch}; {BadRequestError} code `bad_number`
 */
export async function vouchForSeveral(
  context: MembersContext,
  wanted: By & InNameOf & { readonly group: string; readonly vouches: readonly NewVouch[] },
): Promise<void> {
  const { vouches } = wanted
  if (vouches.length === 0 || vouches.length > MAX_AT_ONCE) {
    throw new BadRequestError('bad_number', `choose 1 to ${MAX_AT_ONCE} people`)
  }
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const { group, speaker } = await voucherIn(trx, wanted, nowMicros)
    for (const each of vouches) {
      const subject = await subjectNamed(trx, wanted, { row: group, nowMicros }, each.vouchee)
      await vouchIn(trx, context, { group, speaker, subject, actor: wanted.actor, nowMicros }, each)
    }
  })
}

/**
 * Says that a vouch is still true: it counts for another term.
 * @throws {ConflictError} code `wording_changed` when an attestation was worded anew: then it has to be ticked again
 * @throws {NotFoundError} when there is no vouch to renew
 */
export async function renewVouch(
  context: MembersContext,
  wanted: By & InNameOf & { readonly group: string; readonly vouchee: string },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const { group, speaker } = await voucherIn(trx, wanted, nowMicros)
    const subject = await subjectNamed(trx, wanted, { row: group, nowMicros }, wanted.vouchee)
    const standing = await standingVouch(trx, group.group_no, speaker.accountNo, subject.accountNo)
    if (!standing) throw new NotFoundError('a vouch for this person')
    try {
      const attested = attestedFrom(standing.attested).map(attestedRef)
      const again = { vouchee: subject.handle, text: standing.text, attested }
      await vouchIn(trx, context, { group, speaker, subject, actor: wanted.actor, nowMicros }, again)
    } catch (error) {
      if (!(error instanceof BadRequestError) || error.code !== 'bad_attestations') throw error
      throw new ConflictError('wording_changed', 'a statement was worded anew since: read it and tick it again')
    }
  })
}

/** Takes a vouch back. @throws {NotFoundError} when there is none */
export async function withdrawVouch(
  context: MembersContext,
  wanted: By & InNameOf & { readonly group: string; readonly vouchee: string },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'vouch', { row: group, nowMicros })
    const speaker = await speakerOf(trx, wanted, group, 'login')
    const subject = await subjectNamed(trx, wanted, { row: group, nowMicros }, wanted.vouchee)
    const ended = await endOwn(trx, group, speaker, subject, { reason: 'withdrawn', nowMicros })
    if (!ended) throw new NotFoundError('a vouch for this person')
    await follow(trx, context, { group, speaker, subject, actor: wanted.actor, nowMicros }, 'vouch_withdrawn')
  })
}

/** Who vouches for whom, when. */
export interface VouchPlace {
  readonly group: GroupRow
  readonly speaker: Speaker
  readonly subject: VouchSubject
  readonly actor: string
  readonly nowMicros: number
}

/** Gives one vouch inside the caller's transaction, after all that may be refused before it, and lets the rules follow. */
export async function vouchIn(
  trx: Transaction,
  context: MembersContext,
  place: VouchPlace,
  given: Pick<NewVouch, 'text' | 'attested'>,
): Promise<void> {
  const { group, speaker, subject, nowMicros } = place
  if (subject.accountNo === speaker.accountNo) {
    throw new ConflictError('vouch_self', 'nobody vouches for themself: others have to')
  }
  const text = keptText(given.text, { code: 'bad_vouch_text', what: 'the text of a vouch' })
  const attested = await checkedAttested(trx, group.group_no, given.attested)
  await endOwn(trx, group, speaker, subject, { reason: 'replaced', nowMicros })
  await insertVouch(trx, place, { text, attested })
  await unmark(trx, group, speaker.accountNo, subject.accountNo)
  await follow(trx, context, place, 'vouch_given')
}

/** The row of a vouch. */
export async function insertVouch(
  trx: Transaction,
  { group, speaker, subject, nowMicros }: Pick<VouchPlace, 'group' | 'speaker' | 'subject' | 'nowMicros'>,
  { text, attested }: { readonly text: string; readonly attested: readonly Attested[] },
): Promise<void> {
  const { vouchDays } = policyFrom(group.policy)
  await trx
    .insertInto('vouch')
    .values({
      group_no: group.group_no,
      voucher_no: speaker.accountNo,
      vouchee_no: subject.accountNo,
      text,
      attested: JSON.stringify(attested),
      made_micros: nowMicros,
      expires_micros: vouchDays === 0 ? null : nowMicros + vouchDays * DAY,
    })
    .execute()
}

/** Somebody who may vouch here. @throws {RoleError} where only administrators may */
async function voucherIn(trx: Transaction, wanted: By & InNameOf & { readonly group: string }, nowMicros: number) {
  const group = await groupNamed(trx, wanted.group)
  await mustMay(trx, wanted, 'vouch', { row: group, nowMicros })
  const speaker = await speakerOf(trx, wanted, group, 'login')
  if (policyFrom(group.policy).vouchByAdministratorsOnly && !speaker.isAdministrator) {
    throw new RoleError('vouch: in this group only its administrators do')
  }
  return { group, speaker }
}

/** A vouch that nobody has taken back; it may have expired. */
export async function standingVouch(trx: Transaction, groupNo: number, voucherNo: number, voucheeNo: number) {
  return await trx
    .selectFrom('vouch')
    .selectAll()
    .where('group_no', '=', groupNo)
    .where('voucher_no', '=', voucherNo)
    .where('vouchee_no', '=', voucheeNo)
    .where('ended_micros', 'is', null)
    .executeTakeFirst()
}

async function endOwn(
  trx: Transaction,
  group: GroupRow,
  speaker: Speaker,
  subject: VouchSubject,
  { reason, nowMicros }: { readonly reason: 'withdrawn' | 'replaced'; readonly nowMicros: number },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('vouch')
    .set({ ended_micros: nowMicros, end_reason: reason })
    .where('group_no', '=', group.group_no)
    .where('voucher_no', '=', speaker.accountNo)
    .where('vouchee_no', '=', subject.accountNo)
    .where('ended_micros', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** What comes of a vouch: it is on the record, both memberships are looked at anew, and a member is told; a nominee is not. */
async function follow(
  trx: Transaction,
  context: MembersContext,
  { group, speaker, subject, actor, nowMicros }: VouchPlace,
  kind: 'vouch_given' | 'vouch_withdrawn',
): Promise<void> {
  const detail = { group: group.name, voucher: speaker.name, vouchee: subject.handle }
  await recordAudit(trx, nowMicros, [{ kind, actor, detail }])
  if (CAPABILITIES[subject.state].login) {
    const to = { accountNo: subject.accountNo, groupNo: group.group_no }
    await addNotice(trx, context, { kind: 'vouch-changed', to, path: `/groups/${group.name}/membership` })
  }
  await tellInName(trx, context, { group, speaker, actor })
  const accounts = [subject.accountNo, speaker.accountNo]
  await settle(trx, context, { groupNo: group.group_no, accounts, actor, nowMicros })
}
