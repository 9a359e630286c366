import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import type { Answer } from './exchange.ts'
import { type At, dateHeader, idsOf, openRegion, pagesOf, versionsOf } from './region.ts'
import { absentId, identities, identity } from './samples.ts'

const region = await openRegion({ settings: { 'taxii.page_size': 10 } })
after(() => region.close())

/** Seven objects in one envelope and five in another, with STIX times that fall as the dates of addition rise. */
const objects = identities(12).map((object, index) => {
  const created = `2020-01-01T00:00:${String(59 - index).padStart(2, '0')}.000Z`
  return { ...object, created, modified: created }
})
const collection = await region.empty()
await collection.post(objects.slice(0, 7))
await collection.post(objects.slice(7))
const inOrder = objects.map((object) => object.id)
const records = (await pagesOf(collection, 'manifest/')).flatMap((page) => page.body.objects ?? [])
const dates = records.map((record) => record.date_added ?? '')

it('Q01 objects and manifest are sorted by date_added, the oldest first', async () => {
  for (const list of ['objects/', 'manifest/']) {
    assert.deepEqual(idsOf(...(await pagesOf(collection, list))), inOrder)
    assert.deepEqual(idsOf(await collection.get(`${list}?limit=3`, region.basic)), inOrder.slice(0, 3))
  }
  assert.deepEqual(dates, dates.toSorted())
  assert.equal(new Set(dates).size, dates.length)
})

it('Q02 added_after gives what was added after, never at, a date', async () => {
  for (const [index, date] of dates.entries()) {
    for (const list of ['objects/', 'manifest/']) {
      const answer = await collection.get(`${list}?added_after=${date}`)
      assert.deepEqual(idsOf(answer), inOrder.slice(index + 1, index + 11), `${list} after ${index}`)
    }
  }
  const finest = (dates[3] ?? '').replace('Z', '999Z')
  assert.deepEqual(idsOf(await collection.get(`objects/?limit=1&added_after=${finest}`)), inOrder.slice(4, 5))
})

it('Q02 added_after holds on an object and its versions too', async () => {
  for (const path of [`objects/${inOrder[3]}/`, `objects/${inOrder[3]}/versions/`]) {
    assert.equal((await collection.get(`${path}?added_after=${dates[2]}`)).text, (await collection.get(path)).text)
    const later = await collection.get(`${path}?added_after=${dates[3]}`)
    assert.deepEqual([later.status, later.text], [200, '{}'])
  }
})

it('Q03 added_after has nothing to do with created and modified', async () => {
  const old = identity({ created: '1999-01-01T00:00:00.000Z', modified: '1999-01-01T00:00:00.000Z' })
  const own = await region.empty()
  await own.post(objects)
  const last = dateHeader(await own.get('objects/?added_after=2020-06-01T00:00:00Z&limit=10'), 'last')
  assert.ok(last, 'objects of before are given, because they were added later')
  await own.post([old])
  assert.deepEqual(idsOf(...(await pagesOf(own, `objects/?added_after=${last}`))), [...inOrder.slice(10), old.id])
})

it('Q06 never more than limit; more when there is more, all of it when there is not', async () => {
  for (const list of ['objects/', 'manifest/']) {
    for (const limit of [1, 2, 6, 9, 10]) {
      const { body } = await collection.get(`${list}?limit=${limit}`)
      assert.equal(body.objects?.length, limit)
      assert.equal(body.more, true)
      assert.equal(typeof body.next, 'string')
    }
    const last = await collection.get(`${list}?limit=2&added_after=${dates[9]}`)
    assert.deepEqual(idsOf(last), inOrder.slice(10))
    assert.notEqual(last.body.more, true)
    assert.equal('next' in last.body, false)
  }
})

it('Q07 the date headers are those of the first and last record, on every list', async () => {
  for (const list of ['objects/', 'manifest/']) {
    for (const [from, to] of [
      [0, 9],
      [3, 5],
      [11, 11],
    ] as const) {
      const after = from === 0 ? '' : `&added_after=${dates[from - 1]}`
      const answer = await collection.get(`${list}?limit=${to - from + 1}${after}`)
      assert.deepEqual([dateHeader(answer, 'first'), dateHeader(answer, 'last')], [dates[from], dates[to]])
    }
  }
  for (const path of [`objects/${inOrder[3]}/`, `objects/${inOrder[3]}/versions/`]) {
    const answer = await collection.get(path)
    assert.deepEqual([dateHeader(answer, 'first'), dateHeader(answer, 'last')], [dates[3], dates[3]])
  }
})

