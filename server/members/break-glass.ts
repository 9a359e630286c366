import { BadRequestError, NotFoundError } from '../errors.ts'
import { addNotice } from '../notices/add-notice.ts'
import { raiseAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { type Database, run, type Transaction } from '../storage/database.ts'
import { activeMembersOf, administratorsOf, groupNamed } from './group-rows.ts'
import type { MembersContext } from './memberships.ts'
import { type By, mustMay } from './permission.ts'

/** An hour: long enough to look into an incident, too short to move in. */
export const GLASS_MICROS = 3_600_000_000
const MIN_REASON = 10
const MAX_REASON = 500

/** One look of a site administrator into a group. */
export interface Glass {
  readonly by: string
  readonly displayName: string
  readonly reason: string
  readonly openedMicros: number
  /** When it ended or will end. */
  readonly untilMicros: number
}

/**
 * Lets a site administrator into a group for an hour. The administrators of the group are told in the same transaction;
 * where none can read it, every member is.
 * @param wanted `reason` has 10 to 500 characters; all members read it
 * @throws {BadRequestError} code `bad_reason`
 */
export async function breakGlass(
  context: MembersContext,
  wanted: By & { readonly group: string; readonly reason: string },
): Promise<void> {
  const reason = wanted.reason.trim()
  if (reason.length < MIN_REASON || reason.length > MAX_REASON) {
    throw new BadRequestError('bad_reason', `the reason has ${MIN_REASON} to ${MAX_REASON} characters`)
  }
  const { as } = wanted
  // the operator has the database and needs no glass; a look has to be somebody's
  if (as === 'operator') throw new NotFoundError('this page')
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    await mustMay(trx, wanted, 'break-glass')
    const group = await groupNamed(trx, wanted.group)
    // one look at a time: another reason begins another hour, and both stay on the record
    await closeGlass(trx, group.group_no, as.accountNo, nowMicros)
    const expires_micros = nowMicros + GLASS_MICROS
    await trx
      .insertInto('break_glass')
      .values({
        group_no: group.group_no,
        account_no: as.accountNo,
        reason,
        opened_micros: nowMicros,
        expires_micros,
        ended_micros: null,
      })
      .execute()
    const administrators = await administratorsOf(trx, group.group_no)
    const told = administrators.length > 0 ? administrators : await activeMembersOf(trx, group.group_no)
    for (const accountNo of told) {
      await addNotice(trx, context, { kind: 'glass-broken', to: { accountNo }, path: `/groups/${group.name}` })
    }
    const detail = { group: group.name, reason, told: told.length }
    await recordAudit(trx, nowMicros, [{ kind: 'glass_broken', actor: wanted.actor, detail }])
  })
}

/** Ends one's own look into a group before its hour is over. @throws {NotFoundError} when there is none */
export async function endGlass(context: MembersContext, wanted: By & { readonly group: string }): Promise<void> {
  const { as } = wanted
  if (as === 'operator') throw new NotFoundError('this page')
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'end-glass', { row: group, nowMicros })
    if ((await closeGlass(trx, group.group_no, as.accountNo, nowMicros)) === 0) throw new NotFoundError('this page')
    await recordAudit(trx, nowMicros, [{ kind: 'glass_ended', actor: wanted.actor, detail: { group: group.name } }])
  })
}

/** The latest looks into a group, newest first: for every member to see. */
export async function glassOf(database: Database, groupNo: number, limit = 20): Promise<readonly Glass[]> {
  const rows = await database.kysely
    .selectFrom('break_glass')
    .innerJoin('account', 'account.account_no', 'break_glass.account_no')
    .select(['name', 'display_name', 'reason', 'opened_micros', 'expires_micros', 'ended_micros'])
    .where('group_no', '=', groupNo)
    .orderBy('break_glass_no', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    by: row.name,
    displayName: row.display_name || row.name,
    reason: row.reason,
    openedMicros: row.opened_micros,
    untilMicros: row.ended_micros ?? row.expires_micros,
  }))
}

/** Puts on the record that a page of a group was read through broken glass, before it is answered. */
export async function recordGlassRead(
  { database, clock }: Pick<MembersContext, 'database' | 'clock'>,
  read: { readonly actor: string; readonly group: string; readonly path: string },
): Promise<void> {
  const detail = { group: read.group, path: read.path }
  await database.transaction((trx) =>
    recordAudit(trx, clock.nowMicros(), [{ kind: 'glass_read', actor: read.actor, detail }]),
  )
}

async function closeGlass(trx: Transaction, groupNo: number, accountNo: number, nowMicros: number): Promise<number> {
  const { count } = await run(
    trx,
    `update break_glass set ended_micros = $3::bigint
      where group_no = $1::int and account_no = $2::int and ended_micros is null and expires_micros > $3::bigint`,
    [groupNo, accountNo, nowMicros],
  )
  return count
}
