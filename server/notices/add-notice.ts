import { randomUUID } from 'node:crypto'
import { isMailAddress } from '../../mail/address.ts'
import { isNoticePath, type NoticeKind } from '../../policies/notice.ts'
import type { Context } from '../context.ts'
import { BadRequestError } from '../errors.ts'
import type { Transaction } from '../storage/database.ts'
import { keepForDigest, mustWait } from './digest-entry.ts'

/** A notice to be sent. */
export interface NewNotice {
  readonly kind: NoticeKind
  /** Whom it is for; an account without an address gets none. */
  readonly to:
    | {
        readonly accountNo: number
        /** Whose address is used that the member chose for it. */ readonly groupNo?: number
      }
    | { readonly address: string; readonly language?: string }
  /** Path of the page that says the rest; may hold a one-time token. */
  readonly path: string
}

/**
 * Writes a notice to the outbox as part of the caller's transaction, together with the job that sends it: it goes out if
 * and only if that commits. What can wait is kept for the digest of whoever chose one, and all but warnings while they are away.
 * @throws {BadRequestError} for an address that was given and is none
 */
export async function addNotice(
  trx: Transaction,
  { clock, jobs }: Pick<Context, 'clock' | 'jobs'>,
  notice: NewNotice,
): Promise<void> {
  if (!isNoticePath(notice.path)) throw new Error(`a notice of kind ${notice.kind} has a path that no page of ours has`)
  const account = 'address' in notice.to ? undefined : await addressOf(trx, notice.to)
  if (account && mustWait(notice.kind, account.pace, clock.nowMicros())) {
    const { accountNo } = account
    await keepForDigest(trx, { accountNo, kind: notice.kind, path: notice.path, atMicros: clock.nowMicros() })
    return
  }
  const to = 'address' in notice.to ? { ...notice.to, accountNo: undefined } : account
  if (to?.address === undefined) return
  if (!isMailAddress(to.address)) {
    // what an account has was checked when it was set; should it be none all the same, it is as if there were none
    if (to.accountNo !== undefined) return
    throw new BadRequestError('bad_address', 'this is not a mail address: write it as name@example.org')
  }
  const { notice_no } = await trx
    .insertInto('notice')
    .values({
      message_id: randomUUID(),
      account_no: to.accountNo ?? null,
      address: to.address,
      kind: notice.kind,
      language: to.language ?? 'en',
      path: notice.path,
      created_micros: clock.nowMicros(),
      sent_micros: null,
      refused_micros: null,
      last_error: null,
    })
    .returning('notice_no')
    .executeTakeFirstOrThrow()
  await jobs.enqueue(trx, 'send-notice', { notice: notice_no }, String(notice_no))
}

async function addressOf(
  trx: Transaction,
  { accountNo, groupNo }: { readonly accountNo: number; readonly groupNo?: number },
) {
  const row = await trx
    .selectFrom('account')
    .leftJoin('membership', (join) =>
      join.onRef('membership.account_no', '=', 'account.account_no').on('membership.group_no', '=', groupNo ?? 0),
    )
    .leftJoin('account_address', (join) =>
      join
        .onRef('account_address.address_no', '=', 'membership.address_no')
        .on('account_address.verified_micros', 'is not', null),
    )
    .select(['account.email', 'account.language', 'account_address.address'])
    .select(['account.digest', 'account.furlough_from_micros', 'account.furlough_until_micros'])
    .where('account.account_no', '=', accountNo)
    .executeTakeFirst()
  return row && { address: row.address ?? row.email ?? undefined, language: row.language, accountNo, pace: row }
}
