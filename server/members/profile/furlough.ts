import { BadRequestError, ConflictError } from '../../errors.ts'
import { holdAccess } from '../../site/site.ts'
import type { Account } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { type Database, run, type Transaction } from '../../storage/database.ts'
import type { MembersContext } from '../memberships.ts'
import { settleEverywhere } from '../settle-everywhere.ts'

const DAY_MICROS = 86_400_000_000
/** Longer than that somebody is not away, they have left. */
const MAX_DAYS = 366

/** When somebody is away: no mail, and the idle clocks of all their groups stand still. */
export interface Furlough {
  readonly fromMicros: number
  /** Undefined: until they come back by hand. */
  readonly untilMicros: number | undefined
}

/** The furlough of an account that has begun or will; undefined when there is none, or it is over. */
export async function furloughOf(
  { kysely }: Pick<Database, 'kysely'>,
  accountNo: number,
  nowMicros: number,
): Promise<Furlough | undefined> {
  const row = await kysely
    .selectFrom('account')
    .select(['furlough_from_micros', 'furlough_until_micros'])
    .where('account_no', '=', accountNo)
    .executeTakeFirst()
  if (!row || row.furlough_from_micros === null) return undefined
  const untilMicros = row.furlough_until_micros ?? undefined
  if (untilMicros !== undefined && untilMicros <= nowMicros) return undefined
  return { fromMicros: row.furlough_from_micros, untilMicros }
}

/** Whether somebody is away at a moment. */
export function isAway(furlough: Furlough | undefined, nowMicros: number): boolean {
  return (
    furlough !== undefined &&
    furlough.fromMicros <= nowMicros &&
    (furlough.untilMicros === undefined || furlough.untilMicros > nowMicros)
  )
}

/**
 * Says that one is away, from a moment on and until another, or until one comes back by hand. It ends by itself. Whoever is
 * away already changes the end only: the clocks have stood still since they left.
 * @throws {BadRequestError} code `bad_from` or `bad_until`
 */
export async function goAway(
  context: MembersContext,
  { account, fromMicros, untilMicros }: Furlough & { readonly account: Account },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  if (fromMicros < nowMicros - DAY_MICROS || fromMicros > nowMicros + MAX_DAYS * DAY_MICROS) {
    throw new BadRequestError('bad_from', `an absence starts today or within the next ${MAX_DAYS} days`)
  }
  if (untilMicros !== undefined && untilMicros <= Math.max(fromMicros, nowMicros)) {
    throw new BadRequestError('bad_until', 'the day of return lies after the first day away, and in the future')
  }
  if (untilMicros !== undefined && untilMicros > fromMicros + MAX_DAYS * DAY_MICROS) {
    throw new BadRequestError('bad_until', `an absence lasts at most ${MAX_DAYS} days: come back, or leave the group`)
  }
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    await keepReturn(trx, account.accountNo, nowMicros)
    await run(
      trx,
      `update account set furlough_until_micros = $3::bigint, furlough_from_micros =
         case when furlough_from_micros <= $4::bigint and coalesce(furlough_until_micros > $4::bigint, true)
              then furlough_from_micros else $2::bigint end
        where account_no = $1::int`,
      [account.accountNo, Math.max(fromMicros, nowMicros), untilMicros ?? null, nowMicros],
    )
    const { accountNo, name: actor } = account
    await settleEverywhere(trx, context, { accountNo, actor, nowMicros })
    const detail = { account: actor, open_ended: untilMicros === undefined }
    await recordAudit(trx, nowMicros, [{ kind: 'furlough_set', actor, detail }])
  })
}

/**
 * Comes back by hand, or takes back an absence that has not begun. Coming back is activity in every group.
 * @throws {ConflictError} code `not_away`
 */
export async function comeBack(context: MembersContext, { account }: { readonly account: Account }): Promise<void> {
  const { accountNo, name: actor } = account
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const row = await trx
      .selectFrom('account')
      .select(['furlough_from_micros', 'furlough_until_micros'])
      .where('account_no', '=', accountNo)
      .executeTakeFirstOrThrow()
    const from = row.furlough_from_micros
    if (from === null || (row.furlough_until_micros !== null && row.furlough_until_micros <= nowMicros)) {
      throw new ConflictError('not_away', 'you are not away')
    }
    await run(
      trx,
      `update account set furlough_from_micros = null, furlough_until_micros = null where account_no = $1::int`,
      [accountNo],
    )
    if (from <= nowMicros) await noteActivity(trx, accountNo, nowMicros)
    await settleEverywhere(trx, context, { accountNo, actor, nowMicros })
    await recordAudit(trx, nowMicros, [{ kind: 'furlough_ended', actor, detail: { account: actor } }])
  })
}

/** The return from an absence that ended by itself is kept before the next one takes its place. */
async function keepReturn(trx: Transaction, accountNo: number, nowMicros: number): Promise<void> {
  const { rows } = await run<{ until: number | string }>(
    trx,
    `select furlough_until_micros as until from account
      where account_no = $1::int and furlough_until_micros <= $2::bigint`,
    [accountNo, nowMicros],
  )
  const [over] = rows
  if (over) await noteActivity(trx, accountNo, Number(over.until))
}

async function noteActivity(trx: Transaction, accountNo: number, atMicros: number): Promise<void> {
  await run(
    trx,
    `update membership set activity_micros = greatest(activity_micros, $2::bigint) where account_no = $1::int`,
    [accountNo, atMicros],
  )
}
