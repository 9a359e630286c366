import { run, type Database, type Transaction } from './database.ts'
import { appliedMigrations, atOneMoment, describeTables, type DescribedTable, selected } from './backup-tables.ts'

/** Where a collection stood at the cut: releases up to this date, ledger entries up to this number. */
export interface CollectionCut {
  readonly collectionNo: number
  readonly id: string
  /** Rank of the ceiling. */
  readonly ceiling: number
  readonly lastMicros: number
  readonly ledgerSeq: number
  readonly ledgerHead: Uint8Array
}

/** A row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>

/**
 * One moment of the site: its small tables, and how far the big ones reached. Everything that a chain or a view can show
 * is append-only, so the rows up to these bounds can be read later, in short pages, while writers go on.
 */
export interface Cut {
  readonly migrations: readonly string[]
  readonly tables: readonly DescribedTable[]
  readonly small: ReadonlyMap<string, readonly Row[]>
  readonly collections: readonly CollectionCut[]
  readonly auditSeq: number
  readonly auditHead: Uint8Array
  readonly siteCreatedMicros: number
}

/**
 * Takes the cut in one short transaction.
 * @throws {Error} when the database was never set up
 */
export async function takeCut(database: Database): Promise<Cut> {
  return await atOneMoment(database, async (trx) => {
    const tables = await describeTables(trx)
    const small = new Map<string, readonly Row[]>()
    for (const table of tables) {
      if (table.reading === 'whole') small.set(table.name, await readWhole(trx, table))
    }
    const [site] = small.get('site') ?? []
    const [head] = await auditHeads(trx)
    if (!site || !head) throw new Error('the database was not set up: run "vouchsafe init"')
    return {
      migrations: await appliedMigrations(trx),
      tables,
      small,
      collections: await collectionCuts(trx),
      auditSeq: head.seq,
      auditHead: head.hash,
      siteCreatedMicros: Number(site['created_micros']),
    }
  })
}

async function readWhole(trx: Transaction, table: DescribedTable): Promise<readonly Row[]> {
  const text = `select ${table.columns.map(selected).join()} from ${table.name} order by ${table.key.join()}`
  return (await run<Row>(trx, text)).rows
}

/** The head of the audit chain; no row when the database was never set up. */
export async function auditHeads(trx: Transaction): Promise<readonly { seq: number; hash: Uint8Array }[]> {
  return (await run<{ seq: number; hash: Uint8Array }>(trx, 'select seq, hash from audit_head')).rows
}

/** Where every collection stands, in the order of their numbers. */
export async function collectionCuts(trx: Transaction): Promise<readonly CollectionCut[]> {
  const { rows } = await run<{
    collection_no: number
    id: string
    ceiling: number
    last_micros: number
    ledger_seq: number
    ledger_head: Uint8Array
  }>(
    trx,
    `select c.collection_no, c.collection_id::text as id, c.ceiling, k.last_micros, k.ledger_seq, k.ledger_head
       from collection c join collection_clock k using (collection_no) order by c.collection_no`,
  )
  return rows.map((row) => ({
    collectionNo: row.collection_no,
    id: row.id,
    ceiling: row.ceiling,
    lastMicros: row.last_micros,
    ledgerSeq: row.ledger_seq,
    ledgerHead: row.ledger_head,
  }))
}
