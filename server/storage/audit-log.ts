import { createHash } from 'node:crypto'
import { byteaArray, int8Array, textArray } from './bulk.ts'
import { run, type Transaction } from './database.ts'

/** One thing that somebody did, or was refused. `detail` holds ids, counts and rule names, never content. */
export interface AuditEvent {
  readonly kind: string
  /** The account's name, `anonymous`, or `system`. */
  readonly actor: string
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
}

/** A record of the chain as it stands in the database. */
export interface AuditRecord {
  readonly seq: number
  readonly at_micros: number
  readonly kind: string
  readonly actor: string
  readonly detail: string
}

/** The hash that the first record builds on. */
export const AUDIT_START = Buffer.alloc(32)

/**
 * SHA-256 over the previous hash and every column of a record, each with its length, so that no two different records
 * give the same bytes.
 */
export function auditHash(previous: Uint8Array, record: AuditRecord): Buffer {
  const hash = createHash('sha256').update(previous)
  for (const part of [String(record.seq), String(record.at_micros), record.kind, record.actor, record.detail]) {
    hash.update(`${Buffer.byteLength(part)}:${part}`)
  }
  return hash.digest()
}

/**
 * Appends events to the audit chain as part of the caller's transaction. The head row is locked until it commits, so
 * call it last; the lock gives the chain its order.
 */
export async function recordAudit(trx: Transaction, atMicros: number, events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return
  const head = await run<{ seq: number; hash: Uint8Array }>(
    trx,
    'select seq, hash from audit_head where site_no = 1 for update',
  )
  const [start] = head.rows
  if (!start) throw new Error('the audit chain has no head: the database was not set up')
  let { seq, hash } = start
  const records: (AuditRecord & { readonly hash: Buffer })[] = []
  for (const { kind, actor, detail } of events) {
    seq += 1
    const record = { seq, at_micros: atMicros, kind, actor, detail: JSON.stringify(detail) }
    const own = auditHash(hash, record)
    records.push({ ...record, hash: own })
    hash = own
  }
  await run(
    trx,
    `with head as (update audit_head set seq = $1::bigint, hash = $2::bytea where site_no = 1)
     insert into audit (seq, at_micros, kind, actor, detail, hash)
     select seq, $3::bigint, kind, actor, detail, hash
       from unnest($4::bigint[], $5::text[], $6::text[], $7::text[], $8::bytea[]) r (seq, kind, actor, detail, hash)`,
    [
      seq,
      hash,
      atMicros,
      int8Array(records.map((record) => record.seq)),
      textArray(records.map((record) => record.kind)),
      textArray(records.map((record) => record.actor)),
      textArray(records.map((record) => record.detail)),
      byteaArray(records.map((record) => record.hash)),
    ],
  )
}
