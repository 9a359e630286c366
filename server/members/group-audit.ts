import { readGroupAudit } from '../storage/audit-reading.ts'
import type { Database } from '../storage/database.ts'

/** One entry of a group's part of the audit. */
export interface GroupAuditEntry {
  readonly seq: number
  readonly atMicros: number
  readonly kind: string
  readonly actor: string
  /** Names and values, without the group itself. */
  readonly detail: readonly (readonly [name: string, value: string])[]
}

/** Entries on one page. */
export const AUDIT_PAGE = 50

/**
 * What happened in a group, newest first.
 * @param before the number of the entry that the page before ended with
 * @returns up to {@link AUDIT_PAGE} entries; one more when there are more
 */
export async function groupAudit(
  database: Database,
  group: string,
  before?: number,
): Promise<readonly GroupAuditEntry[]> {
  const { records } = await readGroupAudit(database, group, { before, limit: AUDIT_PAGE + 1 })
  return records.map((row) => ({
    seq: row.seq,
    atMicros: row.at_micros,
    kind: row.kind,
    actor: row.actor,
    detail: entriesOf(row.detail).filter(([name]) => name !== 'group'),
  }))
}

function entriesOf(detail: string): readonly (readonly [string, string])[] {
  const parsed: unknown = JSON.parse(detail)
  if (typeof parsed !== 'object' || parsed === null) return []
  return Object.entries(parsed)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => [name, String(value)])
}
