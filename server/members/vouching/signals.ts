import { ConflictError, NotFoundError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { holdAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { type Database, run, type Transaction } from '../../storage/database.ts'
import { administratorsOf, groupNamed, seesGroup } from '../group-rows.ts'
import type { MembersContext } from '../memberships.ts'
import { type By, type GroupRow, mustMay } from '../permission.ts'
import { standingVouch } from './vouch.ts'
import { type InNameOf, speakerOf, subjectNamed } from './vouch-subject.ts'
import { keptText } from './vouch-text.ts'

/** A concern that nobody settles is heard for half a year; then it counts no more. */
const HEARD_MICROS = 180 * 86_400_000_000
const MAX_LISTED = 200

/** On the audit a signal has no group and no name: an administrator whom it is about must not find it there. */
const UNNAMED = 'a member'

/** What a member tells the administrators of somebody, in confidence. */
export interface NewSignal {
  readonly group: string
  /** A member's account name, or `~` and the number of a nomination. */
  readonly about: string
  readonly kind: 'decline' | 'concern'
  readonly reason: string
}

/**
 * Declines to vouch for a nominee, or tells of a concern about anybody whom the caller sees. The administrators of the
 * group read it, but for whom it is about. Of a refusal to vouch the nominator learns that there is one; the nominee does not.
 * @throws {BadRequestError} code `bad_reason`; {ConflictError} code `signal_self`, `signal_already`, `signal_unread`,
 * `vouches_already`
 * @throws {NotFoundError} for whom the caller does not see in this group; for declining where nobody is nominated
 */
export async function sendSignal(context: MembersContext, wanted: By & InNameOf & NewSignal): Promise<void> {
  const { kind } = wanted
  const reason = keptText(wanted.reason, { code: 'bad_reason', what: 'a reason', needed: true })
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'raise-concern', { row: group, nowMicros })
    const speaker = await speakerOf(trx, wanted, group, 'see')
    const subject = await subjectNamed(trx, wanted, { row: group, nowMicros }, wanted.about)
    if (subject.accountNo === speaker.accountNo) {
      throw new ConflictError('signal_self', 'this is about others: speak to an administrator of the group yourself')
    }
    if (kind === 'decline') {
      if (subject.nominationNo === undefined) throw new NotFoundError('a nomination of this person')
      if (await standingVouch(trx, group.group_no, speaker.accountNo, subject.accountNo)) {
        throw new ConflictError('vouches_already', 'you vouch for this person: take that back first')
      }
    }
    await mustBeNew(trx, group, speaker.accountNo, subject.accountNo, kind, nowMicros)
    const administrators = await administratorsOf(trx, group.group_no)
    const readers = administrators.filter((each) => each !== subject.accountNo)
    if (readers.length === 0) {
      throw new ConflictError(
        'signal_unread',
        'nobody else looks after this group, so nobody would read it: speak to an administrator of the site',
      )
    }
    const { signal_no } = await trx
      .insertInto('vouch_signal')
      .values({
        group_no: group.group_no,
        about_no: subject.accountNo,
        by_no: speaker.accountNo,
        kind,
        reason,
        made_micros: nowMicros,
        expires_micros: nowMicros + HEARD_MICROS,
      })
      .returning('signal_no')
      .executeTakeFirstOrThrow()
    await recordAudit(trx, nowMicros, [{ kind: 'signal_sent', actor: UNNAMED, detail: { signal: signal_no } }])
    const path = `/groups/${group.name}/concerns`
    for (const accountNo of readers) {
      await addNotice(trx, context, { kind: 'concern-raised', to: { accountNo, groupNo: group.group_no }, path })
    }
    if (kind !== 'decline' || subject.nominatorNo === undefined) return
    if (!(await seesGroup(trx, group, subject.nominatorNo))) return
    const to = { accountNo: subject.nominatorNo, groupNo: group.group_no }
    await addNotice(trx, context, { kind: 'vouch-declined', to, path: `/groups/${group.name}/nominations` })
  })
}

async function mustBeNew(
  trx: Transaction,
  group: GroupRow,
  byNo: number,
  aboutNo: number,
  kind: string,
  nowMicros: number,
): Promise<void> {
  const same = await run(
    trx,
    `select 1 from vouch_signal s
      where s.group_no = $1::int and s.by_no = $2::int and s.about_no = $3::int and s.kind = $4::text
        and s.settled_micros is null and (s.expires_micros is null or s.expires_micros > $5::bigint)
        and ($4::text = 'concern' or s.made_micros >= (select max(n.made_micros) from nomination n
              where n.group_no = s.group_no and n.account_no = s.about_no and n.ended_micros is null)) limit 1`,
    [group.group_no, byNo, aboutNo, kind, nowMicros],
  )
  if (same.rows.length === 0) return
  throw new ConflictError('signal_already', 'you have told the administrators this already: they have it')
}

