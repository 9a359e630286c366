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

/** Kinds that tell of a group. Those of one account say `group` only where they are about one. */
const KINDS = [
  'group_made',
  'group_changed',
  'member_added',
  'member_paused',
  'member_resumed',
  'member_removed',
  'member_left',
  'role_given',
  'role_taken',
  'invitation_made',
  'invitation_withdrawn',
  'invitation_accepted',
  'proposal_accepted',
  'proposal_declined',
  'glass_broken',
  'glass_ended',
  'glass_read',
]

/**
 * What happened in a group, newest first.
 * @param before the number of the entry that the page before ended with
 * @returns up to {@link AUDIT_PAGE} entries; one more when there are more
 */
export async function groupAudit(
  database: Database,
  group: string,
  before = Number.MAX_SAFE_INTEGER,
): Promise<readonly GroupAuditEntry[]> {
  // inside JSON text a quotation mark of a value is escaped, so no value can look like this; names hold no % and no _
  const about = `%${JSON.stringify({ group }).slice(1, -1)}%`
  const rows = await database.kysely
    .selectFrom('audit')
    .select(['seq', 'at_micros', 'kind', 'actor', 'detail'])
    .where('kind', 'in', KINDS)
    .where('detail', 'like', about)
    .where('seq', '<', before)
    .orderBy('seq', 'desc')
    .limit(AUDIT_PAGE + 1)
    .execute()
  return rows.map((row) => ({
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
