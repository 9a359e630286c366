import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openEmbedded } from '../../server/storage/embedded.ts'
import { openPostgres } from '../../server/storage/postgres.ts'

/** The PostgreSQL that the suite runs on; unset: the embedded database. */
export const TEST_DATABASE_URL = process.env['TEST_DATABASE_URL']

/** A database of a test's own. */
export interface Scratch {
  /** For a configuration: undefined on the embedded database. */
  readonly url: string | undefined
  /** An empty data folder. */
  readonly folder: string
  remove(): Promise<void>
}

/** Makes an empty data folder, and an empty PostgreSQL database when the suite runs on PostgreSQL. */
export async function scratch(): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), 'vouchsafe-test-'))
  const removeFolder = () => rm(folder, { recursive: true, force: true })
  if (!TEST_DATABASE_URL) return { url: undefined, folder, remove: removeFolder }
  const name = `vouchsafe_test_${randomBytes(8).toString('hex')}`
  await administer(`create database ${name} template template0 encoding 'UTF8'`)
  const url = new URL(TEST_DATABASE_URL)
  url.pathname = `/${name}`
  return {
    url: url.href,
    folder,
    remove: async () => {
      await administer(`drop database if exists ${name} with (force)`)
      await removeFolder()
    },
  }
}

/** Opens a scratch database: the embedded one from the migrated template. */
export async function openScratch(place: Scratch) {
  if (place.url) {
    const onIdleError = () => undefined
    return openPostgres(place.url, { poolSize: 6, statementSeconds: 10, onIdleError })
  }
  const template = process.env['TEST_TEMPLATE']
  const blob = template ? new Blob([await readFile(template)]) : undefined
  return await openEmbedded(join(place.folder, 'database'), blob)
}

/** Runs one statement on the suite's PostgreSQL itself. */
export async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: TEST_DATABASE_URL })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
