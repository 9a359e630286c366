import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { TAXII } from '../support/site.ts'
import type { Answer } from './exchange.ts'
import { collectionEndpoints, endpoints } from './endpoints.ts'
import { envelope, openRegion } from './region.ts'
import { absentId, identity } from './samples.ts'

const region = await openRegion()
after(() => region.close())

it('G01 discovery answers at /taxii2/, with a password and with a token', async () => {
  for (const headers of [region.basic, region.bearer]) {
    const answer = await region.ask('/taxii2/', { headers })
    assert.equal(answer.status, 200)
    assert.ok(answer.body.title)
  }
})

it('G02 there is an API root, and it answers', async () => {
  const { body } = await region.ask('/taxii2/', { headers: region.basic })
  assert.deepEqual(body.api_roots, [region.root])
  assert.equal((await region.ask(region.root, { headers: region.basic })).status, 200)
})

it('G13 what is not yours is answered to the byte like what is not there', async () => {
  const outsider = await region.site.addUser('outsider', { read: ['region'] })
  await region.site.addCollection({ alias: 'elsewhere' })
  const hidden = await region.empty()
  const object = identity()
  const { body: status } = await hidden.post([object])
  const collections = `${region.root}collections/`
  const pairs: [yours: string, absent: string][] = [
    [`${collections}${hidden.id}/`, `${collections}${hidden.id.replace(/^./, 'x')}/`],
    [`${collections}${hidden.alias}/`, `${collections}absent/`],
    [`${region.root}status/${status.id}/`, `${region.root}status/absent/`],
  ]
  const mine = collectionEndpoints(`${collections}${hidden.id}/`, object.id)
  const none = collectionEndpoints(`${collections}absent/`, object.id)
  for (const [index, { path }] of mine.entries()) pairs.push([path, none[index]?.path ?? ''])
  for (const [yours, absent] of pairs) {
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'PUT']) {
      for (const accept of [TAXII, 'text/html']) {
        const body = method === 'POST' ? { body: envelope([identity()]) } : {}
        const wanted = { method, headers: { ...outsider, accept, 'content-type': TAXII }, ...body }
        const [one, other] = [await region.ask(yours, wanted), await region.ask(absent, wanted)]
        const where = `${method} ${yours} for ${accept}`
        assert.equal(one.status, other.status, where)
        assert.deepEqual(one.bytes, other.bytes, where)
        assert.deepEqual(headersOf(one), headersOf(other), where)
      }
    }
  }
  assert.equal((await region.ask(`${collections}${hidden.id}/`, { headers: outsider })).status, 404)
})

it('G13 an API root without any right is as absent', async () => {
  const nobody = await region.site.addUser('nobody')
  const [one, other] = [
    await region.ask(region.root, { headers: nobody }),
    await region.ask('/absent/', { headers: nobody }),
  ]
  assert.equal(one.status, 404)
  assert.deepEqual(one.bytes, other.bytes)
})

it('G14 every address is found with its slash, and without it the same', async () => {
  const collection = await region.empty()
  const object = identity()
  const status = (await collection.post([object])).body.id ?? ''
  for (const { path } of endpoints({ root: region.root, collection: collection.id, object: object.id, status })) {
    const answer = await region.ask(path, { headers: region.bearer })
    assert.equal(answer.status, 200, path)
    const bare = path.slice(0, -1)
    let short = await region.ask(bare, { headers: region.bearer })
    if (short.status === 308) {
      assert.equal(short.headers.location, path)
      short = await region.ask(short.headers.location ?? '', { headers: region.bearer })
    }
    assert.equal(short.status, 200, bare)
    assert.equal(short.text, answer.text, bare)
  }
  assert.equal((await collection.get(`objects/${absentId()}`)).status, 404)
})

function headersOf(answer: Answer) {
  const { date: _, ...headers } = answer.headers
  return headers
}
