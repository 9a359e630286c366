import type { Cut, Row } from './backup-cut.ts'
import { type DescribedTable, selected } from './backup-tables.ts'
import type { Database } from './database.ts'
import { LEDGER_KIND } from './ledger.ts'
import { ObjectSet } from './backup-object-set.ts'

/** Rows of narrow tables in one read: about 1 MB. */
const NARROW_ROWS = 5_000
/** Wide rows: a read ends with the row that makes it this long, or after {@link WIDE_ROWS}. */
const WIDE_BYTES = 1_048_576
const WIDE_ROWS = 1_000
/** Sorts before every status: random UUIDs (version 4) are never all zeros. */
const BEFORE_EVERYTHING = '00000000-0000-0000-0000-000000000000'

/**
 * The rows of one big table up to the cut, in the order of its key, in short reads. Marks that moved after the cut are
 * undone where the row alone cannot tell: a withdrawal counts only if it was in the ledger at the cut.
 */
export async function* pagesOf(database: Database, cut: Cut, table: DescribedTable): AsyncGenerator<readonly Row[]> {
  switch (table.reading) {
    case 'whole':
      yield cut.small.get(table.name) ?? []
      return
    case 'status':
      yield* statusPages(database, cut, table)
      return
    case 'object':
      yield* objectPages(database, cut, table)
      return
    case 'release':
      yield* releasePages(database, cut, table)
      return
    case 'ledger':
      for (const { collectionNo, ledgerSeq } of cut.collections) {
        yield* narrowPages(database, table, `collection_no = ${collectionNo} and `, 'seq', ledgerSeq)
      }
      return
    case 'audit':
      yield* narrowPages(database, table, '', 'seq', cut.auditSeq)
  }
}

async function* narrowPages(
  database: Database,
  table: DescribedTable,
  condition: string,
  key: string,
  until: number,
): AsyncGenerator<readonly Row[]> {
  const statement = {
    name: `backup-${table.name}-${condition}`.slice(0, 60),
    text: `select ${table.columns.map(selected).join()} from ${table.name}
            where ${condition}${key} > $1::bigint and ${key} <= $2::bigint order by ${key} limit ${NARROW_ROWS}`,
  }
  for (let after = -1; ;) {
    const rows = await database.reader.rows<Row>(statement, [after, until])
    if (rows.length > 0) yield rows
    if (rows.length < NARROW_ROWS) return
    after = Number(rows.at(-1)?.[key])
  }
}

/** Reads rows with a long text column: the text's length is known without reading it, so a page stays near 1 MB. */
async function* widePages(
  database: Database,
  table: DescribedTable,
  key: string,
  cast: string,
  start: string | number,
): AsyncGenerator<readonly Row[]> {
  const columns = table.columns.map(selected).join()
  const names = table.columns.map((column) => column.name).join()
  const statement = {
    name: `backup-${table.name}`,
    text: `select ${columns} from (
             select ${names}, sum(octet_length(body)) over (order by ${key}) - octet_length(body) as bytes_before
               from (select ${names} from ${table.name} where ${key} > $1::${cast} order by ${key} limit ${WIDE_ROWS}) x) y
            where bytes_before < ${WIDE_BYTES} order by ${key}`,
  }
  for (let after: unknown = start; ;) {
    const rows = await database.reader.rows<Row>(statement, [after])
    if (rows.length === 0) return
    yield rows
    after = rows.at(-1)?.[key]
  }
}

const AUDIT_SINCE = {
  name: 'backup-audit-since',
  text: 'select seq, kind, detail from audit where seq > $1::bigint order by seq limit 5000',
}

/**
 * Statuses have no order of their own, but each was written with an audit record that names it. A status that is younger
 * than the cut is known by its record: read after the page, so none is missed.
 */
async function* statusPages(database: Database, cut: Cut, table: DescribedTable): AsyncGenerator<readonly Row[]> {
  const late = new Set<unknown>()
  let seen = cut.auditSeq
  for await (const rows of widePages(database, table, 'status_id', 'uuid', BEFORE_EVERYTHING)) {
    for (;;) {
      const records = await database.reader.rows<{ seq: number; kind: string; detail: string }>(AUDIT_SINCE, [seen])
      for (const record of records) {
        seen = record.seq
        if (record.kind === 'objects_added') late.add(statusIn(record.detail))
      }
      if (records.length < 5000) break
    }
    yield rows.filter((row) => !late.has(row['status_id']))
  }
}

function statusIn(detail: string): unknown {
  const value: unknown = JSON.parse(detail)
  return typeof value === 'object' && value !== null && 'status' in value ? value.status : undefined
}

const RELEASED_OBJECTS = {
  name: 'backup-released-objects',
  text: `select date_added, object_no from release
          where collection_no = $1::int and date_added > $2::bigint and date_added <= $3::bigint
          order by date_added limit 20000`,
}

/**
 * The objects that releases up to the cut refer to. Object numbers are taken before their transaction, so they say
 * nothing about the order of commits: the releases decide.
 */
async function* objectPages(database: Database, cut: Cut, table: DescribedTable): AsyncGenerator<readonly Row[]> {
  const wanted = new ObjectSet()
  for (const { collectionNo, lastMicros } of cut.collections) {
    for (let after = -1; ;) {
      const rows = await database.reader.rows<{ date_added: number; object_no: number }>(RELEASED_OBJECTS, [
        collectionNo,
        after,
        lastMicros,
      ])
      for (const row of rows) wanted.add(row.object_no)
      if (rows.length < 20_000) break
      after = rows.at(-1)?.date_added ?? after
    }
  }
  for await (const rows of widePages(database, table, 'object_no', 'bigint', -1)) {
    yield rows.filter((row) => wanted.has(Number(row['object_no'])))
    if (Number(rows.at(-1)?.['object_no']) >= wanted.highest) return
  }
}

const WITHDRAWN_SINCE = {
  name: 'backup-withdrawn-since',
  text: `select seq, kind, date_added from ledger where collection_no = $1::int and seq > $2::bigint order by seq limit 5000`,
}

async function* releasePages(database: Database, cut: Cut, table: DescribedTable): AsyncGenerator<readonly Row[]> {
  for (const { collectionNo, lastMicros, ledgerSeq } of cut.collections) {
    const late = new Set<unknown>()
    let seen = ledgerSeq
    const condition = `collection_no = ${collectionNo} and `
    for await (const rows of narrowPages(database, table, condition, 'date_added', lastMicros)) {
      for (;;) {
        const entries = await database.reader.rows<{ seq: number; kind: number; date_added: number }>(WITHDRAWN_SINCE, [
          collectionNo,
          seen,
        ])
        for (const entry of entries) {
          seen = entry.seq
          if (entry.kind === LEDGER_KIND.withdrawal) late.add(entry.date_added)
        }
        if (entries.length < 5000) break
      }
      yield rows.map((row) => (late.has(row['date_added']) ? { ...row, withdrawn_micros: null } : row))
    }
  }
}
