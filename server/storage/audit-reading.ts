import type { Database } from './database.ts'

/** A record of the audit chain, with what is needed to check it on its own: the hash before it and its own. */
export interface ChainedRecord {
  readonly seq: number
  readonly at_micros: number
  readonly kind: string
  readonly actor: string
  /** JSON, to the byte as it was hashed. */
  readonly detail: string
  /** Undefined where the record before it is missing. */
  readonly previous: Uint8Array | undefined
  readonly hash: Uint8Array
}

/** What is looked for; what is not given does not matter. */
export interface AuditFilter {
  readonly kind?: string | undefined
  readonly actor?: string | undefined
  readonly fromMicros?: number | undefined
  /** Up to, but without it. */
  readonly untilMicros?: number | undefined
  /** Somewhere in the detail, capitals or not: an account, a group, a number. */
  readonly text?: string | undefined
}

/** One page, newest first. */
export interface AuditPage {
  readonly records: readonly ChainedRecord[]
  /** Records before this number come next; undefined when there are none. */
  readonly next: number | undefined
  /** How far back was searched: the page may be short although there is more. */
  readonly searchedTo: number
}

/**
 * Records that one page reads at most when no index has exactly what is looked for. A search goes on with the next page, so
 * that each takes the same time in a chain of a thousand records and of many millions.
 */
export const SEARCHED_AT_ONCE = 20_000
/** Times of records rise with their numbers but for transactions that overlapped: none lasts this long. */
const OVERLAP_MICROS = 15 * 60_000_000

interface Bounds {
  readonly from: number
  readonly until: number
}

/**
 * Reads a page of the audit from its newest record backwards.
 * @param before only records with a smaller number
 */
export async function readAudit(
  database: Database,
  filter: AuditFilter,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): Promise<AuditPage> {
  const { from, until } = await boundsOf(database, filter)
  const end = Math.min(until, before ?? until)
  const start = isIndexed(filter) ? from : Math.max(from, end - SEARCHED_AT_ONCE)
  const rows = await rowsBetween(database, filter, { from: start, until: end }, limit)
  const last = rows.at(-1)
  const next = rows.length === limit && last ? last.seq : start
  return { records: rows.map(chained), next: next > from ? next : undefined, searchedTo: Math.max(start, 1) }
}

/** All that a filter finds, oldest first, in pages: for an export. @param until up to and with this number */
export async function* allAudit(
  database: Database,
  filter: AuditFilter,
  until: number,
): AsyncGenerator<readonly ChainedRecord[]> {
  const bounds = await boundsOf(database, filter)
  for (let from = bounds.from; from < Math.min(bounds.until, until + 1); from += EXPORT_PAGE) {
    const values = [from, Math.min(from + EXPORT_PAGE, bounds.until, until + 1), ...valuesOf(filter)]
    const rows = await database.reader.rows<Row>(EXPORTED, values)
    if (rows.length > 0) yield rows.map(chained)
  }
}

/** Number of the newest record; 0 in a database that was never set up. */
export async function auditLength(database: Database): Promise<number> {
  const row = await database.kysely.selectFrom('audit_head').select('seq').executeTakeFirst()
  return row?.seq ?? 0
}

/** When a record was written; undefined for a number that is none. */
export async function auditMoment(database: Database, seq: number): Promise<number | undefined> {
  const [row] = await database.reader.rows<{ at_micros: number }>(MOMENT, [seq])
  return row?.at_micros
}

/** The kinds of records that there are, by name: one step in the index for each, however many records. */
export async function auditKinds(database: Database): Promise<readonly string[]> {
  return (await database.reader.rows<{ kind: string }>(KINDS, [])).map((row) => row.kind)
}

/**
 * What was done in a trust group, newest first: records whose detail names it.
 * @param group its name as it stands in addresses
 */
export async function readGroupAudit(
  database: Database,
  group: string,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): Promise<AuditPage> {
  const rows = await database.reader.rows<Row>(OF_GROUP, [group, before ?? Number.MAX_SAFE_INTEGER, limit])
  const last = rows.at(-1)
  const next = rows.length === limit ? last?.seq : undefined
  return { records: rows.map(chained), next, searchedTo: 1 }
}

interface Row extends Omit<ChainedRecord, 'previous'> {
  readonly previous: Uint8Array | null
}

function chained({ previous, ...row }: Row): ChainedRecord {
  // the first record builds on 32 zeros, which no row has
  return { ...row, previous: row.seq === 1 ? new Uint8Array(32) : (previous ?? undefined) }
}

