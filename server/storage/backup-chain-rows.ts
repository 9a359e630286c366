import type { ChainSource } from './backup-chains.ts'

/** A record of the audit chain with its hash. */
export interface AuditRow {
  readonly seq: number
  readonly at_micros: number
  readonly kind: string
  readonly actor: string
  readonly detail: string
  readonly hash: Uint8Array
}

const PAGE = 2000
const AUDIT_PAGE = {
  name: 'chain-audit',
  text: `select seq, at_micros, kind, actor, detail, hash from audit
          where seq > $1::bigint and seq <= $2::bigint order by seq limit ${PAGE}`,
}

/** The records after one and up to another, in pages. */
export async function* auditRows(
  source: ChainSource,
  after: number,
  until: number,
): AsyncGenerator<readonly AuditRow[]> {
  for (let from = after; ;) {
    const rows = await source.rows<AuditRow>(AUDIT_PAGE, [from, until])
    if (rows.length > 0) yield rows
    if (rows.length < PAGE) return
    from = rows.at(-1)?.seq ?? from
  }
}

/** An entry of a ledger beside what it names; nulls where that is missing. */
export interface LedgerRow {
  readonly seq: number
  readonly kind: number
  readonly date_added: number
  readonly at_micros: number
  readonly actor_no: number
  readonly hash: Uint8Array
  readonly stix_id: string | null
  readonly version: string | null
  readonly withdrawn_micros: number | null
  readonly sha256: Uint8Array | null
}

const LEDGER_PAGE = {
  name: 'chain-ledger',
  text: `select l.seq, l.kind, l.date_added, l.at_micros, l.actor_no, l.hash, r.stix_id, r.version, r.withdrawn_micros, o.sha256
           from ledger l
           left join release r on r.collection_no = l.collection_no and r.date_added = l.date_added
           left join object o on o.object_no = r.object_no
          where l.collection_no = $1::int and l.seq > $2::bigint and l.seq <= $3::bigint
          order by l.seq limit ${PAGE}`,
}

/** The entries of one ledger up to a number, in pages. */
export async function* ledgerRows(
  source: ChainSource,
  collectionNo: number,
  until: number,
): AsyncGenerator<readonly LedgerRow[]> {
  for (let from = -1; ;) {
    const rows = await source.rows<LedgerRow>(LEDGER_PAGE, [collectionNo, from, until])
    if (rows.length > 0) yield rows
    if (rows.length < PAGE) return
    from = rows.at(-1)?.seq ?? from
  }
}

const BODIES = {
  name: 'chain-bodies',
  text: `select max(object_no) as last, count(*)::int as count,
                min(object_no) filter (where sha256(convert_to(body, 'UTF8')) <> sha256) as changed
           from (select object_no, sha256, body,
                        sum(octet_length(body)) over (order by object_no) - octet_length(body) as bytes_before
                   from (select object_no, sha256, body from object where object_no > $1::bigint
                          order by object_no limit 2000) x) y
          where bytes_before < 4194304`,
}

/** Compares the bytes of every object with their hash, inside the database; gives the first of each page that differs. */
export async function* changedBodies(
  source: ChainSource,
): AsyncGenerator<{ readonly count: number; readonly changed: number | undefined }> {
  for (let after = -1; ;) {
    const [row] = await source.rows<{ last: number | null; count: number; changed: number | null }>(BODIES, [after])
    if (row?.last === null || row === undefined) return
    yield { count: row.count, changed: row.changed ?? undefined }
    after = row.last
  }
}

const NAMED_BY = {
  name: 'chain-object-named-by',
  text: `select coalesce(c.alias, c.collection_id::text) as collection, r.stix_id, r.version
           from release r join collection c using (collection_no)
          where r.object_no = $1::bigint order by r.collection_no, r.date_added limit 1`,
}

/** A release of an object, for a message; a scan, so only for the first that is wrong. */
export async function releaseNaming(
  source: ChainSource,
  objectNo: number,
): Promise<{ readonly collection: string; readonly stix_id: string; readonly version: string } | undefined> {
  return (await source.rows<{ collection: string; stix_id: string; version: string }>(NAMED_BY, [objectNo]))[0]
}
