import { existsSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { dataDir } from '@electric-sql/pglite-prepopulatedfs'
import { Kysely, PGliteDialect } from 'kysely'
import { type Database, inTransaction, refuseInsideTransaction } from './database.ts'
import type { OnRow, RowReader } from './row-reader.ts'
import type { Tables } from './tables.ts'

/** The embedded database, and the PGlite that job queue and backup need. */
export interface EmbeddedDatabase extends Database {
  readonly kind: 'embedded'
  readonly pglite: PGlite
}

/** Type 20 is int8: all of ours are safe integers. */
const PARSERS = { 20: Number }

/**
 * Opens the embedded database in a folder. A new folder is made from a template: initdb inside WebAssembly would take
 * 1.1 GB of memory, the template takes 0.4.
 * @param template instead of the package's own, for tests that start from a migrated one
 */
export async function openEmbedded(folder: string, template?: Blob): Promise<EmbeddedDatabase> {
  const fresh = !existsSync(`${folder}/PG_VERSION`)
  const loadDataDir = fresh ? (template ?? (await dataDir())) : undefined
  const pglite = await PGlite.create({ dataDir: folder, parsers: PARSERS, ...(loadDataDir ? { loadDataDir } : {}) })
  return embeddedDatabase(pglite)
}

function embeddedDatabase(pglite: PGlite): EmbeddedDatabase {
  const kysely = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) })
  return {
    kind: 'embedded',
    pglite,
    kysely,
    reader: new EmbeddedReader(pglite),
    transaction: (use) => inTransaction(kysely, use),
    version: async () => (await pglite.query<{ version: string }>('select version()')).rows[0]?.version ?? '',
    close: () => kysely.destroy(),
  }
}

/** PGlite waits for an open transaction by itself, so reads never see half of one. */
class EmbeddedReader implements RowReader {
  readonly #pglite: PGlite
  constructor(pglite: PGlite) {
    this.#pglite = pglite
  }

  async rows<Row>(statement: { readonly text: string }, values: readonly unknown[]): Promise<readonly Row[]> {
    refuseInsideTransaction()
    return (await this.#pglite.query<Row>(statement.text, [...values])).rows
  }

  async eachRaw(statement: { readonly text: string }, values: readonly (string | number)[], onRow: OnRow) {
    refuseInsideTransaction()
    const { rows } = await this.#pglite.query<unknown[]>(statement.text, [...values], { rowMode: 'array' })
    for (const row of rows) onRow(row.map(asBytes))
  }
}

function asBytes(value: unknown): Buffer {
  if (typeof value === 'string') return Buffer.from(value)
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (typeof value !== 'number') throw new TypeError('eachRaw reads int8, text and bytea columns only')
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}
