import type { Context } from '../context.ts'
import { ConflictError, NotFoundError } from '../errors.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { findNotice, forgetNotices, isOutgoing, isWaiting, orphanNotices, reopenNotice } from '../storage/notices.ts'
import { addNotice } from './add-notice.ts'
import { forgetMail } from './capture.ts'

const DAY_MICROS = 86_400_000_000
/** Who was told what is asked about soon or never; the audit has the acts themselves. */
const KEPT_MICROS = 90 * DAY_MICROS
/** In one go: the next one follows in minutes. */
const MAX_SWEPT = 500

/**
 * Sends a notice again: one that was captured or given up waits anew, one that waits is tried at once. A sent one is not sent
 * twice.
 * @throws {NotFoundError} for no such notice
 * @throws {ConflictError} when it was sent
 */
export async function sendAgain(
  { database, clock, jobs }: Pick<Context, 'database' | 'clock' | 'jobs'>,
  actor: string,
  noticeNo: number,
): Promise<void> {
  if (!(await findNotice(database, noticeNo))) throw new NotFoundError('this notice')
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    if (!(await reopenNotice(trx, noticeNo)) && !(await isWaiting(trx, noticeNo))) {
      throw new ConflictError('sent', 'the notice was sent already')
    }
    await jobs.enqueue(trx, 'send-notice', { notice: noticeNo }, String(noticeNo))
    await recordAudit(trx, nowMicros, [{ kind: 'notice_sent_again', actor, detail: { notice: noticeNo } }])
  })
}

/**
 * Sends whoever asks a notice that says nothing, to see whether notices arrive.
 * @throws {ConflictError} when the account has no mail address
 */
export async function sendTestNotice(
  context: Pick<Context, 'database' | 'clock' | 'jobs'>,
  account: { readonly accountNo: number; readonly name: string; readonly email: string | undefined },
): Promise<void> {
  if (account.email === undefined) {
    throw new ConflictError('no_address', 'your account has no mail address: enter one in your account first')
  }
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await addNotice(trx, context, { kind: 'test', to: { accountNo: account.accountNo }, path: '/site/status' })
    await recordAudit(trx, nowMicros, [{ kind: 'test_notice_asked', actor: account.name, detail: {} }])
  })
}

/**
 * Gives waiting notices that no job looks after a new one: after a restore was confirmed, after a job has tried often enough.
 * Forgets those that have long been over, with the files of captured mail.
 */
export async function sweepOutbox({
  database,
  clock,
  jobs,
  config,
}: Pick<Context, 'database' | 'clock' | 'jobs' | 'config'>): Promise<void> {
  if (!(await isOutgoing(database))) return
  const nowMicros = clock.nowMicros()
  const forgotten = await database.transaction(async (trx) => {
    for (const notice of await orphanNotices(trx, MAX_SWEPT)) {
      await jobs.enqueue(trx, 'send-notice', { notice }, String(notice))
    }
    return await forgetNotices(trx, nowMicros - KEPT_MICROS, MAX_SWEPT)
  })
  for (const { message_id, captured } of forgotten) if (captured) await forgetMail(config.dataFolder, message_id)
}
