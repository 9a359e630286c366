import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Place } from '../place.ts'
import { copyEmbedded, dumpEmbedded } from './copy-embedded.ts'

const run = promisify(execFile)

/** The tables that an ingest fills, in the order in which their references allow it. */
const TABLES = ['object', 'release', 'ledger'] as const

/** Only the rows of one collection after a moment. */
const SELECTED = {
  object:
    'select o.* from object o join release r using (object_no) where r.collection_no = :no and r.date_added > :after order by r.date_added',
  release: 'select * from release where collection_no = :no and date_added > :after order by date_added',
  ledger: 'select * from ledger where collection_no = :no and date_added > :after order by seq',
} as const

/** Rows as `\copy` reads them, one file per table. */
export interface CopyFiles extends AsyncDisposable {
  readonly folder: string
  readonly rows: number
}

/** Writes down the rows that the server made, so that the floor inserts the very same values. */
export async function dumpRows(
  place: Place,
  folder: string,
  { collectionNo, afterMicros }: { readonly collectionNo: number; readonly afterMicros: number },
): Promise<CopyFiles> {
  const selects = Object.fromEntries(
    TABLES.map((table) => [
      table,
      SELECTED[table].replaceAll(':no', String(collectionNo)).replaceAll(':after', String(afterMicros)),
    ]),
  )
  if (place.url) {
    const commands = TABLES.map((table) => `\\copy (${selects[table]}) to '${join(folder, table)}'`)
    await psql(place.url, commands)
  } else await dumpEmbedded(place, folder, selects)
  const [counted] = await place.rows<{ count: number }>(
    'select count(*) from release where collection_no = $1 and date_added > $2',
    [collectionNo, afterMicros],
  )
  return {
    folder,
    rows: counted?.count ?? 0,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/**
 * The floor of ingest: psql's `\copy` of the same rows into the same tables with their indexes and references, one
 * transaction per table. On the embedded database its own `copy` from memory.
 * @returns seconds
 */
export async function copyRows(place: Place, files: CopyFiles): Promise<number> {
  if (!place.url) return await copyEmbedded(place, files.folder, TABLES)
  const start = performance.now()
  await psql(
    place.url,
    TABLES.map((table) => `\\copy ${table} from '${join(files.folder, table)}'`),
  )
  return (performance.now() - start) / 1000
}

async function psql(url: string, commands: readonly string[]): Promise<void> {
  const each = commands.flatMap((command) => ['-c', command])
  await run('psql', ['--no-psqlrc', '--quiet', '-v', 'ON_ERROR_STOP=1', ...each, url])
}
