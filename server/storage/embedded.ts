import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { dataDir } from '@electric-sql/pglite-prepopulatedfs'
import { Kysely, PGliteDialect } from 'kysely'
import { InsufficientStorageError } from '../errors.ts'
import { type Database, inTransaction, refuseInsideTransaction } from './database.ts'
import type { OnRow, RawRow, RowReader } from './row-reader.ts'
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
  return embeddedDatabase(pglite, folder)
}

/**
 * Room that stays free. A relation that cannot grow is an error, but a log that cannot (segments of 16 MB) ends PostgreSQL,
 * and with it PGlite stops answering for ever.
 */
const ROOM_KEPT = 48 * 1024 ** 2

function embeddedDatabase(pglite: PGlite, folder: string): EmbeddedDatabase {
  const kysely = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) })
  return {
    kind: 'embedded',
    pglite,
    kysely,
    reader: new EmbeddedReader(pglite),
    transaction: (use) => inTransaction(kysely, use),
    mustHaveRoom: async (bytes) => {
      const { bavail, bsize } = await statfs(folder)
      // the rows, the log of the rows, and their indexes
      if (bavail * bsize < ROOM_KEPT + 4 * bytes) throw new InsufficientStorageError()
    },
    version: async () => (await pglite.query<{ version: string }>('select version()')).rows[0]?.version ?? '',
    close: async () => {
      await kysely.destroy()
      // kysely leaves a database alone that it was never asked to use
      if (!pglite.closed) await pglite.close()
    },
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
    const row = new ValueRow()
    for (const values of rows) onRow(row.of(values))
  }
}

/** A row of JavaScript values. */
class ValueRow implements RawRow {
  #values: readonly unknown[] = []
  readonly #bytes: (Uint8Array | undefined)[] = []

  of(values: readonly unknown[]): this {
    this.#values = values
    this.#bytes.length = 0
    return this
  }

  int8(column: number): number {
    return Number(this.#values[column])
  }

  length(column: number): number {
    return this.#bytesOf(column).length
  }

  copy(column: number, target: Buffer, at: number): number {
    const bytes = this.#bytesOf(column)
    target.set(bytes, at)
    return at + bytes.length
  }

  #bytesOf(column: number): Uint8Array {
    const value = this.#values[column]
    if (value instanceof Uint8Array) return value
    return (this.#bytes[column] ??= Buffer.from(String(value)))
  }
}
