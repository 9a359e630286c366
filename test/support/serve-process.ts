import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '../../server/config/load.ts'
import { createLog } from '../../server/log.ts'
import { openCore } from '../../server/main.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { addToken } from '../../server/site/tokens.ts'
import { addCollection } from '../../server/site/add-collection.ts'
import { openScratch, type Scratch } from './database.ts'
import { PASSWORD, TAXII } from './site.ts'

/** Settings by YAML key, for example `{ 'limits.request_seconds': 2 }`. */
export type Settings = Readonly<Record<string, string | number | boolean>>

/** A server in a process of its own. */
export interface ServeProcess extends AsyncDisposable {
  readonly url: string
  /** Resident memory in bytes. */
  memory(): Promise<number>
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>
  /** Ends it in good order. */
  stop(): Promise<void>
  /** Whether it still runs. */
  isAlive(): boolean
}

/** What every test of faults starts from. */
export interface PreparedSite {
  /** Path of the objects endpoint, from the slash on. */
  readonly objects: string
  /** Path of the collection, with its last slash. */
  readonly collection: string
  readonly collectionId: string
  /** Headers of `poller`, by token. */
  readonly headers: Readonly<Record<string, string>>
}

/** Fills an empty scratch database: the collection `region`, the account `poller` with both rights, and its token. */
export async function prepareSite(place: Scratch): Promise<PreparedSite> {
  await using core = await openSite(place)
  const actor = 'test'
  const { id, api_root } = await addCollection(core.context, {
    actor,
    title: 'Region',
    alias: 'region',
    label: 'TLP:RED',
  })
  await addAccount(core.context, { actor, name: 'poller', password: PASSWORD, read: ['region'], write: ['region'] })
  const { token } = await addToken(core.context, { actor, account: 'poller', scopes: ['taxii'] })
  const collection = `${api_root}collections/region/`
  const headers = { accept: TAXII, authorization: `Bearer ${token}` }
  return { collection, objects: `${collection}objects/`, collectionId: id, headers }
}

/** Opens a scratch database without a face, in this process. */
export async function openSite(place: Scratch) {
  const loaded = loadConfig(place.url ? { DATABASE_URL: place.url } : {}, {
    overrides: { data_folder: place.folder, listen_port: 0, log_level: 'fatal' },
  })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return await openCore(loaded.config, createLog(loaded.config), { database: await openScratch(place) })
}

/**
 * Starts the server as production does, without code from strings, and waits until it listens.
 * @param databaseUrl another way to the same database, for example through a proxy
 */
export async function startProcess(
  place: Scratch,
  settings: Settings = {},
  databaseUrl: string | undefined = place.url,
): Promise<ServeProcess> {
  const entry = fileURLToPath(new URL('./serve-entry.ts', import.meta.url))
  const child = spawn(process.execPath, ['--disallow-code-generation-from-strings', entry], {
    stdio: ['ignore', process.env['SERVE_LOG'] ? 'inherit' : 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
      SERVE_SETTINGS: JSON.stringify({
        data_folder: place.folder,
        listen_port: 0,
        log_level: process.env['SERVE_LOG'] ?? 'fatal',
        ...settings,
      }),
    },
  })
  const exit = once(child, 'exit')
  const started = await Promise.race([message(child), exit.then(() => undefined)])
  if (!started?.url) throw new Error(`the server ended at once: ${String(child.exitCode)}`)
  const { url } = started
  const isAlive = () => child.exitCode === null && child.signalCode === null
  const kill = async () => {
    child.kill('SIGKILL')
    await exit
  }
  return {
    url,
    isAlive,
    kill,
    memory: async () => {
      const answer = message(child)
      child.send('memory')
      return (await answer).rss ?? 0
    },
    stop: async () => {
      child.send('stop')
      await exit
    },
    [Symbol.asyncDispose]: async () => {
      if (isAlive()) await kill()
    },
  }
}

async function message(child: ChildProcess): Promise<{ readonly url?: string; readonly rss?: number }> {
  const [answer] = (await once(child, 'message')) as [{ url?: string; rss?: number }]
  return answer
}
