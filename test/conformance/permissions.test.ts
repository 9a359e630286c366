import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { grantRights, revokeRights } from '../../server/site/rights.ts'
import { TAXII } from '../support/site.ts'
import { type Answer, ask } from './exchange.ts'
import { collectionEndpoints } from './endpoints.ts'
import { type Credentials, envelope, idsOf, openRegion } from './region.ts'
import { identities, identity } from './samples.ts'

const region = await openRegion()
after(() => region.close())
const collection = await region.empty()
const objects = identities(6)
await collection.post(objects)
const [object = identity()] = objects

/** Both ways to sign in of an account with these rights to the collection. */
async function account(name: string, read: boolean, write: boolean): Promise<readonly [Credentials, Credentials]> {
  const rights = { read: read ? [collection.id] : [], write: write ? [collection.id] : [] }
  return [await region.site.addUser(name, rights), await region.site.addToken(name)]
}
const reader = await account('reader', true, false)
const writer = await account('writer', false, true)
const nobody = await account('nobody', false, false)
const READS = ['manifest/', 'objects/', `objects/${object.id}/`, `objects/${object.id}/versions/`]

it('P01 reading without the right: 404 to whom knows nothing of it, 403 to whom may write', async () => {
  for (const path of READS) {
    for (const headers of nobody) assert.equal((await collection.get(path, headers)).status, 404, path)
    for (const headers of writer) assert.equal((await collection.get(path, headers)).status, 403, path)
    for (const headers of reader) assert.equal((await collection.get(path, headers)).status, 200, path)
  }
})

it('P01 a refusal shows nothing of the content', async () => {
  for (const headers of [...nobody, ...writer]) {
    for (const path of READS) {
      const answer = await collection.get(path, headers)
      assert.equal(answer.headers['x-taxii-date-added-first'], undefined)
      assert.equal(answer.text.includes(object.id), false)
    }
  }
})

it('P02 not signed in is 401 on each address and method', async () => {
  for (const { path, methods } of collectionEndpoints(collection.url, object.id)) {
    for (const method of methods) {
      const headers = { accept: TAXII, 'content-type': TAXII }
      const body = method === 'POST' ? { body: envelope([identity()]) } : {}
      assert.equal((await ask(path, { method, headers, ...body })).status, 401, `${method} ${path}`)
    }
  }
})

it('P03 writing without the right: 404 to whom knows nothing of it, 403 to whom may read', async () => {
  const fresh = identity()
  for (const headers of nobody) assert.equal((await collection.post([fresh], headers)).status, 404)
  for (const headers of reader) assert.equal((await collection.post([fresh], headers)).status, 403)
  assert.equal((await collection.get(`objects/${fresh.id}/`)).status, 404)
  for (const headers of writer) assert.equal((await collection.post([fresh], headers)).status, 202)
})

it('P04 deleting without any right is exactly 404', async () => {
  for (const headers of nobody) await mustNotDelete(headers, 404)
})

it('P04 deleting with the right to read only is exactly 403', async () => {
  for (const headers of reader) await mustNotDelete(headers, 403)
})

it('P04 deleting with the right to write only is exactly 403', async () => {
  for (const headers of writer) await mustNotDelete(headers, 403)
})

it('P04 deleting with both rights works', async () => {
  const fresh = identity()
  for (const headers of [region.basic, region.bearer]) {
    await collection.post([fresh])
    assert.equal((await collection.delete(`objects/${fresh.id}/`, headers)).status, 200)
  }
})

it('P05 next of another account, collection, endpoint or filter opens nothing', async () => {
  const other = await region.empty()
  await other.post(identities(6))
  const next = await nextOf('objects/?limit=2')
  const path = `objects/?limit=2&next=${next}`
  assert.equal((await collection.get(path)).status, 200)
  for (const headers of reader) mustOpenNothing(await collection.get(path, headers))
  mustOpenNothing(await other.get(path))
  mustOpenNothing(await collection.get(`manifest/?limit=2&next=${next}`))
  mustOpenNothing(await collection.get(`objects/${object.id}/?limit=2&next=${next}`))
  mustOpenNothing(await collection.get(`objects/${object.id}/versions/?limit=2&next=${next}`))
  mustOpenNothing(await collection.get(`${path}&match[type]=identity`))
})

it('P05 next that was changed anywhere opens nothing', async () => {
  const next = await nextOf('objects/?limit=2')
  for (let at = 0; at < next.length; at += 1) {
    const other = next[at] === 'A' ? 'g' : 'A'
    mustOpenNothing(await collection.get(`objects/?limit=2&next=${next.slice(0, at)}${other}${next.slice(at + 1)}`))
  }
})

it('P05 next counts with the rights of now, not of then', async () => {
  const { context } = region.site
  const leaver = await region.site.addUser('leaver', { read: [collection.id] })
  const next = (await collection.get('objects/?limit=2', leaver)).body.next
  const path = `objects/?limit=2&next=${next}`
  assert.equal((await collection.get(path, leaver)).status, 200)
  await revokeRights(context, { actor: 'test', name: 'leaver', collections: [collection.id] })
  assert.equal((await collection.get(path, leaver)).status, 404)
  await grantRights(context, { actor: 'test', name: 'leaver', read: [collection.id], write: [] })
  assert.equal((await collection.get(path, leaver)).status, 200)
})

it('P05 what is deleted between two pages is on none of them', async () => {
  const path = 'objects/?limit=2'
  const next = await nextOf(path)
  const third = objects[2]?.id ?? ''
  await collection.delete(`objects/${third}/`)
  assert.equal(idsOf(await collection.get(`${path}&next=${next}`)).includes(third), false)
})

async function nextOf(path: string): Promise<string> {
  const { next } = (await collection.get(path)).body
  assert.ok(next)
  return next
}

function mustOpenNothing(answer: Answer): void {
  assert.equal(answer.status, 400)
  assert.equal('objects' in answer.body, false)
}

async function mustNotDelete(headers: Credentials, status: number): Promise<void> {
  for (const path of [`objects/${object.id}/`, `objects/${object.id}/?match[version]=all`]) {
    assert.equal((await collection.delete(path, headers)).status, status)
  }
  assert.equal((await collection.get(`objects/${object.id}/`)).status, 200)
}
