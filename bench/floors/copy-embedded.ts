import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openEmbedded } from '../../server/storage/embedded.ts'
import { embeddedFolder } from '../../server/storage/open.ts'
import type { Place } from '../place.ts'

/** PGlite's name for a file that is handed in or out with the query. */
const BLOB = "'/dev/blob'"

/** Writes the rows of each select into a file of its name, as `copy` reads them. */
export async function dumpEmbedded(
  place: Place,
  folder: string,
  selects: Readonly<Record<string, string>>,
): Promise<void> {
  await using database = await opened(place)
  for (const [table, select] of Object.entries(selects)) {
    const { blob } = await database.pglite.query(`copy (${select}) to ${BLOB}`)
    if (!blob) throw new Error('copy gave no file')
    await writeFile(join(folder, table), new Uint8Array(await blob.arrayBuffer()))
  }
}

/**
 * The embedded database's own `copy` of the files, one transaction per table.
 * @returns seconds, without opening the database
 */
export async function copyEmbedded(place: Place, folder: string, tables: readonly string[]): Promise<number> {
  const files = await Promise.all(tables.map(async (table) => new Blob([await readFile(join(folder, table))])))
  await using database = await opened(place)
  const start = performance.now()
  for (const [index, table] of tables.entries()) {
    const [blob] = files.slice(index)
    if (blob) await database.pglite.query(`copy ${table} from ${BLOB}`, [], { blob })
  }
  return (performance.now() - start) / 1000
}

async function opened(place: Place) {
  const database = await openEmbedded(embeddedFolder(place.folder))
  return { ...database, [Symbol.asyncDispose]: () => database.close() }
}
