import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import type { Clock } from '../../server/clock.ts'
import { loadConfig } from '../../server/config/load.ts'
import { createLog } from '../../server/log.ts'
import { openCore, startServer } from '../../server/main.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { addToken } from '../../server/site/tokens.ts'
import { addCollection } from '../../server/site/add-collection.ts'
import { scratch, TEST_DATABASE_URL } from '../support/database.ts'
import { TAXII } from '../support/site.ts'
import { ask } from './exchange.ts'
import { envelope, idsOf } from './region.ts'
import { identities } from './samples.ts'

const place = await scratch()
after(() => place.remove())
const objects = identities(9)
const pages = [objects.slice(0, 3), objects.slice(3, 6), objects.slice(6)].map((page) =>
  page.map((object) => object.id),
)

let now = Date.parse('2026-11-21T00:00:00Z') * 1000
const clock: Clock = { nowMicros: () => ++now }

/** A process on the same database: as after a restart, or beside another. */
async function start() {
  const database = place.url ? { DATABASE_URL: place.url } : {}
  const loaded = loadConfig(database, { overrides: { data_folder: place.folder, listen_port: 0, log_level: 'fatal' } })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return await startServer(await openCore(loaded.config, createLog(loaded.config), { clock }))
}

it('Q12 a next from before a restart goes on after it, a day later', async () => {
  const before = await start()
  const made = await addCollection(before.context, {
    actor: 'test',
    alias: 'region',
    title: 'Region',
    label: 'TLP:RED',
  })
  await addAccount(before.context, { actor: 'test', name: 'member', read: ['region'], write: ['region'] })
  const { token } = await addToken(before.context, { actor: 'test', account: 'member', scopes: ['taxii'] })
  const headers = { accept: TAXII, 'content-type': TAXII, authorization: `Bearer ${token}` }
  const path = `${made.api_root}collections/region/`
  await ask(`${before.url}${path}objects/`, { method: 'POST', headers, body: envelope(objects) })
  const nexts = new Map<string, string | undefined>()
  for (const list of ['objects/', 'manifest/']) {
    const page = await ask(`${before.url}${path}${list}?limit=3`, { headers })
    assert.deepEqual(idsOf(page), pages[0])
    nexts.set(list, page.body.next)
  }
  await before.close()

  now += 24 * 3_600_000_000
  await using restarted = await start()
  for (const [list, next] of nexts) {
    const page = await ask(`${restarted.url}${path}${list}?limit=3&next=${next}`, { headers })
    assert.deepEqual(idsOf(page), pages[1])
    nexts.set(list, page.body.next)
  }
  if (!TEST_DATABASE_URL) return // one process only ever opens the embedded database

  await using beside = await start()
  for (const [list, next] of nexts) {
    const page = await ask(`${beside.url}${path}${list}?limit=3&next=${next}`, { headers })
    assert.deepEqual(idsOf(page), pages[2])
  }
})
