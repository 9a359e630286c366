import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../../server/storage/migrate.ts'
import { openEmbedded } from '../../server/storage/embedded.ts'

let folder: string | undefined

/** Runs once before all test files: a migrated embedded database as a template, so that no test waits for one. */
export async function globalSetup(): Promise<void> {
  if (process.env['TEST_DATABASE_URL']) return
  folder = await mkdtemp(join(tmpdir(), 'vouchsafe-template-'))
  const database = await openEmbedded(join(folder, 'database'))
  await migrate(database)
  const dump = await database.pglite.dumpDataDir('none')
  await database.close()
  const file = join(folder, 'template.tar')
  await writeFile(file, new Uint8Array(await dump.arrayBuffer()))
  process.env['TEST_TEMPLATE'] = file
}

/** Runs once after all test files. */
export async function globalTeardown(): Promise<void> {
  if (folder) await rm(folder, { recursive: true, force: true })
}
