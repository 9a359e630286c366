import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Clock } from '../../server/clock.ts'
import { clockThatStepsBack } from '../support/clock.ts'
import { scratch, TEST_DATABASE_URL } from '../support/database.ts'
import { checkChains } from '../support/ledger-check.ts'
import { type Polled, poll } from '../support/poll.ts'
import { openSite, prepareSite, startProcess } from '../support/serve-process.ts'
import { TAXII, testSite } from '../support/site.ts'
import { writers } from '../support/writers.ts'

const SEGMENT = 1000 // more than one is written, so that pollers go over a border while it is made

describe('eight writers and five pollers at once', () => {
  for (const [name, clock] of [
    ['the clock of the machine', undefined],
    ['a clock that steps back', clockThatStepsBack()],
  ] satisfies [string, Clock | undefined][]) {
    it(`loses nothing and gives nothing twice, with ${name}`, async () => {
      await using site = await testSite(clock ? { clock } : {})
      const { api_root, id } = await site.addCollection({ alias: 'region' })
      await site.addUser('poller', { read: ['region'], write: ['region'] })
      const headers = await site.addToken('poller')
      await race([site.url], `${api_root}collections/region/objects/`, headers)
      await checkChains(site.context, id)
    })
  }

  it(
    'loses nothing with two server processes on one database',
    {
      skip: TEST_DATABASE_URL ? false : 'the embedded database belongs to one process: set TEST_DATABASE_URL',
    },
    async () => {
      const place = await scratch()
      try {
        const site = await prepareSite(place)
        await using first = await startProcess(place)
        await using second = await startProcess(place)
        await race([first.url, second.url], site.objects, site.headers)
        await using core = await openSite(place)
        await checkChains(core.context, site.collectionId)
      } finally {
        await place.remove()
      }
    },
  )
})

async function race(urls: readonly string[], path: string, headers: Readonly<Record<string, string>>): Promise<void> {
  let isOver = false
  const pollers = urls.flatMap((url) =>
    (
      [
        { by: 'added_after', query: { 'match[version]': 'all' } },
        { by: 'next', query: { 'match[version]': 'all', limit: '7' } },
        { by: 'next', query: { 'match[version]': 'all' } },
        { by: 'added_after', query: {} },
        { by: 'next', query: {} },
      ] as const
    ).map(({ by, query }) => ({
      query,
      run: poll({ url: url + path, headers, by, query, isOver: () => isOver }),
    })),
  )
  const { written, newest } = await writers({ urls, path, headers: { ...headers, 'content-type': TAXII } })
  assert.ok(written.length > SEGMENT)
  isOver = true
  for (const { query, run } of pollers) {
    const polled = await run
    if ('match[version]' in query) mustHoldAll(polled, written)
    else mustEndWithNewest(polled, newest)
  }
  // and from the start, when everything is there
  for (const by of ['added_after', 'next'] as const) {
    for (const url of urls) {
      const whole = await poll({ url: url + path, headers, by, isOver: () => true })
      assert.equal(whole.objects.length, newest.size)
      mustEndWithNewest(whole, newest)
    }
  }
}

function mustHoldAll({ objects }: Polled, written: readonly string[]): void {
  const seen = objects.map(({ id, modified }) => `${id} ${modified}`)
  assert.equal(new Set(seen).size, seen.length, 'a version was given twice')
  assert.deepEqual(seen.toSorted(), written.toSorted())
}

function mustEndWithNewest({ objects }: Polled, newest: ReadonlyMap<string, string>): void {
  const held = new Map<string, string>()
  for (const { id, modified } of objects) {
    const before = held.get(id)
    if (before === undefined || modified > before) held.set(id, modified)
  }
  assert.deepEqual(held, newest)
}
