import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import type { Clock } from '../../server/clock.ts'
import { addRoot } from '../../server/site/add-collection.ts'
import { grantRights } from '../../server/site/rights.ts'
import type { Body } from './exchange.ts'
import { openRegion } from './region.ts'
import { absentId, address, identities, identity, statement } from './samples.ts'

const HOUR_MICROS = 3_600_000_000

/** A clock that a test moves by hand; it still never stands still. */
function handClock(): Clock & { pass(micros: number): void } {
  let now = Date.parse('2026-11-21T00:00:00Z') * 1000
  return {
    nowMicros: () => ++now,
    pass: (micros) => {
      now += micros
    },
  }
}

const clock = handClock()
const region = await openRegion({ clock })
after(() => region.close())
const collection = await region.empty()
const good = identity()
const bad = identity({ modified: 'never' })
const posted = await collection.post([good, bad, address('192.0.2.7'), '17'])

function read(id: string | undefined, headers = region.bearer) {
  return region.ask(`${region.root}status/${id}/`, { headers })
}

it('S01 a status has an id, a state and four counts', async () => {
  for (const { body } of [posted, await read(posted.body.id)]) {
    assert.equal(typeof body.id, 'string')
    assert.ok(['complete', 'pending'].includes(body.status ?? ''))
    for (const count of countsOf(body)) assert.ok(Number.isInteger(count) && Number(count) >= 0)
  }
})

it('S02 the counts add up and are as long as the lists', () => {
  const [total, success, failure, pending] = countsOf(posted.body)
  assert.deepEqual([total, success, failure, pending], [4, 2, 2, 0])
  assert.equal(posted.body.successes?.length, success)
  assert.equal(posted.body.failures?.length, failure)
})

it('S03 the details name the object, its version, and why it failed', () => {
  assert.deepEqual(posted.body.successes?.[0], { id: good.id, version: good.modified })
  const [first, second] = posted.body.failures ?? []
  assert.equal(first?.id, bad.id)
  for (const failure of [first, second]) {
    assert.equal(typeof failure?.version, 'string')
    assert.ok(failure?.message)
  }
})

it('S03 the version is modified, else created, else what the manifest says too', async () => {
  const marking = statement()
  const observable = address('192.0.2.8')
  const { body } = await collection.post([marking, observable])
  assert.equal(body.successes?.[0]?.version, marking.created)
  const manifest = await collection.get(`manifest/?match[id]=${observable.id}`)
  assert.equal(body.successes?.[1]?.version, manifest.body.objects?.[0]?.version)
})

it('S04 an unknown status is 404', async () => {
  const ids = ['absent', absentId(), '00000000-0000-4000-8000-000000000000', collection.id, '%00', "'", 'x'.repeat(300)]
  for (const id of ids) assert.equal((await read(id)).status, 404, id)
})

it('S04 a status is not found under another API root', async () => {
  await addRoot(region.site.context, { actor: 'test', path: 'water', title: 'Water works' })
  const { id } = await region.site.addCollection({ alias: 'water', root: 'water' })
  await grantRights(region.site.context, { actor: 'test', name: 'member', read: [id], write: [] })
  assert.equal((await region.ask('/water/', { headers: region.bearer })).status, 200)
  const elsewhere = await region.ask(`/water/status/${posted.body.id}/`, { headers: region.bearer })
  assert.equal(elsewhere.status, 404)
})

it('S05 a status can be read for 24 hours at least', async () => {
  const { body } = await collection.post([identity()])
  clock.pass(24 * HOUR_MICROS)
  assert.deepEqual((await read(body.id)).body, body)
  clock.pass(47 * HOUR_MICROS)
  assert.deepEqual((await read(body.id)).body, body)
})

it('S04 an expired status is 404', async () => {
  const { body } = await collection.post([identity()])
  clock.pass(73 * HOUR_MICROS)
  assert.equal((await read(body.id)).status, 404)
})

it('S06 what is complete stays as it is, also when its objects change', async () => {
  const object = identity()
  const { body } = await collection.post([object])
  assert.equal(body.status, 'complete')
  await collection.post(identities(3))
  await collection.delete(`objects/${object.id}/`)
  for (const headers of [region.basic, region.bearer]) {
    assert.deepEqual((await read(body.id, headers)).body, body)
  }
})

it("S07 another member's status is as absent, also with the same rights", async () => {
  const { body } = await collection.post([identity()])
  const other = await region.site.addUser('other', { read: [collection.id], write: [collection.id] })
  const foreign = await region.ask(`${region.root}status/${body.id}/`, { headers: other })
  const absent = await region.ask(`${region.root}status/absent/`, { headers: other })
  assert.equal(foreign.status, 404)
  assert.deepEqual(foreign.bytes, absent.bytes)
})

function countsOf(body: Body) {
  return [body.total_count, body.success_count, body.failure_count, body.pending_count]
}
