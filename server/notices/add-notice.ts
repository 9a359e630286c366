import { randomUUID } from 'node:crypto'
import { isMailAddress } from '../../mail/address.ts'
import { isNoticePath, type NoticeKind } from '../../policies/notice.ts'
import type { Context } from '../context.ts'
import { BadRequestError } from '../errors.ts'
import { int8Array } from '../storage/bulk.ts'
import { run, type Transaction } from '../storage/database.ts'
import { type DigestEntry, keepForDigest, mustWait, type Pace } from './digest-entry.ts'

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
  context: Pick<Context, 'clock' | 'jobs'>,
  notice: NewNotice,
): Promise<void> {
  await addNotices(trx, context, [notice])
}

/** Rows of one statement: PostgreSQL takes 65,535 parameters. */
const AT_ONCE = 500

/**
 * As {@link addNotice}, for many at once.
 * @throws {BadRequestError} for an address that was given and is none
 */
export async function addNotices(
  trx: Transaction,
  { clock, jobs }: Pick<Context, 'clock' | 'jobs'>,
  notices: readonly NewNotice[],
): Promise<void> {
  const nowMicros = clock.nowMicros()
  const readers = await readersOf(trx, notices)
  const kept: DigestEntry[] = []
  const mailed: Mailed[] = []
  for (const { kind, to, path } of notices) {
    if (!isNoticePath(path)) throw new Error(`a notice of kind ${kind} has a path that no page of ours has`)
    if ('address' in to) {
      if (!isMailAddress(to.address)) {
        throw new BadRequestError('bad_address', 'this is not a mail address: write it as name@example.org')
      }
      mailed.push({ kind, path, accountNo: null, address: to.address, language: to.language ?? 'en' })
      continue
    }
    const reader = readers.get(keyOf(to))
    const { accountNo } = to
    if (!reader) continue
    if (mustWait(kind, reader, nowMicros)) kept.push({ accountNo, kind, path, atMicros: nowMicros })
    // what an account has was checked when it was set; should it be none all the same, it is as if there were none
    else if (reader.address !== null && isMailAddress(reader.address)) {
      mailed.push({ kind, path, accountNo, address: reader.address, language: reader.language })
    }
  }
  for (let at = 0; at < kept.length; at += AT_ONCE) await keepForDigest(trx, kept.slice(at, at + AT_ONCE))
  for (let at = 0; at < mailed.length; at += AT_ONCE) {
    const rows = await trx
      .insertInto('notice')
      .values(mailed.slice(at, at + AT_ONCE).map((each) => rowOf(each, nowMicros)))
      .returning('notice_no')
      .execute()
    for (const { notice_no: notice } of rows) await jobs.enqueue(trx, 'send-notice', { notice }, String(notice))
  }
}

/** A notice that goes out by itself. */
interface Mailed {
  readonly kind: NoticeKind
  readonly path: string
  /** Null where only the address is known. */
  readonly accountNo: number | null
  readonly address: string
  readonly language: string
}

function rowOf({ kind, path, accountNo, address, language }: Mailed, nowMicros: number) {
  return {
    message_id: randomUUID(),
    account_no: accountNo,
    address,
    kind,
    language,
    path,
    created_micros: nowMicros,
    sent_micros: null,
    refused_micros: null,
    last_error: null,
  }
}

/** An account as a reader of notices of one group, or of none. */
interface Reader extends Pace {
  readonly account_no: number
  readonly group_no: number
  readonly address: string | null
  readonly language: string
}

function keyOf({ accountNo, groupNo = 0 }: { readonly accountNo: number; readonly groupNo?: number }): string {
  return `${accountNo} ${groupNo}`
}

async function readersOf(trx: Transaction, notices: readonly NewNotice[]): Promise<ReadonlyMap<string, Reader>> {
  const wanted = notices.flatMap(({ to }) => ('address' in to ? [] : [to]))
  if (wanted.length === 0) return new Map()
  const { rows } = await run<Reader>(
    trx,
    `select w.account_no::int, w.group_no::int, coalesce(d.address, a.email) as address, a.language, a.digest,
            a.furlough_from_micros, a.furlough_until_micros
       from (select distinct account_no, group_no from unnest($1::bigint[], $2::bigint[]) u (account_no, group_no)) w
       join account a on a.account_no = w.account_no::int
       left join membership m on m.account_no = w.account_no::int and m.group_no = w.group_no::int
       left join account_address d on d.address_no = m.address_no and d.verified_micros is not null`,
    [int8Array(wanted.map(({ accountNo }) => accountNo)), int8Array(wanted.map(({ groupNo = 0 }) => groupNo))],
  )
  return new Map(rows.map((row) => [keyOf({ accountNo: row.account_no, groupNo: row.group_no }), row]))
}
