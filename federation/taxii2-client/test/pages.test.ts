import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Cursor, ObjectsPage, PageOptions, TaxiiCollection } from '../src/index.ts'
import { collect } from './support/collect.ts'
import { clientOf, failsWith, serve, testClock } from './support/server.ts'
import type { Reply, Seen, TestServer } from './support/server.ts'

/** Date number n of a collection: one microsecond apart, so that a clock in milliseconds would mix them up. */
const date = (index: number): string => `2026-01-01T00:00:00.${String(index).padStart(6, '0')}Z`

interface Behaviour {
  readonly next: boolean
  readonly header: boolean
  readonly pageSize: number
}

/** A server with so many objects, which pages in the ways it is told. */
function collectionOf(count: number, { next, header, pageSize }: Behaviour): (seen: Seen) => Reply {
  return ({ query }) => {
    const after = query.get('added_after') ?? ''
    const dates = Array.from({ length: count }, (_value, index) => date(index))
    const token = query.get('next')
    const found = token === null ? dates.findIndex((added) => added > after) : Number(token)
    const start = found === -1 ? count : found
    const size = Math.min(pageSize, Number(query.get('limit') ?? pageSize))
    const page = dates.slice(start, start + size)
    const more = start + size < count
    const headers = { 'X-TAXII-Date-Added-First': page[0] ?? '', 'X-TAXII-Date-Added-Last': page.at(-1) ?? '' }
    return {
      headers: header && page.length > 0 ? headers : {},
      json: {
        ...(more ? { more, ...(next ? { next: String(start + size) } : {}) } : {}),
        ...(page.length > 0 ? { objects: page.map((added) => ({ id: added })) } : {}),
      },
    }
  }
}

function open(server: TestServer, options: Parameters<typeof clientOf>[1] = {}): TaxiiCollection {
  return clientOf(server, { retry: { maxAttempts: 1 }, ...options })
    .apiRoot('/root/')
    .collection('c')
}

async function sweep(collection: TaxiiCollection, options: PageOptions = {}): Promise<ObjectsPage[]> {
  return collect(collection.objectsPages(options))
}

const idsOf = (pages: readonly ObjectsPage[]): unknown[] =>
  pages.flatMap((page) => page.objects.map((object) => Object(object).id))

/** Pages of one envelope, always the same. */
const always = (reply: Reply): Promise<TestServer> => serve(() => reply)

