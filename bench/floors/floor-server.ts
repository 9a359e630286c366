import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedFolder } from '../../server/storage/open.ts'
import type { Place } from '../place.ts'
import { type ServerProcess, startProcess } from '../server-process.ts'

/** Starts the server that sends one ready page from memory. */
export async function startStatic(body: Uint8Array, encoding: 'gzip' | 'identity'): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'vouchsafe-static-'))
  const file = join(folder, 'page')
  await writeFile(file, body)
  const server = await startProcess({
    file: new URL('./static-page.ts', import.meta.url),
    args: [file, encoding],
    readyPath: '/',
  })
  await rm(folder, { recursive: true })
  return server
}

/** Makes the jsonb table of the naive server beside the real one, with as many rows. */
export async function makeNaiveTable(place: Place): Promise<void> {
  await place.rows(`create table naive_release (
    collection_no integer not null, date_added bigint not null, stix_id text not null, version text not null,
    type text not null, latest boolean not null, body jsonb not null, primary key (collection_no, date_added))`)
  await place.rows(`insert into naive_release
    select r.collection_no, r.date_added, r.stix_id, r.version, r.type, r.latest, o.body::jsonb
      from release r join object o using (object_no) order by r.date_added`)
  await place.rows('create index naive_release_type on naive_release (collection_no, type, date_added)')
  await place.rows('vacuum analyze naive_release')
}

/** Starts the naive server on a place that has the table. */
export async function startNaive(place: Place): Promise<ServerProcess> {
  return await startProcess({
    file: new URL('./naive-page.ts', import.meta.url),
    args: [place.url ?? embeddedFolder(place.folder)],
    readyPath: '/',
  })
}