it('Q07 where nothing is returned there are no date headers', async () => {
  for (const path of ['objects/', 'manifest/', `objects/${inOrder[3]}/`, `objects/${inOrder[3]}/versions/`]) {
    const answer = await collection.get(`${path}?added_after=2999-01-01T00:00:00Z`)
    assert.equal(answer.text, '{}')
    assert.deepEqual([dateHeader(answer, 'first'), dateHeader(answer, 'last')], [undefined, undefined])
  }
})

it('Q09 paging by added_after and the Last header, without next, loses nothing', async () => {
  for (const limit of [1, 3, 10]) {
    for (const list of ['objects/', 'manifest/']) {
      const pages: Answer[] = []
      let last: string | undefined = '1970-01-01T00:00:00.000000Z'
      while (last !== undefined) {
        const page: Answer = await collection.get(`${list}?limit=${limit}&added_after=${last}`)
        pages.push(page)
        last = dateHeader(page, 'last')
      }
      assert.deepEqual(idsOf(...pages), inOrder)
    }
  }
})

it('Q13 next works on manifest and versions too', async () => {
  assert.deepEqual(idsOf(...(await pagesOf(collection, 'manifest/?limit=5'))), inOrder)
  const own = await region.empty()
  const object = identity()
  const versions = await postVersions(own, object, 5)
  const pages = await pagesOf(own, `objects/${object.id}/versions/?limit=2`)
  assert.deepEqual(
    pages.map((page) => page.body.versions?.length),
    [2, 2, 1],
  )
  assert.deepEqual(pages.flatMap((page) => page.body.versions ?? []).toSorted(), versions)
  const all = await pagesOf(own, `objects/${object.id}/?match[version]=all&limit=2`)
  assert.deepEqual(
    versionsOf(...all).toSorted(),
    versions.map((version) => `${object.id} ${version}`),
  )
  assert.equal((await own.get(`objects/${absentId()}/versions/?limit=2`)).status, 404)
})

it('Q28 an object that gets a new version between two pages is not lost', async () => {
  for (const list of ['objects/?limit=2', 'objects/?limit=2&match[type]=identity', 'manifest/?limit=2']) {
    const own = await region.empty()
    const four = identities(4)
    await own.post(four)
    const first = await own.get(list)
    const newer = four.map((object) => ({ ...object, modified: '2026-02-02T00:00:00.000Z' }))
    // one that was given already, and one that was not
    await own.post([newer[0] ?? '', newer[3] ?? ''])
    const rest = await pagesOf(own, list, first.body.next)
    const seen = [first, ...rest].flatMap((page) => page.body.objects ?? [])
    const latest = new Map(seen.map((shown) => [shown.id, shown.modified ?? shown.version]))
    for (const [index, object] of four.entries()) {
      const expected = index === 0 || index === 3 ? '2026-02-02T00:00:00.000Z' : object.modified
      assert.equal(latest.get(object.id), expected, `${list} object ${index}`)
    }
  }
})

it('Q28 a poller by added_after ends up with the newest version of everything', async () => {
  const own = await region.empty()
  const four = identities(4)
  await own.post(four)
  const polled = new Map<string, string | undefined>()
  let since = '1970-01-01T00:00:00Z'
  for (let round = 1; round <= 4; round += 1) {
    const page = await own.get(`objects/?limit=2&added_after=${since}`)
    for (const object of page.body.objects ?? []) polled.set(object.id, object.modified)
    since = dateHeader(page, 'last') ?? since
    const changed = four.filter((_, index) => index < round)
    if (round < 3) await own.post(changed.map((one) => ({ ...one, modified: `2026-02-0${round}T00:00:00.000Z` })))
  }
  for (const page of await pagesOf(own, `objects/?added_after=${since}`)) {
    for (const object of page.body.objects ?? []) polled.set(object.id, object.modified)
  }
  const newest = new Map((await own.get('objects/')).body.objects?.map((object) => [object.id, object.modified]))
  assert.deepEqual(polled, newest)
})

async function postVersions(at: At, object: ReturnType<typeof identity>, count: number): Promise<readonly string[]> {
  const versions = Array.from({ length: count }, (_, index) => `2026-02-0${index + 1}T00:00:00.000Z`)
  await at.post(versions.map((modified) => ({ ...object, modified })))
  return versions
}
