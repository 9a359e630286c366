import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { addRoot } from '../../server/site/add-collection.ts'
import { ConflictError } from '../../server/errors.ts'
import { TAXII } from '../support/site.ts'
import { envelope, openRegion } from './region.ts'
import { identity } from './samples.ts'

const MAX = 200_000
const region = await openRegion({ settings: { 'taxii.max_content_length': MAX, 'taxii.max_unpacked_length': 2 * MAX } })
after(() => region.close())
await addRoot(region.site.context, { actor: 'test', path: 'water', title: 'Water works' })
await region.site.addCollection({ alias: 'water', root: 'water' })
const plumber = await region.site.addUser('plumber', { read: ['water'] })
const both = await region.site.addUser('both', { read: ['water', 'region'] })
const nobody = await region.site.addUser('nobody')

it('D01 discovery has a title; the rest is optional', async () => {
  const { body } = await region.ask('/taxii2/', { headers: region.basic })
  assert.equal(body.title, 'Vouchsafe')
  for (const name of ['description', 'contact']) assert.equal(name in body, false)
  const empty = await region.ask('/taxii2/', { headers: nobody })
  assert.deepEqual(empty.body, { title: 'Vouchsafe' })
})

it('D01 title, description and contact are those of the settings', async () => {
  const named = { title: 'County group', description: 'For the county', contact: 'desk@intel.example' }
  const settings = Object.fromEntries(Object.entries(named).map(([key, value]) => [`taxii.${key}`, value]))
  await using other = await openRegion({ settings })
  const { title, description, contact } = (await other.ask('/taxii2/', { headers: other.basic })).body
  assert.deepEqual({ title, description, contact }, named)
})

it('D02 the default is one of the API roots', async () => {
  for (const headers of [region.basic, plumber, both]) {
    const { body } = await region.ask('/taxii2/', { headers })
    assert.ok(body.default !== undefined && body.api_roots?.includes(body.default))
  }
})

it('D03 an API root is an absolute path, and answers there', async () => {
  const { body } = await region.ask('/taxii2/', { headers: both })
  assert.equal(body.api_roots?.length, 2)
  for (const root of body.api_roots ?? []) {
    assert.match(root, /^\/[^/?#.][^?#]*\/$/)
    assert.equal((await region.ask(root, { headers: both })).status, 200)
  }
})

it('D03 with a public address every API root is an https URL', async () => {
  await using other = await openRegion({ settings: { public_url: 'https://intel.example.org:8443' } })
  const { body } = await other.ask('/taxii2/', { headers: other.basic })
  assert.deepEqual(body.api_roots, [`https://intel.example.org:8443${other.root}`])
  assert.equal(body.default, body.api_roots?.[0])
})

it('D04 a member sees the roots of its own groups only', async () => {
  const rootsOf = async (headers: typeof both) => (await region.ask('/taxii2/', { headers })).body.api_roots
  assert.deepEqual(await rootsOf(plumber), ['/water/'])
  assert.deepEqual(await rootsOf(region.basic), [region.root])
  assert.deepEqual((await rootsOf(both))?.toSorted(), [region.root, '/water/'].toSorted())
  assert.equal(await rootsOf(nobody), undefined)
})

it('D05 not signed in is 401, another media type 406', async () => {
  assert.equal((await region.ask('/taxii2/', { headers: { accept: TAXII } })).status, 401)
  assert.equal((await region.ask('/taxii2/', { headers: { ...region.basic, accept: 'text/html' } })).status, 406)
  assert.equal((await region.ask('/taxii2/', { headers: { accept: 'text/html' } })).status, 401)
})

it('R01 an API root has title, versions and max_content_length', async () => {
  const { body } = await region.ask('/water/', { headers: plumber })
  assert.equal(body.title, 'Water works')
  assert.deepEqual(body['versions'], [TAXII])
  assert.equal(body.max_content_length, MAX)
})

it('R02 each root has its own URL', async () => {
  await assert.rejects(
    addRoot(region.site.context, { actor: 'test', path: 'water', title: 'Another' }),
    (error) => error instanceof ConflictError,
  )
  const collections = async (root: string) =>
    (await region.ask(`${root}collections/`, { headers: both })).body.collections?.map((one) => one.alias)
  assert.deepEqual(await collections('/water/'), ['water'])
  assert.deepEqual(await collections(region.root), ['region'])
})

it('R02 an unknown root is 404, and so is a collection under a root that is not its own', async () => {
  for (const path of ['/absent/', '/absent/collections/', '/Water/', '/water/collections/region/']) {
    assert.equal((await region.ask(path, { headers: both })).status, 404, path)
  }
})

const objects = `${region.root}collections/region/objects/`
const headers = { ...region.basic, 'content-type': TAXII }

for (const chunked of [false, true]) {
  const how = chunked ? 'chunked' : 'declared'

  it(`R03 a ${how} body up to max_content_length is taken`, async () => {
    for (const length of [MAX - 1, MAX]) {
      const body = envelope([identity()]).padEnd(length)
      const answer = await region.ask(objects, { method: 'POST', headers, body, chunked })
      assert.equal(answer.status, 202, answer.text)
    }
  })

  it(`R03 a ${how} body above max_content_length is 413`, async () => {
    for (const length of [MAX + 1, 3 * MAX, 9 * MAX]) {
      const object = identity()
      const body = envelope([object]).padEnd(length)
      const answer = await region.ask(objects, { method: 'POST', headers, body, chunked })
      assert.equal(answer.status, 413)
      assert.equal(answer.body.http_status, '413')
      assert.equal((await region.ask(`${objects}${object.id}/`, { headers: region.bearer })).status, 404)
    }
  })
}

it('R03 a packed body may not unfold beyond its limit', async () => {
  const packed = { ...headers, 'content-encoding': 'gzip' }
  const small = gzipSync(envelope([identity()]).padEnd(2 * MAX))
  assert.equal((await region.ask(objects, { method: 'POST', headers: packed, body: small })).status, 202)
  const bomb = gzipSync(envelope([identity()]).padEnd(100 * MAX))
  assert.ok(bomb.length < MAX)
  assert.equal((await region.ask(objects, { method: 'POST', headers: packed, body: bomb })).status, 413)
})
