import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { type Clock, systemClock } from '../../server/clock.ts'
import type { Answer } from './exchange.ts'
import { type At, dateHeader, idsOf, openRegion, pagesOf } from './region.ts'
import { identities } from './samples.ts'

const real = systemClock()
let offset = 0
/** The machine's clock, which a test can set back. */
const clock: Clock = { nowMicros: () => real.nowMicros() + offset }
const region = await openRegion({ clock, settings: { 'taxii.page_size': 10 } })
after(() => region.close())

const WRITERS = 8
const POSTS = 6
const PER_POST = 5

/** Eight members who post at once, with tokens, so that no password waits for its turn; the ids that they posted. */
async function write(at: At): Promise<readonly string[]> {
  const one = async () => {
    const ids: string[] = []
    for (let post = 0; post < POSTS; post += 1) {
      const objects = identities(PER_POST)
      const answer = await at.post(objects, { ...region.bearer })
      assert.equal(answer.status, 202, answer.text)
      ids.push(...objects.map((object) => object.id))
    }
    return ids
  }
  return (await Promise.all(Array.from({ length: WRITERS }, one))).flat()
}

it('Q08 paging by next meets every object once while others write', async () => {
  const at = await region.empty()
  const before = identities(40)
  await at.post(before)
  const writing = write(at)
  const sweeps = [await pagesOf(at, 'objects/?limit=7'), await pagesOf(at, 'manifest/?limit=10')]
  const written = await writing
  for (const pages of sweeps) {
    const seen = idsOf(...pages)
    assert.equal(new Set(seen).size, seen.length, 'nothing comes twice')
    for (const object of before) assert.ok(seen.includes(object.id), 'nothing that was there is missing')
  }
  const everything = idsOf(...(await pagesOf(at, 'objects/?limit=7')))
  assert.deepEqual(everything.toSorted(), [...before.map((object) => object.id), ...written].toSorted())
})

it('Q10 a poller by added_after among eight writers gets everything, once and in order', async () => {
  const at = await region.empty()
  let done = false
  const writing = write(at).finally(() => {
    done = true
  })
  const polled: string[] = []
  let since = '1970-01-01T00:00:00Z'
  for (let last = false; !last;) {
    last = done
    for (;;) {
      const page: Answer = await at.get(`objects/?added_after=${since}`)
      const [first, end] = [dateHeader(page, 'first'), dateHeader(page, 'last')]
      if (first === undefined || end === undefined) break
      assert.ok(first > since && end >= first, `${since}, ${first}, ${end}`)
      polled.push(...idsOf(page))
      since = end
    }
  }
  const written = await writing
  assert.equal(polled.length, WRITERS * POSTS * PER_POST)
  assert.deepEqual(polled.toSorted(), written.toSorted())
})

it('Q10 a clock that is set back dates nothing before what was served', async () => {
  const at = await region.empty()
  await at.post(identities(3))
  const since = dateHeader(await at.get('objects/'), 'last') ?? ''
  offset = -3_600_000_000
  const later = identities(3)
  await at.post(later)
  offset = 0
  assert.deepEqual(
    idsOf(await at.get(`objects/?added_after=${since}`)),
    later.map((object) => object.id),
  )
})
