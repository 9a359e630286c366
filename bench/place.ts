import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import pg from 'pg'
import { openEmbedded } from '../server/storage/embedded.ts'
import { embeddedFolder } from '../server/storage/open.ts'

/** A database of the bench's own: a scratch database on PostgreSQL, or a folder with an embedded one. */
export interface Place {
  /** Undefined on the embedded database. */
  readonly url: string | undefined
  readonly folder: string
  /** Runs one statement. On the embedded database only while no server has it open. */
  rows<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** Processes that work for this database; none on the embedded one. */
  backendPids(): Promise<readonly number[]>
  /** Writes out what is in memory, so that a round does not pay for the one before; also while a server runs. */
  settle(): Promise<void>
  /** A copy; nobody may be connected. */
  clone(): Promise<Place>
  remove(): Promise<void>
}

/** Makes places and removes all of them at the end, whatever happened. */
export class Places implements AsyncDisposable {
  readonly #adminUrl: string | undefined
  readonly #made = new Set<Place>()
  readonly #root = mkdtempSync(join(tmpdir(), 'vouchsafe-bench-'))

  /** @param adminUrl the PostgreSQL to make databases on; undefined: embedded ones */
  constructor(adminUrl: string | undefined) {
    this.#adminUrl = adminUrl
  }

  /** An empty one. */
  async make(): Promise<Place> {
    const folder = await this.folder()
    if (!this.#adminUrl) return this.#keep(this.#embedded(folder))
    return this.#keep(await this.#postgres(this.#adminUrl, folder, "template template0 encoding 'UTF8'"))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const place of this.#made) await place.remove()
    await rm(this.#root, { recursive: true, force: true })
  }

  /** An empty folder that is gone after the run. */
  async folder(): Promise<string> {
    return await mkdtemp(join(this.#root, 'folder-'))
  }

  #keep(place: Place): Place {
    this.#made.add(place)
    return place
  }

  #embedded(folder: string): Place {
    return {
      url: undefined,
      folder,
      rows: async <Row>(text: string, values: readonly unknown[] = []) => {
        const database = await openEmbedded(embeddedFolder(folder))
        try {
          return (await database.pglite.query<Row>(text, [...values])).rows
        } finally {
          await database.close()
        }
      },
      backendPids: () => Promise.resolve([]),
      settle: () => Promise.resolve(), // it never waits for its disk
      clone: async () => {
        const copy = await this.folder()
        await cp(folder, copy, { recursive: true })
        return this.#keep(this.#embedded(copy))
      },
      remove: () => rm(folder, { recursive: true, force: true }),
    }
  }

  async #postgres(adminUrl: string, folder: string, from: string): Promise<Place> {
    const name = `vouchsafe_bench_${randomBytes(6).toString('hex')}`
    await createDatabase(adminUrl, `create database ${name} ${from}`)
    const address = new URL(adminUrl)
    address.pathname = `/${name}`
    const url = address.href
    return {
      url,
      folder,
      rows: <Row>(text: string, values: readonly unknown[] = []) => query<Row>(url, text, values),
      backendPids: async () => {
        const rows = await query<{ pid: number }>(
          adminUrl,
          "select pid from pg_stat_activity where datname = $1 and backend_type = 'client backend'",
          [name],
        )
        return rows.map(({ pid }) => pid)
      },
      settle: async () => {
        await query(url, 'checkpoint')
      },
      clone: async () => {
        const copy = await this.folder()
        // copied as files: the other way would write every page to the log as well
        return this.#keep(await this.#postgres(adminUrl, copy, `template ${name} strategy file_copy`))
      },
      remove: async () => {
        await query(adminUrl, `drop database if exists ${name} with (force)`)
        await rm(folder, { recursive: true, force: true })
      },
    }
  }
}

const IN_USE = '55006'
const PATIENCE = 100

/** A template may not be in use, and autovacuum or a backend that is just ending may use it for a moment. */
async function createDatabase(adminUrl: string, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await query(adminUrl, statement)
      return
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== IN_USE || attempt === PATIENCE) throw error
      await after(100)
    }
  }
}

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === 20 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format as 'text')) as never, // int8 as number
}

async function query<Row>(url: string, text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url, types })
  await client.connect()
  try {
    return (await client.query(text, [...values])).rows as Row[] // what the statement selects
  } finally {
    await client.end()
  }
}