/** A signal as administrators read it. */
export interface Signal {
  readonly signalNo: number
  readonly kind: 'decline' | 'concern'
  readonly about: string
  readonly by: string
  readonly reason: string
  readonly madeMicros: number
  readonly expiresMicros: number | undefined
  /** What there is to be said against it. */
  readonly rebuttal: string
  readonly settledMicros: number | undefined
  readonly settledBy: string | undefined
  readonly settlement: string
}

/** Signals in a group, those that wait first; never one about whoever reads. */
export async function listSignals(
  { kysely }: Pick<Database, 'kysely'>,
  groupNo: number,
  readerNo: number,
): Promise<readonly Signal[]> {
  const rows = await kysely
    .selectFrom('vouch_signal as s')
    .innerJoin('account as about', 'about.account_no', 's.about_no')
    .innerJoin('account as by', 'by.account_no', 's.by_no')
    .leftJoin('account as settler', 'settler.account_no', 's.settled_by_no')
    .leftJoin('nomination as n', (join) =>
      join
        .onRef('n.group_no', '=', 's.group_no')
        .onRef('n.account_no', '=', 's.about_no')
        .on('n.ended_micros', 'is', null),
    )
    .selectAll('s')
    .select(['about.name as about_name', 'about.display_name as about_display', 'n.name as nominee'])
    .select(['by.name as by_name', 'by.display_name as by_display'])
    .select(['settler.name as settler_name', 'settler.display_name as settler_display'])
    .where('s.group_no', '=', groupNo)
    .where('s.about_no', '<>', readerNo)
    .orderBy((eb) => eb('s.settled_micros', 'is', null), 'desc')
    .orderBy('s.signal_no', 'desc')
    .limit(MAX_LISTED)
    .execute()
  return rows.map((row) => ({
    signalNo: row.signal_no,
    kind: row.kind,
    about: row.nominee ?? (row.about_display || row.about_name),
    by: row.by_display || row.by_name,
    reason: row.reason,
    madeMicros: row.made_micros,
    expiresMicros: row.expires_micros ?? undefined,
    rebuttal: row.rebuttal,
    settledMicros: row.settled_micros ?? undefined,
    settledBy: row.settler_display || (row.settler_name ?? undefined),
    settlement: row.settlement,
  }))
}

/** A note of an administrator on a signal. */
export interface SignalNote {
  readonly group: string
  readonly signalNo: number
  readonly text: string
}

/** Writes down what there is to be said against a concern. @throws {NotFoundError}; {BadRequestError} code `bad_note` */
export async function rebutSignal(context: MembersContext, wanted: By & SignalNote): Promise<void> {
  const rebuttal = keptText(wanted.text, { code: 'bad_note', what: 'a note', needed: true })
  await change(context, wanted, () => ({ rebuttal }))
}

/** Settles a signal: what was found, and that it counts no more. @throws {NotFoundError}; {BadRequestError} code `bad_note` */
export async function settleSignal(context: MembersContext, wanted: By & SignalNote): Promise<void> {
  const settlement = keptText(wanted.text, { code: 'bad_note', what: 'a note', needed: true })
  await change(context, wanted, (settled_by_no, settled_micros) => ({ settlement, settled_by_no, settled_micros }))
}

async function change(
  context: MembersContext,
  wanted: By & SignalNote,
  columns: (
    readerNo: number,
    nowMicros: number,
  ) =>
    | { readonly rebuttal: string }
    | { readonly settlement: string; readonly settled_by_no: number; readonly settled_micros: number },
): Promise<void> {
  const { as, signalNo } = wanted
  // what is confidential to administrators of the group has no face for the operator
  if (as === 'operator') throw new NotFoundError('an open signal of this number')
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'see-concerns', { row: group, nowMicros })
    const { numUpdatedRows } = await trx
      .updateTable('vouch_signal')
      .set(columns(as.accountNo, nowMicros))
      .where('signal_no', '=', signalNo)
      .where('group_no', '=', group.group_no)
      .where('about_no', '<>', as.accountNo)
      .where('settled_micros', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw new NotFoundError('an open signal of this number')
    await recordAudit(trx, nowMicros, [{ kind: 'signal_handled', actor: UNNAMED, detail: { signal: signalNo } }])
  })
}