describe('pages', () => {
  it('K07 goes by next, else by the Last header: every object once, whatever the page size', async () => {
    const ways = [
      { next: true, header: true },
      { next: true, header: false },
      { next: false, header: true },
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ways),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('next' as const, 'added-after' as const),
        fc.boolean(),
        async (way, count, pageSize, prefer, prefetch) => {
          await using server = await serve(collectionOf(count, { ...way, pageSize }))
          const pages = await sweep(open(server), { prefer, prefetch })
          assert.deepEqual(
            idsOf(pages),
            Array.from({ length: count }, (_value, index) => date(index)),
          )
          assert.equal(server.seen.length, Math.max(1, Math.ceil(count / pageSize)))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('K07 repeats filter, limit and added_after with next', async () => {
    await using server = await serve(collectionOf(4, { next: true, header: true, pageSize: 9 }))
    const match = {
      ids: ['indicator--1', 'indicator--2'],
      types: ['indicator'],
      versions: ['all'],
      specVersions: ['2.1'],
    }
    await sweep(open(server), { limit: 2, addedAfter: '2020-01-01T00:00:00.5Z', match })
    assert.equal(server.seen.length, 2)
    for (const { query, path } of server.seen) {
      assert.equal(path, '/root/collections/c/objects/')
      assert.equal(query.get('match[id]'), 'indicator--1,indicator--2')
      assert.equal(query.get('match[type]'), 'indicator')
      assert.equal(query.get('match[version]'), 'all')
      assert.equal(query.get('match[spec_version]'), '2.1')
      assert.equal(query.get('limit'), '2')
      assert.equal(query.get('added_after'), '2020-01-01T00:00:00.5Z')
    }
    assert.equal(server.seen[1]?.query.get('next'), '2')
  })

  it('K07 by added-after does not mix it with next', async () => {
    await using server = await serve(collectionOf(4, { next: true, header: true, pageSize: 2 }))
    await sweep(open(server), { prefer: 'added-after' })
    assert.equal(server.seen[1]?.query.get('next'), null)
    assert.equal(server.seen[1]?.query.get('added_after'), date(1))
  })

  it('gives every page its bytes and dates', async () => {
    await using server = await serve(collectionOf(3, { next: true, header: true, pageSize: 2 }))
    const [first] = await sweep(open(server))
    assert.equal(first?.raw.toString(), `{"more":true,"next":"2","objects":[{"id":"${date(0)}"},{"id":"${date(1)}"}]}`)
    assert.equal(first?.firstDateAdded, date(0))
    assert.equal(first?.lastDateAdded, date(1))
    assert.equal(first?.more, true)
    assert.equal(first?.next, '2')
  })

  it('parse false gives the bytes and walks the same way', async () => {
    await using server = await serve(collectionOf(5, { next: true, header: false, pageSize: 2 }))
    const pages = await collect(open(server).objectsPages({ parse: false }))
    assert.equal(pages.length, 3)
    assert(!('objects' in (pages[0] ?? {})))
    assert.deepEqual(
      pages.map((page) => JSON.parse(page.raw.toString()).objects.length),
      [2, 2, 1],
    )
  })

  it('K12 a page with more and no progress ends with an error', async () => {
    const objects = [{ id: 'a' }]
    const last = { 'X-TAXII-Date-Added-Last': date(1) }
    const cases: readonly (readonly [string, Reply, number])[] = [
      ['same next', { json: { more: true, next: 'n', objects } }, 2],
      ['same next and date', { json: { more: true, next: 'n', objects }, headers: last }, 2],
      ['same date without next', { json: { more: true, objects }, headers: last }, 2],
      ['neither', { json: { more: true, objects } }, 1],
      ['nothing', { json: { more: true, next: 'n' }, headers: last }, 1],
      ['an empty list', { json: { more: true, next: 'n', objects: [] }, headers: last }, 1],
    ]
    for (const [what, reply, requests] of cases) {
      for (const prefetch of [false, true]) {
        await using server = await always(reply)
        await assert.rejects(sweep(open(server), { prefetch }), failsWith('no-progress', { retryable: false }), what)
        assert.equal(server.seen.length, requests, what)
        await using raw = await always(reply)
        await assert.rejects(collect(open(raw).objectsPages({ parse: false, prefetch })), failsWith('no-progress'))
        assert.equal(raw.seen.length, requests, what)
      }
    }
  })

  it('K12 notices two tokens that lead to each other, and a date that goes back', async () => {
    const objects = [{ id: 'a' }]
    await using circle = await serve((_seen, index) => ({ json: { more: true, next: `n${index % 2}`, objects } }))
    await assert.rejects(sweep(open(circle)), failsWith('no-progress'))
    assert.equal(circle.seen.length, 3)
    await using back = await serve((_seen, index) => ({
      json: { more: true, objects },
      headers: { 'X-TAXII-Date-Added-Last': date(9 - index) },
    }))
    await assert.rejects(sweep(open(back)), failsWith('no-progress'))
    assert.equal(back.seen.length, 2)
    await using sameInstant = await serve((_seen, index) => ({
      json: { more: true, objects },
      headers: { 'X-TAXII-Date-Added-Last': `2026-01-01T00:00:00.1${'0'.repeat(index)}Z` },
    }))
    await assert.rejects(sweep(open(sameInstant)), failsWith('no-progress'))
    assert.equal(sameInstant.seen.length, 2)
    await using stale = await always({ json: { more: true, objects }, headers: { 'X-TAXII-Date-Added-Last': date(1) } })
    await assert.rejects(sweep(open(stale), { addedAfter: date(1) }), failsWith('no-progress'))
    assert.equal(stale.seen.length, 1)
  })

  it('K12 a server may keep its next while it moves on, and give many objects one date', async () => {
    await using sameNext = await serve((_seen, index) => ({
      json: { objects: [{}], ...(index < 4 ? { more: true, next: 'same' } : {}) },
      headers: { 'X-TAXII-Date-Added-Last': date(index) },
    }))
    assert.equal((await sweep(open(sameNext))).length, 5)
    await using sameDate = await serve((_seen, index) => ({
      json: { objects: [{}], ...(index < 4 ? { more: true, next: `n${index}` } : {}) },
      headers: { 'X-TAXII-Date-Added-Last': date(1) },
    }))
    assert.equal((await sweep(open(sameDate))).length, 5)
  })

  it('K14 asks for the next page only after the consumer asked for it', async () => {
    await using server = await serve(collectionOf(6, { next: true, header: true, pageSize: 2 }))
    const pages = open(server).objectsPages()
    assert.equal(server.seen.length, 0)
    for (let count = 1; count <= 3; count += 1) {
      await pages.next()
      await sweep(open(server), { addedAfter: date(9) }) // a whole other request passes meanwhile
      assert.equal(server.seen.filter(({ query }) => query.get('added_after') === null).length, count)
    }
    assert.equal((await pages.next()).done, true)
  })

  it('K14 a walk broken off anywhere goes on from the stored cursor and loses nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom({ next: true, header: true }, { next: true, header: false }, { next: false, header: true }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (way, count, pageSize, pagesBeforeCrash, prefetch) => {
          await using server = await serve(collectionOf(count, { ...way, pageSize }))
          const stored: unknown[] = []
          let cursor: Cursor = {}
          let left = pagesBeforeCrash
          for await (const page of open(server).objectsPages({ prefetch })) {
            stored.push(...idsOf([page]))
            cursor = page.cursor
            if ((left -= 1) === 0) break
          }
          const wasComplete = stored.length === count
          const restored: Cursor = JSON.parse(JSON.stringify(cursor))
          for (const page of await sweep(open(server), { cursor: restored })) {
            stored.push(...idsOf([page]))
            cursor = page.cursor
          }
          // Without the header a complete sweep cannot be told from none: it is read again, and nothing is lost.
          const isReadTwice = wasComplete && !way.header
          const once = Array.from({ length: count }, (_value, index) => date(index))
          assert.deepEqual(stored, isReadTwice ? [...once, ...once] : once)
          if (way.header) assert.deepEqual(cursor, { addedAfter: date(count - 1) })
        },
      ),
      { numRuns: 60 },
    )
  })

  it('K14 a sweep that ends with an empty page keeps the latest date seen before, also over a restart', async () => {
    await using server = await serve(({ query }) =>
      query.get('next') === null
        ? { json: { more: true, next: 'n', objects: [{}] }, headers: { 'X-TAXII-Date-Added-Last': date(7) } }
        : { json: {} },
    )
    const pages = await sweep(open(server))
    assert.deepEqual(pages.at(-1)?.cursor, { addedAfter: date(7) })
    const [resumed] = await sweep(open(server), { cursor: pages[0]?.cursor })
    assert.deepEqual(resumed?.cursor, { addedAfter: date(7) })
  })

  it('K14 begins the sweep again when the server has forgotten the stored next', async () => {
    await using server = await serve((seen) =>
      seen.query.get('next') === 'old'
        ? { status: 400, json: { title: 'next is unknown' } }
        : collectionOf(3, { next: true, header: true, pageSize: 2 })(seen),
    )
    const pages = await sweep(open(server), { cursor: { addedAfter: date(0), next: 'old', latestAdded: date(1) } })
    assert.deepEqual(idsOf(pages), [date(1), date(2)])
    assert.equal(pages[0]?.isRestart, true)
    const refusing = await serve(() => ({ status: 404, json: { title: 'no such collection' } }))
    await using _closing = refusing
    await assert.rejects(sweep(open(refusing), { cursor: { next: 'old' } }), failsWith('http-status', { status: 404 }))
  })

  it('K15 sends added_after with a fraction, and refuses what is no date', async () => {
    await using server = await serve(collectionOf(1, { next: true, header: true, pageSize: 2 }))
    for (const [given, sent] of [
      ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000000Z'],
      ['2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00.5Z'],
      ['2026-01-01T00:00:00.123456+00:00', '2026-01-01T00:00:00.123456Z'],
    ] as const) {
      await sweep(open(server), { addedAfter: given })
      assert.equal(server.seen.at(-1)?.query.get('added_after'), sent)
    }
    for (const addedAfter of ['yesterday', '2026-01-01', '2026-01-01T00:00:00+02:00']) {
      await assert.rejects(sweep(open(server), { addedAfter }), failsWith('bad-option'))
    }
    assert.equal(server.seen.length, 3)
  })

  it('K15 also when the Last header of the server has none', async () => {
    await using server = await serve((_seen, index) => ({
      json: { objects: [{}], more: index === 0 },
      headers: { 'X-TAXII-Date-Added-Last': `2026-01-01T00:00:0${index}Z` },
    }))
    const pages = await sweep(open(server))
    assert.equal(server.seen[1]?.query.get('added_after'), '2026-01-01T00:00:00.000000Z')
    assert.deepEqual(pages.at(-1)?.cursor, { addedAfter: '2026-01-01T00:00:01.000000Z' })
  })

  it('refuses options that say the opposite of what they mean', async () => {
    await using server = await serve(collectionOf(1, { next: true, header: true, pageSize: 2 }))
    const collection = open(server)
    for (const options of [
      { limit: 0 },
      { limit: 1.5 },
      { match: { ids: [] } },
      { match: { types: ['a,b'] } },
      { cursor: {}, addedAfter: date(0) },
      { budget: { pages: 0 } },
    ]) {
      await assert.rejects(sweep(collection, options), failsWith('bad-option'))
    }
    assert.equal(server.seen.length, 0)
  })

  it('prefetch asks one page ahead and no further', async () => {
    await using server = await serve(collectionOf(8, { next: true, header: true, pageSize: 2 }))
    const pages = open(server).objectsPages({ prefetch: true })
    await pages.next()
    while (server.seen.length < 2) await new Promise((resolve) => setImmediate(resolve))
    await sweep(open(server), { addedAfter: date(9) })
    assert.equal(server.seen.filter(({ query }) => query.get('added_after') === null).length, 2)
    await pages.return()
  })

  it('prefetch hands the page over before the failure of the next one', async () => {
    await using server = await serve((seen, index) =>
      index === 1 ? { status: 500 } : collectionOf(8, { next: true, header: true, pageSize: 2 })(seen),
    )
    const pages = open(server).objectsPages({ prefetch: true })
    assert.equal((await pages.next()).done, false)
    await assert.rejects(pages.next(), failsWith('http-status', { status: 500 }))
  })

  it('budgets end an endless walk by pages, bytes and seconds, after the last good page', async () => {
    const endless = (_seen: Seen, index: number): Reply => ({
      json: { more: true, next: `n${index}`, objects: [{ text: 'x'.repeat(1000) }] },
    })
    for (const [budget, code] of [
      [{ pages: 5 }, 'budget-pages'],
      [{ bytes: 5600 }, 'budget-bytes'],
      [{ seconds: 50 }, 'budget-seconds'],
    ] as const) {
      await using server = await serve(endless)
      const clock = testClock()
      let pages = 0
      const walk = async (): Promise<void> => {
        for await (const page of open(server, { clock }).objectsPages({ budget })) {
          assert.equal(page.objects.length, 1)
          pages += 1
          clock.move(10)
        }
      }
      await assert.rejects(walk(), failsWith(code))
      assert.equal(pages, 5)
    }
  })

  it('ends on the signal of the consumer', async () => {
    const leaving = new AbortController()
    await using server = await serve(() => () => leaving.abort())
    await assert.rejects(sweep(open(server), { signal: leaving.signal }), failsWith('aborted'))
  })
})
