import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { endpoints } from './endpoints.ts'
import { openRegion } from './region.ts'
import { identity } from './samples.ts'

const region = await openRegion()
after(() => region.close())
const collection = await region.empty()
const object = identity()
const status = (await collection.post([object])).body.id ?? ''
const all = endpoints({ root: region.root, collection: collection.id, object: object.id, status })
const { headers } = { headers: region.bearer }

it('W16 a method that is not offered is 405, and Allow lists those that are', async () => {
  for (const { path, methods } of all) {
    for (const method of ['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'TRACE']) {
      if (methods.some((offered) => offered === method)) continue
      const answer = await region.ask(path, { method, headers })
      assert.equal(answer.status, 405, `${method} ${path}`)
      assert.equal(answer.body.http_status, '405')
      assert.deepEqual(allowed(answer.headers.allow), [...methods, 'HEAD'].toSorted())
    }
  }
  assert.equal((await collection.get(`objects/${object.id}/`)).status, 200)
})

it('W16 HEAD is GET without the body', async () => {
  for (const { path } of all) {
    const [get, head] = [await region.ask(path, { headers }), await region.ask(path, { method: 'HEAD', headers })]
    assert.equal(head.status, 200, path)
    assert.equal(head.bytes.length, 0)
    const [{ date: _one, ...ofGet }, { date: _other, ...ofHead }] = [get.headers, head.headers]
    assert.deepEqual(ofHead, ofGet, path)
  }
  const absent = await region.ask('/absent/', { method: 'HEAD', headers })
  assert.deepEqual([absent.status, absent.bytes.length], [404, 0])
})

it('W16 OPTIONS names the methods and changes nothing', async () => {
  for (const { path, methods } of all) {
    const answer = await region.ask(path, { method: 'OPTIONS', headers })
    assert.ok([200, 204, 405].includes(answer.status), path)
    assert.deepEqual(
      allowed(answer.headers.allow).filter((method) => method !== 'OPTIONS'),
      [...methods, 'HEAD'].toSorted(),
    )
  }
  const unknown = await region.ask('/no/such/address/', { method: 'OPTIONS', headers })
  assert.equal(unknown.status, 404)
})

function allowed(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(',')
    .map((method) => method.trim())
    .toSorted()
}
