import { timestampOf } from '../clock.ts'
import type { Context } from '../context.ts'
import { hexOf } from '../backup/chain-report.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { allAudit, type AuditFilter, auditLength, type ChainedRecord } from '../storage/audit-reading.ts'

/** The forms in which the audit can be taken away. */
export const EXPORT_FORMATS = ['csv', 'jsonl'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/**
 * Takes the audit away, oldest record first, in pages. That it was taken is on record before its first byte leaves, and that
 * record is part of a whole export. Each record comes with the hash before it and its own, so whoever has the file can check
 * every record, and that no record is missing between two, without this server.
 */
export async function exportAudit(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  wanted: { readonly actor: string; readonly format: ExportFormat; readonly filter: AuditFilter },
): Promise<AsyncIterable<string>> {
  const { actor, format, filter } = wanted
  const detail = {
    format,
    kind: filter.kind ?? null,
    by: filter.actor ?? null,
    from: filter.fromMicros === undefined ? null : timestampOf(filter.fromMicros),
    until: filter.untilMicros === undefined ? null : timestampOf(filter.untilMicros),
    text: filter.text ?? null,
  }
  const nowMicros = clock.nowMicros()
  await database.transaction((trx) => recordAudit(trx, nowMicros, [{ kind: 'audit_exported', actor, detail }]))
  const until = await auditLength(database)
  return format === 'csv' ? csv(allAudit(database, filter, until)) : jsonLines(allAudit(database, filter, until))
}

const COLUMNS = ['seq', 'at_micros', 'time', 'kind', 'actor', 'detail', 'previous', 'hash'] as const

async function* csv(pages: AsyncIterable<readonly ChainedRecord[]>): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\r\n`
  for await (const records of pages) {
    let text = ''
    for (const record of records) {
      const row = rowOf(record)
      text += `${COLUMNS.map((column) => csvField(row[column])).join(',')}\r\n`
    }
    yield text
  }
}

async function* jsonLines(pages: AsyncIterable<readonly ChainedRecord[]>): AsyncGenerator<string> {
  for await (const records of pages) yield records.map((record) => `${JSON.stringify(rowOf(record))}\n`).join('')
}

function rowOf(record: ChainedRecord): Readonly<Record<(typeof COLUMNS)[number], string | number>> {
  const { seq, at_micros, kind, actor, detail, previous, hash } = record
  return {
    seq,
    at_micros,
    time: timestampOf(at_micros),
    kind,
    actor,
    detail,
    previous: previous ? hexOf(previous) : '',
    hash: hexOf(hash),
  }
}

/** RFC 4180; a text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP CSV injection). */
function csvField(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return `"${safe.replaceAll('"', '""')}"`
}
