import { DIGESTIBLE } from '../../policies/notice.ts'
import type { Context } from '../context.ts'
import { textArray } from '../storage/bulk.ts'
import { type Database, run } from '../storage/database.ts'
import { addNotice } from './add-notice.ts'
import { hiddenLink } from './hidden-link.ts'

/** How fast somebody wants to be told of what can wait. */
export const DIGEST_PACES = ['each', 'daily', 'weekly'] as const

/** One of the {@link DIGEST_PACES}. */
export type DigestPace = (typeof DIGEST_PACES)[number]

const KEPT_MICROS = 90 * 86_400_000_000
const DAY_MICROS = 86_400_000_000
/** Accounts that get their digest in one transaction. */
const BATCH = 100

/**
 * Tells everybody whose turn it is that something waits for them: daily ones and those who came back from an absence every
 * day, weekly ones on Monday (UTC), but at once of what only an absence made wait. Whoever is away, or suspended, is told later. One notice each, with the way to the page
 * that lists everything; running twice tells nobody twice.
 */
export async function sendDigests(context: Pick<Context, 'clock' | 'database' | 'jobs'>): Promise<void> {
  const { clock, database } = context
  const nowMicros = clock.nowMicros()
  const isMonday = new Date(nowMicros / 1000).getUTCDay() === 1
  await database.transaction((trx) =>
    run(trx, 'delete from digest_entry where told_micros < $1::bigint', [nowMicros - KEPT_MICROS]),
  )
  for (let found = BATCH; found === BATCH;) {
    found = await database.transaction(async (trx) => {
      const { rows } = await run<{ account_no: number }>(
        trx,
        `select a.account_no from account a
          where a.active and not (a.furlough_from_micros is not null and a.furlough_from_micros <= $1::bigint
                     and (a.furlough_until_micros is null or a.furlough_until_micros > $1::bigint))
            and exists (select 1 from digest_entry d where d.account_no = a.account_no and d.told_micros is null
                  and (a.digest <> 'weekly' or $2::boolean or not d.kind = any($3::text[])))
          order by a.account_no limit ${BATCH} for update of a skip locked`,
        [nowMicros, isMonday, textArray([...DIGESTIBLE])],
      )
      for (const { account_no: accountNo } of rows) {
        const { count } = await run(
          trx,
          'update digest_entry set told_micros = $2::bigint where account_no = $1::int and told_micros is null',
          [accountNo, nowMicros],
        )
        // none: another process told of them between this one's look and its lock
        if (count > 0) await addNotice(trx, context, { kind: 'digest', to: { accountNo }, path: '/account/notices' })
      }
      return rows.length
    })
  }
}

/** Something that an account was told of, or will be in its next digest. */
export interface Told {
  readonly kind: string
  /** Undefined where the link was good for one use only. */
  readonly path: string | undefined
  readonly atMicros: number
  readonly waits: boolean
}

const LISTED = 100

/** What an account was told of lately and what waits for its digest, newest first, with its pace; in two queries. */
export async function noticesOf(
  database: Database,
  accountNo: number,
): Promise<{ readonly pace: DigestPace; readonly told: readonly Told[] }> {
  return await database.transaction(async (trx) => {
    const account = await trx
      .selectFrom('account')
      .select('digest')
      .where('account_no', '=', accountNo)
      .executeTakeFirstOrThrow()
    const { rows } = await run<{ kind: string; path: string; at_micros: number | string; waits: boolean }>(
      trx,
      `select kind, path, at_micros, told_micros is null as waits from digest_entry where account_no = $1::int
       union all
       select kind, path, created_micros, false from notice where account_no = $1::int and kind <> 'digest'
        order by at_micros desc limit ${LISTED}`,
      [accountNo],
    )
    const told = rows.map(({ kind, path, at_micros, waits }) => ({
      kind,
      path: hiddenLink(path) === path ? path : undefined,
      atMicros: Number(at_micros),
      waits,
    }))
    return { pace: account.digest, told }
  })
}

/** Chooses how fast an account is told of what can wait. What waits already comes with the next digest all the same. */
export async function setDigestPace(database: Database, accountNo: number, pace: DigestPace): Promise<void> {
  await database.kysely.updateTable('account').set({ digest: pace }).where('account_no', '=', accountNo).execute()
}

/** When the next digest of a pace goes out, after a moment: at 05:30 UTC, weekly ones on Monday. */
export function nextDigestMicros(pace: DigestPace, nowMicros: number): number {
  const at = Math.floor(nowMicros / DAY_MICROS) * DAY_MICROS + 5.5 * 3_600_000_000
  for (let next = at; ; next += DAY_MICROS) {
    if (next > nowMicros && (pace !== 'weekly' || new Date(next / 1000).getUTCDay() === 1)) return next
  }
}
