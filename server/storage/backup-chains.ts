import { auditHeads, type CollectionCut, collectionCuts } from './backup-cut.ts'
import { OPEN_ENDS } from './backup-settle.ts'
import { atOneMoment } from './backup-tables.ts'
import { type Database, run, type Statement, type Transaction } from './database.ts'

/** Where chains are read: a database that others use, or the open transaction of a restore. */
export interface ChainSource {
  rows<Row>(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]>
  atOneMoment<T>(use: (trx: Transaction) => Promise<T>): Promise<T>
}

/** The chains of a database in use: short reads, one short transaction. */
export function chainsOf(database: Database): ChainSource {
  return {
    rows: (statement, values) => database.reader.rows(statement, values),
    atOneMoment: (use) => atOneMoment(database, use),
  }
}

/** The chains as an open transaction sees them. */
export function chainsWithin(trx: Transaction): ChainSource {
  return {
    rows: async <Row>(statement: Statement, values: readonly unknown[]) =>
      (await run<Row>(trx, statement.text, values)).rows,
    atOneMoment: (use) => use(trx),
  }
}

/** The head of the audit chain, and the highest number that a record has. */
export interface AuditEnd {
  readonly seq: number
  readonly hash: Uint8Array
  readonly newest: number
}

/** What must be compared at one moment, because writers may go on. */
export interface ChainMoment {
  /** Undefined: the database was never set up. */
  readonly audit: AuditEnd | undefined
  readonly collections: readonly CollectionMoment[]
}

/** A view and its ledger at one moment. */
export interface CollectionMoment extends CollectionCut {
  readonly alias: string | null
  /** Highest number in the ledger; 0 while it is empty. */
  readonly newestEntry: number
  readonly releases: number
  readonly entries: number
  /** What does not fit together, first kind first. */
  readonly misfits: readonly Misfit[]
}

/** A release that does not fit, by kind; for `clock` the columns of the clock that are wrong. */
export interface Misfit {
  readonly kind: 'unentered' | 'unwithdrawn' | 'latest' | 'clock'
  readonly place: string
}

/** Reads heads and compares views with ledgers, as sets, at one moment. */
export async function chainMoment(source: ChainSource): Promise<ChainMoment> {
  return await source.atOneMoment(async (trx) => {
    const counts = await run<{
      collection_no: number
      alias: string | null
      newest: number
      releases: number
      entries: number
    }>(trx, COUNTS)
    const misfits = await run<Misfit & { collection_no: number }>(trx, MISFITS)
    const collections = (await collectionCuts(trx)).map((cut): CollectionMoment => {
      const count = counts.rows.find((row) => row.collection_no === cut.collectionNo)
      return {
        ...cut,
        alias: count?.alias ?? null,
        newestEntry: count?.newest ?? 0,
        releases: count?.releases ?? 0,
        entries: count?.entries ?? 0,
        misfits: misfits.rows.filter((row) => row.collection_no === cut.collectionNo),
      }
    })
    return { audit: await auditEndIn(trx), collections }
  })
}

/** The end of the audit chain at one moment. */
export async function auditEnd(source: ChainSource): Promise<AuditEnd | undefined> {
  return await source.atOneMoment(auditEndIn)
}

async function auditEndIn(trx: Transaction): Promise<AuditEnd | undefined> {
  const [head] = await auditHeads(trx)
  const { rows } = await run<{ newest: number }>(trx, 'select coalesce(max(seq), 0) as newest from audit')
  return head && { ...head, newest: rows[0]?.newest ?? 0 }
}

const COUNTS = `
  select c.collection_no, c.alias,
         (select coalesce(max(seq), 0) from ledger l where l.collection_no = c.collection_no) as newest,
         (select count(*) from release r where r.collection_no = c.collection_no) as releases,
         (select count(*) from ledger l where l.collection_no = c.collection_no) as entries
    from collection c`

/** At most one row of each kind for each collection. */
const MISFITS = `
  select collection_no, 'unentered' as kind, min(date_added)::text as place
    from release r where not exists (select 1 from ledger l
          where l.collection_no = r.collection_no and l.kind = 1 and l.date_added = r.date_added)
   group by collection_no
  union all
  select collection_no, 'unwithdrawn', min(date_added)::text
    from release r where withdrawn_micros is not null and not exists (select 1 from ledger l
          where l.collection_no = r.collection_no and l.kind = 2 and l.date_added = r.date_added)
   group by collection_no
  union all
  select collection_no, 'latest', min(stix_id)
    from (select collection_no, stix_id from release group by collection_no, stix_id
          having count(*) filter (where latest) <> case when count(*) filter (where withdrawn_micros is null) > 0 then 1 else 0 end
              or max(version) filter (where latest) <> max(version) filter (where withdrawn_micros is null)
              or count(*) filter (where latest and withdrawn_micros is not null) > 0) wrong
   group by collection_no
  union all
  select k.collection_no, 'clock', concat_ws(', ',
         case when n.newest <> k.last_micros then 'last_micros' end,
         case when e.open_first is distinct from k.open_first then 'open_first' end,
         case when e.open_count <> k.open_count then 'open_count' end,
         case when e.open_objects <> k.open_objects then 'open_objects' end)
    from collection_clock k
    join (${OPEN_ENDS}) e on e.collection_no = k.collection_no
    left join (select collection_no, max(date_added) as newest from release group by collection_no) n
      on n.collection_no = k.collection_no
   where n.newest <> k.last_micros or e.open_first is distinct from k.open_first
      or e.open_count <> k.open_count or e.open_objects <> k.open_objects`
