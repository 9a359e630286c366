import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import fc from 'fast-check'
import { envelopeOf } from '../support/indicators.ts'
import { TAXII, testSite } from '../support/site.ts'

const TYPES = ['identity', 'x-thing', 'x-other', ...Array.from({ length: 10 }, (_, index) => `x-rare-${index}`)]
const OBJECTS = 24
const VERSIONS = [
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00.100Z',
  '2026-06-01T00:00:00.123456789Z',
  '2027-01-01T00:00:00.0Z',
]

/** A release of the naive view: a list that is filtered from end to end. */
interface Release {
  readonly id: string
  readonly type: string
  readonly modified: string
  date: string
}

const site = await testSite()
after(() => site.close())
const { api_root } = await site.addCollection({ alias: 'region' })
await site.addUser('poller', { read: ['region'], write: ['region'] })
const headers = await site.addToken('poller')
const collection = `${site.url}${api_root}collections/region/`
const view: Release[] = await fill()

async function fill(): Promise<Release[]> {
  // all versions of all objects, in an order that is none: the newest may come first
  const all = Array.from({ length: OBJECTS }, (_, index) => index).flatMap((index) =>
    VERSIONS.slice(0, 1 + (index % VERSIONS.length)).map((modified, version) => ({ index, modified, version })),
  )
  const mixed = all.toSorted((a, b) => ((a.index * 7 + a.version * 13) % 31) - ((b.index * 7 + b.version * 13) % 31))
  const releases: Release[] = []
  for (const { index, modified } of mixed) {
    const type = TYPES[index % TYPES.length] ?? ''
    const id = `${type}--0f7a1e7e-0001-4b6e-8f6e-${String(index).padStart(12, '0')}`
    const object = { type, spec_version: '2.1', id, created: VERSIONS[0], modified, name: `n${index}` }
    const body = envelopeOf([JSON.stringify(object)])
    const response = await fetch(`${collection}objects/`, {
      method: 'POST',
      headers: { ...headers, 'content-type': TAXII },
      body,
    })
    const status = (await response.json()) as { success_count: number }
    assert.equal(status.success_count, 1, JSON.stringify(status))
    releases.push({ id, type, modified, date: '' })
  }
  const gone = releases.find(({ id }) => releases.filter((release) => release.id === id).length === 4)?.id ?? ''
  // the newest of one object and the whole of another leave the view again
  const newest = `${collection}objects/${gone}/?match[version]=last`
  assert.equal((await fetch(newest, { method: 'DELETE', headers })).status, 200)
  const single = releases.find(({ id }) => releases.filter((release) => release.id === id).length === 1)?.id ?? ''
  assert.equal((await fetch(`${collection}objects/${single}/`, { method: 'DELETE', headers })).status, 200)
  const left = releases.filter(({ id, modified }) => id !== single && !(id === gone && modified === VERSIONS[3]))
  const manifest = await fetch(`${collection}manifest/?match[version]=all`, { headers })
  const { objects } = (await manifest.json()) as { objects: { id: string; version: string; date_added: string }[] }
  assert.deepEqual(
    objects.map(({ id, version }) => [id, version]),
    left.map(({ id, modified }) => [id, modified]),
  )
  for (const [index, { date_added }] of objects.entries()) {
    const release = left[index]
    assert.ok(release)
    release.date = date_added
  }
  return left
}

interface Query {
  readonly ids: readonly string[] | undefined
  readonly types: readonly string[] | undefined
  readonly versions: readonly string[] | undefined
  readonly after: number | undefined
  readonly limit: number
}

const ids = [
  ...new Set(view.map(({ id }) => id)),
  'identity--0f7a1e7e-0001-4b6e-8f6e-999999999999',
  'x"y\\z{}',
  "o'hara",
]
const versions = fc.oneof(
  fc.constant(['all']),
  fc.uniqueArray(fc.constantFrom('first', 'last', ...VERSIONS.map((text) => text.replace('.100Z', '.1Z'))), {
    minLength: 1,
  }),
)
const queries: fc.Arbitrary<Query> = fc.record({
  ids: fc.option(fc.array(fc.constantFrom(...ids), { minLength: 1, maxLength: 6 }), { nil: undefined }),
  types: fc.option(fc.array(fc.constantFrom(...TYPES, 'nothing'), { minLength: 1, maxLength: 12 }), { nil: undefined }),
  versions: fc.option(versions, { nil: undefined }),
  after: fc.option(fc.nat({ max: view.length - 1 }), { nil: undefined }),
  limit: fc.integer({ min: 1, max: 70 }),
})

it('every query gives what a plain filter over the view gives, page by page, on objects and manifest', async () => {
  await fc.assert(
    fc.asyncProperty(queries, async (query) => {
      const expected = naive(query).map(({ id, modified }) => `${id} ${modified}`)
      for (const endpoint of ['objects', 'manifest'] as const) {
        assert.deepEqual(await pages(query, endpoint), expected, `${endpoint} ${JSON.stringify(query)}`)
      }
    }),
    { numRuns: 150 },
  )
})

function naive({ ids: wanted, types, versions: named, after: place }: Query): readonly Release[] {
  const since = place === undefined ? '' : (view[place]?.date ?? '')
  return view.filter((release) => {
    const all = view.filter(({ id }) => id === release.id).map(({ modified }) => normal(modified))
    const version = normal(release.modified)
    const isWanted = (named ?? ['last']).some((name) => {
      if (name === 'all') return true
      if (name === 'first') return all.every((other) => version <= other)
      if (name === 'last') return all.every((other) => version >= other)
      return normal(name) === version
    })
    return (
      isWanted &&
      release.date > since &&
      (wanted === undefined || wanted.includes(release.id)) &&
      (types === undefined || types.includes(release.type))
    )
  })
}

/** Times of one length compare as text. */
function normal(timestamp: string): string {
  const [seconds = '', fraction = ''] = timestamp.slice(0, -1).split('.')
  return `${seconds}.${fraction.padEnd(12, '0')}`
}

async function pages(query: Query, endpoint: 'objects' | 'manifest'): Promise<readonly string[]> {
  const parameters = new URLSearchParams({ limit: String(query.limit) })
  if (query.ids) parameters.set('match[id]', query.ids.join())
  if (query.types) parameters.set('match[type]', query.types.join())
  if (query.versions) parameters.set('match[version]', query.versions.join())
  if (query.after !== undefined) parameters.set('added_after', view[query.after]?.date ?? '')
  const found: string[] = []
  for (;;) {
    const response = await fetch(`${collection}${endpoint}/?${parameters.toString()}`, { headers })
    const body = (await response.json()) as {
      objects?: { id: string; modified: string; version: string }[]
      more?: boolean
      next?: string
    }
    assert.equal(response.status, 200, JSON.stringify(body))
    const objects = body.objects ?? []
    assert.ok(objects.length <= query.limit)
    found.push(...objects.map(({ id, modified, version }) => `${id} ${endpoint === 'objects' ? modified : version}`))
    if (!body.more) return found
    assert.equal(objects.length, query.limit, 'a page that says "more" is full')
    parameters.set('next', body.next ?? '')
  }
}
