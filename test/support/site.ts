import { loadConfig } from '../../server/config/load.ts'
import type { Clock } from '../../server/clock.ts'
import type { Egress } from '../../server/egress/egress.ts'
import { createLog } from '../../server/log.ts'
import { openCore, startServer } from '../../server/main.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { addToken } from '../../server/site/tokens.ts'
import { addCollection, type NewCollection } from '../../server/site/add-collection.ts'
import { openScratch, scratch } from './database.ts'

/** TAXII 2.1's media type, as clients send it. */
export const TAXII = 'application/taxii+json;version=2.1'
export const PASSWORD = 'correct horse battery staple'

/** What a test may set. */
export interface SiteOptions {
  /** YAML keys of the configuration, for example `{ 'taxii.page_size': 10 }`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  readonly clock?: Clock
  readonly egress?: Egress
}

/**
 * A running server on a database of its own, over real HTTP on a free port of the loopback.
 * Use `await using site = await testSite()` or close it in `after()`.
 */
export async function testSite(options: SiteOptions = {}) {
  const place = await scratch()
  const loaded = loadConfig(place.url ? { DATABASE_URL: place.url } : {}, {
    overrides: { data_folder: place.folder, listen_port: 0, log_level: 'fatal', ...options.settings },
  })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const database = await openScratch(place)
  const clock = options.clock ? { clock: options.clock } : {}
  const egress = options.egress ? { egress: options.egress } : {}
  const core = await openCore(loaded.config, createLog(loaded.config), { database, ...clock, ...egress })
  const server = await startServer(core)
  const { context, url } = server
  const actor = 'test'
  const close = async () => {
    await server.close()
    await place.remove()
  }

  return {
    context,
    url,
    place,
    close,
    [Symbol.asyncDispose]: close,
    /** Makes a collection that takes everything up to RED, unless said otherwise. */
    addCollection: (wanted: Partial<NewCollection> & { readonly alias: string }) =>
      addCollection(context, { actor, title: wanted.alias, label: 'TLP:RED', ...wanted }),
    /** Makes an account with {@link PASSWORD} and answers with its request headers: Basic, and Accept. */
    addUser: async (
      name: string,
      rights: { readonly read?: readonly string[]; readonly write?: readonly string[] } = {},
    ) => {
      await addAccount(context, { actor, name, password: PASSWORD, ...rights })
      return basic(name, PASSWORD)
    },
    /** Makes a token of an account and answers with its request headers. */
    addToken: async (account: string) => {
      const { token } = await addToken(context, { actor, account, scopes: ['taxii'] })
      return { accept: TAXII, authorization: `Bearer ${token}` }
    },
  }
}

export type TestSite = Awaited<ReturnType<typeof testSite>>

/** Request headers of HTTP Basic, with Accept. */
export function basic(name: string, password: string) {
  return { accept: TAXII, authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` }
}

/** Posts an envelope. */
export async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  objects: readonly unknown[],
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': TAXII, ...headers },
    body: JSON.stringify({ objects }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