/** One of kind and actor alone is a walk along its index, and so is neither: every record that is read is shown. */
function isIndexed({ kind, actor, text }: AuditFilter): boolean {
  return text === undefined && (kind === undefined || actor === undefined)
}

/** Every filter in one statement would be planned for none of them: each shape has its own, in the order of its index. */
async function rowsBetween(
  database: Database,
  filter: AuditFilter,
  { from, until }: Bounds,
  limit: number,
): Promise<readonly Row[]> {
  const { kind, actor, text, fromMicros, untilMicros } = filter
  const values: unknown[] = [from, until, limit]
  const conditions: string[] = []
  const names: string[] = []
  const add = (name: string, value: unknown, condition: (place: string) => string) => {
    if (value === undefined) return
    values.push(value)
    names.push(name)
    conditions.push(condition(`$${values.length}`))
  }
  add('kind', kind, (place) => `a.kind = ${place}::text`)
  add('actor', actor, (place) => `a.actor = ${place}::text`)
  add('text', text, (place) => `position(lower(${place}::text) in lower(a.detail)) > 0`)
  add('from', fromMicros, (place) => `a.at_micros >= ${place}::bigint`)
  add('until', untilMicros, (place) => `a.at_micros < ${place}::bigint`)
  const statement = {
    name: ['audit-page', ...names].join('-'),
    text: `${SELECT} and p.seq >= $1::bigint - 1 and p.seq < $2::bigint
           where a.seq >= $1::bigint and a.seq < $2::bigint
           ${conditions.map((condition) => `and ${condition}`).join(' ')} order by a.seq desc limit $3::int`,
  }
  return await database.reader.rows<Row>(statement, values)
}

/** The numbers between which a time lies: found by halving, as numbers have no gaps and times rise with them. */
async function boundsOf(database: Database, { fromMicros, untilMicros }: AuditFilter): Promise<Bounds> {
  const length = await auditLength(database)
  const from = fromMicros === undefined ? 1 : await firstSince(database, fromMicros - OVERLAP_MICROS, length)
  const until =
    untilMicros === undefined ? length + 1 : await firstSince(database, untilMicros + OVERLAP_MICROS, length)
  return { from, until }
}

async function firstSince(database: Database, micros: number, length: number): Promise<number> {
  let low = 1
  let high = length + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [row] = await database.reader.rows<{ at_micros: number }>(MOMENT_FROM, [middle])
    if (row && row.at_micros < micros) low = middle + 1
    else high = middle
  }
  return low
}

function valuesOf({ kind, actor, text, fromMicros, untilMicros }: AuditFilter): readonly unknown[] {
  return [kind ?? null, actor ?? null, text ?? null, fromMicros ?? null, untilMicros ?? null]
}

const EXPORT_PAGE = 2000
const SELECT = `select a.seq, a.at_micros, a.kind, a.actor, a.detail, a.hash, p.hash as previous
                  from audit a left join audit p on p.seq = a.seq - 1`
const MOMENT = { name: 'audit-moment', text: 'select at_micros from audit where seq = $1::bigint' }
/** The next one where a number is missing: a chain with a hole can still be searched. */
const MOMENT_FROM = {
  name: 'audit-moment-from',
  text: 'select at_micros from audit where seq >= $1::bigint order by seq limit 1',
}
const EXPORTED = {
  name: 'audit-export',
  // the range is said of both sides: a plan that joins by hashing would else read the whole chain for each page
  text: `${SELECT} and p.seq >= $1::bigint - 1 and p.seq < $2::bigint
         where a.seq >= $1::bigint and a.seq < $2::bigint
         and ($3::text is null or a.kind = $3) and ($4::text is null or a.actor = $4)
         and ($5::text is null or position(lower($5) in lower(a.detail)) > 0)
         and ($6::bigint is null or a.at_micros >= $6) and ($7::bigint is null or a.at_micros < $7) order by a.seq`,
}
/** The expression and the condition of the index audit_group, to the letter. */
const OF_GROUP = {
  name: 'audit-of-group',
  text: `${SELECT} where a.detail like '%"group":"%' and substring(a.detail from '"group":"([^"]*)"') = $1::text
         and a.seq < $2::bigint order by a.seq desc limit $3::int`,
}
const KINDS = {
  name: 'audit-kinds',
  text: `with recursive step as (
           (select kind from audit order by kind limit 1)
           union all
           select (select kind from audit where kind > step.kind order by kind limit 1) from step where step.kind is not null)
         select kind from step where kind is not null limit 500`,
}
