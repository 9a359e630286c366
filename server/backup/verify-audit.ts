import { AUDIT_START, auditHash } from '../storage/audit-log.ts'
import { type AuditRow, auditRows } from '../storage/backup-chain-rows.ts'
import { type AuditEnd, auditEnd, chainsOf, type ChainSource } from '../storage/backup-chains.ts'
import type { Database } from '../storage/database.ts'
import { type ChainReport, hexOf } from './chain-report.ts'

const NEVER_SET_UP = 'the chain has no head: the database was not set up'

/** Walks the audit chain from its start to its head. */
export async function verifyAudit(
  source: ChainSource,
  end: AuditEnd | undefined,
  advance: (count: number) => void,
): Promise<ChainReport> {
  if (!end) return { chain: 'audit', checked: 0, problem: NEVER_SET_UP }
  const walk = new AuditWalk(0, AUDIT_START)
  for await (const rows of auditRows(source, -1, end.seq)) {
    const problem = walk.take(rows)
    if (problem) return { chain: 'audit', checked: walk.seq, problem }
    advance(rows.length)
  }
  return reportOf(walk.seq, walk.end(end), end)
}

/** Walks the last records of the audit chain to its head: quick, for `doctor`. The record before them is taken as it is. */
export async function verifyAuditTail(database: Database, records: number): Promise<ChainReport> {
  const source = chainsOf(database)
  const end = await auditEnd(source)
  if (!end) return { chain: 'audit', checked: 0, problem: NEVER_SET_UP }
  const before = Math.max(0, end.seq - records)
  let walk = before === 0 ? new AuditWalk(0, AUDIT_START) : undefined
  for await (const rows of auditRows(source, before - 1, end.seq)) {
    const [start] = rows
    const rest = walk ? rows : rows.slice(1)
    walk ??= new AuditWalk(start?.seq ?? before, start?.hash ?? AUDIT_START)
    const problem = walk.take(rest)
    if (problem) return { chain: 'audit', checked: walk.seq - before, problem }
  }
  walk ??= new AuditWalk(before, AUDIT_START)
  return reportOf(walk.seq - before, walk.end(end), end)
}

function reportOf(checked: number, problem: string | undefined, end: AuditEnd): ChainReport {
  return { chain: 'audit', checked, ...(problem === undefined ? { head: hexOf(end.hash) } : { problem }) }
}

class AuditWalk {
  /** Number of the last record that was right. */
  seq: number
  #hash: Uint8Array

  constructor(seq: number, hash: Uint8Array) {
    this.seq = seq
    this.#hash = hash
  }

  /** The first problem among these records, which follow those taken before. */
  take(rows: readonly AuditRow[]): string | undefined {
    for (const row of rows) {
      if (row.seq !== this.seq + 1) return `record ${this.seq + 1} is missing: after ${this.seq} comes ${row.seq}`
      if (!auditHash(this.#hash, row).equals(row.hash)) {
        return `record ${row.seq} (${row.kind}) does not match its hash: it was changed, or it is not where it was written`
      }
      this.seq = row.seq
      this.#hash = row.hash
    }
    return undefined
  }

  /** What is wrong at the end of the chain. */
  end(end: AuditEnd): string | undefined {
    if (this.seq < end.seq) return `the records after ${this.seq} are missing: the head says ${end.seq}`
    if (end.newest > end.seq) return `record ${end.newest} stands behind the head, which is ${end.seq}`
    if (!Buffer.from(this.#hash).equals(end.hash)) return `the head does not have the hash of record ${end.seq}`
    return undefined
  }
}
