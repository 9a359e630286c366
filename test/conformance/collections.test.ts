import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { ConflictError } from '../../server/errors.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { addRoot } from '../../server/site/add-collection.ts'
import { basic, PASSWORD, TAXII } from '../support/site.ts'
import type { ShownCollection } from './exchange.ts'
import { envelope, openRegion } from './region.ts'
import { identity } from './samples.ts'

const STIX = 'application/stix+json;version=2.1'
const region = await openRegion()
after(() => region.close())
const { context } = region.site
const first = await region.empty({ alias: 'alpha', title: 'First', description: 'What came in first' })
await region.empty({ alias: 'beta', title: 'Second' })
await region.empty({ alias: 'gamma', title: 'Third' })
await region.site.addCollection({ alias: 'hidden' })
const reader = await region.site.addUser('reader', { read: ['alpha', 'beta'], write: ['beta', 'gamma'] })

async function list(headers: Readonly<Record<string, string>>): Promise<readonly ShownCollection[]> {
  const answer = await region.ask(`${region.root}collections/`, { headers })
  assert.equal(answer.status, 200)
  return answer.body.collections ?? []
}

it('L01 the collections that the caller may read or write', async () => {
  assert.deepEqual((await list(reader)).map((one) => one.alias ?? '').toSorted(), ['alpha', 'beta', 'gamma'])
  assert.equal((await list(region.bearer)).length, 4)
})

it('L01 an API root without collections answers {}', async () => {
  await addAccount(context, { actor: 'test', name: 'root', role: 'administrator', password: PASSWORD })
  await addRoot(context, { actor: 'test', path: 'vacant', title: 'Nothing here yet' })
  const answer = await region.ask('/vacant/collections/', { headers: basic('root', PASSWORD) })
  assert.equal(answer.status, 200)
  assert.equal(answer.text, '{}')
})

it('L02 the order never changes, and is that of the ids', async () => {
  const before = await list(region.bearer)
  assert.deepEqual(
    before.map((one) => one.id),
    before.map((one) => one.id).toSorted(),
  )
  await first.post([identity()])
  for (const headers of [region.basic, region.bearer, region.basic]) assert.deepEqual(await list(headers), before)
})

it('L03 each has id, title, media types and the rights of the caller', async () => {
  const shown = new Map((await list(reader)).map((one) => [one.alias, one]))
  assert.deepEqual(shown.get('alpha'), {
    id: first.id,
    title: 'First',
    description: 'What came in first',
    alias: 'alpha',
    can_read: true,
    can_write: false,
    media_types: [STIX],
  })
  assert.deepEqual([shown.get('beta')?.can_read, shown.get('beta')?.can_write], [true, true])
  assert.deepEqual([shown.get('gamma')?.can_read, shown.get('gamma')?.can_write], [false, true])
})

it('L04 a failed sign-in is 401', async () => {
  for (const path of ['collections/', 'collections/alpha/', 'collections/absent/']) {
    assert.equal((await region.ask(region.root + path, { headers: { accept: TAXII } })).status, 401, path)
    const wrong = { accept: TAXII, authorization: 'Bearer nothing' }
    assert.equal((await region.ask(region.root + path, { headers: wrong })).status, 401, path)
  }
})

it('L05 an alias is unique in its API root, and free in another', async () => {
  await assert.rejects(region.site.addCollection({ alias: 'alpha' }), (error) => error instanceof ConflictError)
  await addRoot(context, { actor: 'test', path: 'second', title: 'Second root' })
  const { id } = await region.site.addCollection({ alias: 'alpha', root: 'second' })
  assert.notEqual(id, first.id)
})

it('L05 an alias works like the id at every address of a collection', async () => {
  const object = identity()
  const byAlias = `${region.root}collections/alpha/`
  const headers = { ...region.basic, 'content-type': TAXII }
  const posted = await region.ask(`${byAlias}objects/`, { method: 'POST', headers, body: envelope([object]) })
  assert.equal(posted.status, 202)
  const lists = ['', 'manifest/', 'objects/', `objects/${object.id}/`, `objects/${object.id}/versions/`]
  for (const path of lists) {
    const answer = await region.ask(byAlias + path, { headers: region.bearer })
    assert.equal(answer.status, 200, path)
    assert.equal(answer.text, (await first.get(path)).text, path)
  }
  const gone = await region.ask(`${byAlias}objects/${object.id}/`, { method: 'DELETE', headers: region.basic })
  assert.equal(gone.status, 200)
  assert.equal((await first.get(`objects/${object.id}/`)).status, 404)
})

it('L06 an unknown collection is 404 at every address', async () => {
  const unknown = ['absent', 'Alpha', 'hidden', '00000000-0000-4000-8000-000000000000', '%00', `${first.id}x`]
  for (const key of unknown) {
    for (const path of ['', 'manifest/', 'objects/', `objects/${identity().id}/`]) {
      const answer = await region.ask(`${region.root}collections/${key}/${path}`, { headers: region.bearer })
      assert.equal(answer.status, 404, `${key} ${path}`)
    }
  }
})

it('L07 one collection is the same as its entry in the list', async () => {
  for (const headers of [region.basic, reader]) {
    for (const entry of await list(headers)) {
      for (const key of [entry.id, entry.alias]) {
        const answer = await region.ask(`${region.root}collections/${key}/`, { headers })
        assert.deepEqual(answer.body, entry)
      }
    }
  }
})
