import { DIGESTIBLE, type NoticeKind, SENT_WHILE_AWAY } from '../../policies/notice.ts'
import type { Transaction } from '../storage/database.ts'

/** What of an account says how fast it wants to be told. Micros are microseconds since 1970. */
export interface Pace {
  readonly digest: 'each' | 'daily' | 'weekly'
  readonly furlough_from_micros: number | null
  readonly furlough_until_micros: number | null
}

/** Whether a notice is not mailed by itself but told of in the next digest: by choice, or since the member is away. */
export function mustWait(kind: NoticeKind, pace: Pace, nowMicros: number): boolean {
  if (isOnFurlough(pace, nowMicros)) return !SENT_WHILE_AWAY.has(kind)
  return pace.digest !== 'each' && DIGESTIBLE.has(kind)
}

/** Whether an account is away at a moment. */
export function isOnFurlough(pace: Omit<Pace, 'digest'>, nowMicros: number): boolean {
  const { furlough_from_micros: from, furlough_until_micros: until } = pace
  return from !== null && Number(from) <= nowMicros && (until === null || Number(until) > nowMicros)
}

/** A notice that waits for a digest. */
export interface DigestEntry {
  readonly accountNo: number
  readonly kind: NoticeKind
  readonly path: string
  readonly atMicros: number
}

/** Keeps notices for the next digests of their accounts. */
export async function keepForDigest(trx: Transaction, entries: readonly DigestEntry[]): Promise<void> {
  await trx
    .insertInto('digest_entry')
    .values(
      entries.map(({ accountNo, kind, path, atMicros }) => ({
        account_no: accountNo,
        kind,
        path,
        at_micros: atMicros,
      })),
    )
    .execute()
}
