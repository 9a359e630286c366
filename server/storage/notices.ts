import { type Database, run, type Transaction } from './database.ts'

/** A notice of the outbox as it stands in the database; micros are microseconds since 1970. */
export interface NoticeRow {
  readonly notice_no: number
  readonly message_id: string
  readonly account_no: number | null
  readonly address: string
  readonly kind: string
  readonly language: string
  readonly path: string
  readonly created_micros: number
  readonly attempts: number
  readonly sent_micros: number | null
  readonly captured: boolean
  readonly refused_micros: number | null
  readonly last_error: string | null
}

const COLUMNS = [
  'notice_no',
  'message_id',
  'account_no',
  'address',
  'kind',
  'language',
  'path',
  'created_micros',
  'attempts',
  'sent_micros',
  'captured',
  'refused_micros',
  'last_error',
] as const

/**
 * Takes a waiting notice for one attempt; the claim ends by itself, should the process die.
 * @returns undefined when it does not wait any more, or another process tries now
 */
export async function claimNotice(
  database: Database,
  noticeNo: number,
  nowMicros: number,
  untilMicros: number,
): Promise<NoticeRow | undefined> {
  return await database.kysely
    .updateTable('notice')
    .set((row) => ({ attempts: row('attempts', '+', 1), claimed_until_micros: untilMicros }))
    .where('notice_no', '=', noticeNo)
    .where('sent_micros', 'is', null)
    .where('refused_micros', 'is', null)
    .where((row) => row.or([row('claimed_until_micros', 'is', null), row('claimed_until_micros', '<=', nowMicros)]))
    .returning(COLUMNS)
    .executeTakeFirst()
}

/** What is written down after an attempt: also ends the claim. */
export async function settleNotice(
  trx: Transaction,
  noticeNo: number,
  result: {
    readonly sent_micros?: number
    readonly captured?: boolean
    readonly refused_micros?: number
    readonly last_error: string | null
    /** The path without what only its reader may know. */
    readonly path?: string
  },
): Promise<void> {
  await trx
    .updateTable('notice')
    .set({ ...result, claimed_until_micros: null })
    .where('notice_no', '=', noticeNo)
    .execute()
}

/** One notice; undefined for a number that is none. */
export async function findNotice(database: Database, noticeNo: number): Promise<NoticeRow | undefined> {
  return await database.kysely.selectFrom('notice').select(COLUMNS).where('notice_no', '=', noticeNo).executeTakeFirst()
}

/** A page of the outbox, newest first. */
export async function listNotices(
  database: Database,
  page: { readonly before?: number | undefined; readonly limit: number },
): Promise<readonly NoticeRow[]> {
  const all = database.kysely.selectFrom('notice').select(COLUMNS).orderBy('notice_no', 'desc').limit(page.limit)
  return await (page.before === undefined ? all : all.where('notice_no', '<', page.before)).execute()
}

/** Lets a notice that was captured or given up wait again; false when it is not one of these. */
export async function reopenNotice(trx: Transaction, noticeNo: number): Promise<boolean> {
  const { count } = await run(
    trx,
    `update notice set sent_micros = null, captured = false, refused_micros = null, last_error = null
      where notice_no = $1::bigint and (captured or refused_micros is not null)`,
    [noticeNo],
  )
  return count > 0
}

/** Whether a notice waits to be sent. */
export async function isWaiting(trx: Transaction, noticeNo: number): Promise<boolean> {
  const text = `select 1 from notice where notice_no = $1::bigint and sent_micros is null and refused_micros is null`
  return (await run(trx, text, [noticeNo])).rows.length > 0
}

/** Waiting notices that no job looks after: those of a restored backup, and those whose job has tried often enough. */
export async function orphanNotices(trx: Transaction, limit: number): Promise<readonly number[]> {
  const { rows } = await run<{ notice_no: number }>(
    trx,
    `select notice_no from notice n
      where sent_micros is null and refused_micros is null
        and not exists (select 1 from pgboss.job j where j.name = 'send-notice'
              and j.singleton_key = n.notice_no::text and j.state in ('created', 'retry', 'active'))
      order by notice_no limit ${limit}`,
  )
  return rows.map((row) => row.notice_no)
}

/** Forgets notices that are over and older than a moment; answers with what was forgotten. */
export async function forgetNotices(
  trx: Transaction,
  beforeMicros: number,
  limit: number,
): Promise<readonly Pick<NoticeRow, 'notice_no' | 'message_id' | 'path' | 'captured'>[]> {
  const { rows } = await run<Pick<NoticeRow, 'notice_no' | 'message_id' | 'path' | 'captured'>>(
    trx,
    `delete from notice where notice_no in (select notice_no from notice
        where created_micros < $1::bigint and (sent_micros is not null or refused_micros is not null)
        order by notice_no limit ${limit})
     returning notice_no, message_id, path, captured`,
    [beforeMicros],
  )
  return rows
}

/** How much waits, since when, and what went wrong lately. */
export interface OutboxHealth {
  readonly waiting: number
  readonly oldestMicros: number | undefined
  /** What the oldest waiting notice failed with last. */
  readonly lastError: string | undefined
  /** Given up since a moment. */
  readonly refused: number
}

/** @param sinceMicros from when given-up notices count */
export async function outboxHealth(database: Database, sinceMicros: number): Promise<OutboxHealth> {
  const waiting = `sent_micros is null and refused_micros is null`
  const [row] = await database.reader.rows<{
    waiting: number
    oldest: number | null
    last_error: string | null
    refused: number
  }>(
    {
      name: 'outbox-health',
      text: `select (select count(*)::int from notice where ${waiting}) as waiting,
                    (select min(created_micros) from notice where ${waiting}) as oldest,
                    (select last_error from notice where ${waiting} order by notice_no limit 1) as last_error,
                    (select count(*)::int from notice where refused_micros >= $1::bigint) as refused`,
    },
    [sinceMicros],
  )
  return {
    waiting: row?.waiting ?? 0,
    oldestMicros: row?.oldest ?? undefined,
    lastError: row?.last_error ?? undefined,
    refused: row?.refused ?? 0,
  }
}

/** Whether what the site sends by itself may leave; not after a restore, until it is confirmed. */
export async function isOutgoing(database: Database): Promise<boolean> {
  const row = await database.kysely.selectFrom('site').select('outgoing').executeTakeFirst()
  return row?.outgoing ?? false
}
