import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TAXII_MEDIA_TYPE } from '../src/index.ts'
import { collect } from './support/collect.ts'
import { clientOf, failsWith, serve } from './support/server.ts'
import type { Reply, Seen } from './support/server.ts'

const COLLECTION = {
  id: '91a7b528-80eb-42ed-a74d-c6fbd5a26116',
  title: 'Indicators',
  description: 'd',
  alias: 'indicators',
  can_read: true,
  can_write: false,
  media_types: ['application/stix+json;version=2.1'],
}

const ROOT = { title: 'Root', description: 'd', versions: [TAXII_MEDIA_TYPE], max_content_length: 1000 }

const answers = (table: Readonly<Record<string, unknown>>): ((seen: Seen) => Reply) => {
  return ({ path }) => (path in table ? { json: table[path] } : { status: 404, json: { title: `no ${path}` } })
}

describe('resources', () => {
  it('K04 reads every property of discovery, root, collection, status, manifest and versions, and ignores others', async () => {
    const status = {
      id: 's',
      status: 'complete',
      request_timestamp: '2026-01-01T00:00:00.000000Z',
      total_count: 3,
      success_count: 1,
      successes: [{ id: 'a', version: 'v', message: 'm' }],
      failure_count: 1,
      failures: [{ id: 'b', version: 'v', message: 'm' }],
      pending_count: 1,
      pendings: [{ id: 'c', version: 'v', message: 'm' }],
    }
    const discovery = { title: 't', description: 'd', contact: 'c', default: '/root/', api_roots: ['/root/'] }
    const record = { id: 'x', date_added: 'da', version: 'v', media_type: 'm' }
    const extra = { x_custom: { deep: [1] } }
    const base = '/root/collections/indicators/'
    await using server = await serve(
      answers({
        '/taxii2/': { ...discovery, ...extra },
        '/root/': { ...ROOT, ...extra },
        '/root/collections/': { collections: [{ ...COLLECTION, ...extra }] },
        [base]: { ...COLLECTION, ...extra },
        '/root/status/s/': { ...status, ...extra },
        [`${base}manifest/`]: { objects: [{ ...record, ...extra }], ...extra },
        [`${base}objects/x/`]: { objects: [{ id: 'x', any: null }] },
        [`${base}objects/x/versions/`]: { versions: ['v1', 'v2'], ...extra },
      }),
    )
    using client = clientOf(server)
    const url = `${server.origin}/root/`
    assert.deepEqual(await client.discovery(), { ...discovery, default: url, api_roots: [url], problems: [] })
    const root = client.apiRoot(url)
    assert.deepEqual(await root.read(), ROOT)
    assert.deepEqual(await root.collections(), { entries: [COLLECTION], problems: [] })
    assert.deepEqual(await root.status('s'), status)
    const collection = root.collection('indicators')
    assert.deepEqual(await collection.read(), COLLECTION)
    const [manifest] = await collect(collection.manifestPages())
    assert.deepEqual(manifest?.records, [record])
    assert.deepEqual(await collection.object('x'), [{ id: 'x', any: null }])
    const [versions] = await collect(collection.versionsPages('x'))
    assert.deepEqual(versions?.versions, ['v1', 'v2'])
  })

  it('K04 takes absent optional properties and absent lists', async () => {
    await using server = await serve(
      answers({
        '/taxii2/': { title: 't' },
        '/root/collections/': {},
        '/root/collections/c/': { id: 'c', title: 't', can_read: true, can_write: true },
      }),
    )
    using client = clientOf(server)
    assert.deepEqual((await client.discovery()).api_roots, [])
    assert.deepEqual(await client.apiRoot('/root/').collections(), { entries: [], problems: [] })
    assert.deepEqual((await client.apiRoot('/root/').collection('c').read()).media_types, [])
  })

  it('K04 checks known properties and names the pointer, not the value', async () => {
    const cases: readonly (readonly [unknown, string])[] = [
      [[], ''],
      [{ ...ROOT, title: 7 }, '/title'],
      [{ ...ROOT, versions: 'x' }, '/versions'],
      [{ ...ROOT, versions: ['x', null] }, '/versions/1'],
      [{ ...ROOT, max_content_length: 0 }, '/max_content_length'],
      [{ ...ROOT, max_content_length: '1000' }, '/max_content_length'],
      [{ ...ROOT, max_content_length: 1.5 }, '/max_content_length'],
    ]
    await using server = await serve((_seen, index) => ({ json: cases[index]?.[0] }))
    using client = clientOf(server)
    for (const [, pointer] of cases)
      await assert.rejects(client.apiRoot('/root/').read(), failsWith('bad-resource', { pointer }))
  })

  it('K04 one bad entry refuses no neighbour', async () => {
    await using server = await serve(
      answers({
        '/root/collections/': { collections: [COLLECTION, { id: 'b' }, 'c', { ...COLLECTION, id: 'd' }] },
        '/root/collections/c/manifest/': { objects: [{ id: 'x', date_added: 'd', version: 'v' }, { id: 'y' }] },
      }),
    )
    using client = clientOf(server)
    const { entries, problems } = await client.apiRoot('/root/').collections()
    assert.deepEqual(
      entries.map(({ id }) => id),
      [COLLECTION.id, 'd'],
    )
    assert.deepEqual(
      problems.map(({ pointer }) => pointer),
      ['/collections/1/title', '/collections/2'],
    )
    const [page] = await collect(client.apiRoot('/root/').collection('c').manifestPages())
    assert.deepEqual([page?.records.length, page?.problems[0]?.pointer], [1, '/objects/1/date_added'])
  })

  it('K10 resolves relative API roots and leaves out what is none', async () => {
    const roots = [
      '/one/',
      '/two',
      'https://Other.example:8443/three/?x=1',
      '//evil.example/',
      'ftp://x/',
      'https://a:b@c/',
      7,
    ]
    await using server = await serve(() => ({ json: { title: 't', default: '/one/', api_roots: roots } }))
    using client = clientOf(server)
    const { api_roots: found, default: fallback, problems } = await client.discovery()
    const { origin } = server
    assert.deepEqual(found, [`${origin}/one/`, `${origin}/two/`, 'https://other.example:8443/three/'])
    assert.equal(fallback, `${origin}/one/`)
    assert.deepEqual(
      problems.map(({ pointer }) => pointer),
      ['/api_roots/3', '/api_roots/4', '/api_roots/5', '/api_roots/6'],
    )
  })

  it('K10 asks below the root that was given, with the trailing slash', async () => {
    await using server = await serve(() => ({ json: ROOT }))
    using client = clientOf(server, { url: `${server.origin}/deep/taxii2` })
    await client.apiRoot('/root').read()
    await client.apiRoot('below/').read()
    await client.discovery()
    assert.deepEqual(
      server.seen.map(({ path }) => path),
      ['/root/', '/deep/taxii2/below/', '/deep/taxii2/'],
    )
  })

  it('finds a collection by alias in the list, and uses an alias in the URL', async () => {
    await using server = await serve(
      answers({ '/root/collections/': { collections: [COLLECTION] }, '/root/collections/indicators/': COLLECTION }),
    )
    using client = clientOf(server)
    const root = client.apiRoot('/root/')
    assert.equal((await root.findCollection('indicators')).id, COLLECTION.id)
    assert.equal((await root.findCollection(COLLECTION.id)).id, COLLECTION.id)
    assert.equal((await root.collection('indicators').read()).id, COLLECTION.id)
    await assert.rejects(root.findCollection('none'), failsWith('bad-option'))
  })

  it('an id cannot leave its place in the URL', async () => {
    await using server = await serve(() => ({ json: {} }))
    using client = clientOf(server)
    const root = client.apiRoot('/root/')
    assert.throws(() => root.collection('..'), failsWith('bad-option'))
    assert.throws(() => root.collection(''), failsWith('bad-option'))
    await root.collection('a/../b?c#d').object('x/y')
    assert.equal(server.seen[0]?.path, '/root/collections/a%2F..%2Fb%3Fc%23d/objects/x%2Fy/')
  })

  it('deletes an object with its filter, and takes an empty answer', async () => {
    await using server = await serve(() => ({ status: 200, bytes: Buffer.alloc(0), headers: { 'Content-Type': '' } }))
    using client = clientOf(server)
    await client
      .apiRoot('/root/')
      .collection('c')
      .deleteObject('x', { versions: ['all'] })
    const [request] = server.seen
    assert.equal(request?.method, 'DELETE')
    assert.equal(request?.path, '/root/collections/c/objects/x/')
    assert.equal(request?.query.get('match[version]'), 'all')
  })
})
