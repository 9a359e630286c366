import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Scratch, scratch, TEST_DATABASE_URL } from '../support/database.ts'
import { type FaultProxy, faultProxy } from '../support/fault-proxy.ts'
import { envelopeOf, indicators } from '../support/indicators.ts'
import { checkChains } from '../support/ledger-check.ts'
import { openSite, prepareSite, type PreparedSite, type ServeProcess, startProcess } from '../support/serve-process.ts'
import { TAXII } from '../support/site.ts'
import { until } from '../support/until.ts'

const STATEMENT_SECONDS = 2
const BACK_MILLIS = 5000
const skip = TEST_DATABASE_URL ? false : 'the embedded database has no connection to lose: set TEST_DATABASE_URL'

describe('a database that goes away', { skip }, () => {
  let place: Scratch
  let proxy: FaultProxy
  let site: PreparedSite
  let server: ServeProcess
  const known = indicators(3, { seed: 1 })
  const { id } = JSON.parse(known[0] ?? '') as { id: string }

  before(async () => {
    place = await scratch()
    site = await prepareSite(place)
    proxy = await faultProxy(place.url ?? '')
    server = await startProcess(place, { 'limits.database_statement_seconds': STATEMENT_SECONDS }, proxy.url)
    assert.equal((await post(known)).status, 202)
  })
  after(async () => {
    await server.kill()
    await proxy[Symbol.asyncDispose]()
    await place.remove()
    // now and then something without a socket keeps this process alive when its tests are over: it is ended then, long
    // after the results are written. A process that ends by itself never gets here.
    setTimeout(() => process.exit(), 5_000).unref()
  })

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(server.url + path, {
      ...init,
      headers: { ...site.headers, ...Object.fromEntries(new Headers(init.headers)) },
      signal: AbortSignal.timeout(30_000),
    })
  const post = (texts: readonly string[]) =>
    ask(site.objects, { method: 'POST', headers: { 'content-type': TAXII }, body: Buffer.from(envelopeOf(texts)) })
  const endpoints = () => {
    const { collection, objects } = site
    const reads = [
      '/taxii2/',
      '/region-root/',
      '/region-root/collections/',
      '/region-root/status/7c2f3a0e-1c1e-4d83-a1a7-5d1a9d0d5d01/',
      collection,
      objects,
      `${collection}manifest/`,
      `${objects}${id}/`,
      `${objects}${id}/versions/`,
      '/nowhere/',
    ]
    return [
      ...reads.map((path) => () => ask(path)),
      () => post(indicators(1, { seed: 2 })),
      () => ask(`${objects}${id}/`, { method: 'DELETE' }),
    ]
  }
  const isPutOff = async (response: Response) => {
    const body = (await response.json()) as Record<string, unknown>
    assert.equal(response.status, 503, JSON.stringify(body))
    assert.ok(Number(response.headers.get('retry-after')) > 0)
    assert.equal(response.headers.get('content-type'), TAXII)
    assert.equal(body['http_status'], '503')
    assert.ok(typeof body['title'] === 'string')
  }
  const isAlive = async () => assert.equal((await ask('/healthz')).status, 200)
  const isBack = async () => {
    await until(async () => (await ask(site.objects)).status === 200, BACK_MILLIS)
    assert.equal((await ask('/readyz')).status, 200)
    assert.equal((await ask(`${site.objects}${id}/`)).status, 200)
  }
  const isThere = async (text: string) => {
    const { id: wanted } = JSON.parse(text) as { id: string }
    return (await ask(`${site.objects}${wanted}/`)).status === 200
  }

  it('gives 503 with Retry-After on every endpoint, and all is normal within seconds of its return', async () => {
    await proxy.refuse()
    for (const endpoint of endpoints()) {
      const start = performance.now()
      await isPutOff(await endpoint())
      assert.ok(performance.now() - start < 5000)
    }
    await isAlive()
    const ready = await ask('/readyz')
    assert.deepEqual([ready.status, ready.headers.get('retry-after')], [503, '5'])
    await proxy.resume()
    await isBack()
    assert.equal(await isThere(known[0] ?? ''), true)
  })

  it('whose connections are cut is asked again, at most one answer later', async () => {
    proxy.cut()
    await ask(site.objects) // may be the one that finds out
    await isBack()
    await isAlive()
  })

  // the statements of one ingest, in their order; the text of each goes over the wire
  for (const moment of [
    'insert into object',
    'from collection_clock',
    'insert into release',
    'into "status"',
    'audit_head',
    'commit',
  ]) {
    it(`that is cut at "${moment}" of a post leaves all of it or nothing, and the same post again succeeds`, async () => {
      const texts = indicators(5, { seed: 100 + moment.length })
      let wasCut = false
      proxy.onRequest = (chunk) => {
        if (wasCut || !chunk.toString('latin1').includes(moment)) return
        wasCut = true
        proxy.cut()
      }
      await isPutOff(await post(texts))
      proxy.onRequest = undefined
      assert.ok(wasCut, 'the statement was never sent: the test shows nothing')
      await isBack()
      const there = await Promise.all(texts.map(isThere))
      assert.equal(new Set(there).size, 1, `there: ${there.join()}`)
      if (moment !== 'commit') assert.equal(there[0], false)
      const again = await post(texts)
      const status = (await again.json()) as Record<string, unknown>
      assert.deepEqual([again.status, status['success_count']], [202, texts.length])
      assert.deepEqual(
        await Promise.all(texts.map(isThere)),
        texts.map(() => true),
      )
    })
  }

  it('that answers no more gives 503 in bounded time, and requests do not pile up', async () => {
    const before = await server.memory()
    proxy.stall()
    const start = performance.now()
    await isAlive()
    const waiting = Array.from({ length: 20 }, () => endpoints().map((endpoint) => endpoint()))
    for (const response of await Promise.all(waiting.flat())) await isPutOff(response)
    const tookSeconds = (performance.now() - start) / 1000
    assert.ok(tookSeconds < 25, `${tookSeconds} s`)
    await isAlive()
    assert.equal((await ask('/readyz')).status, 503)
    assert.ok(proxy.connections() <= 20, `${proxy.connections()} connections`)
    assert.ok((await server.memory()) - before < 200 * 1024 ** 2)
    await proxy.resume()
    await isBack()
  })

  it('that is locked by another gives 503 to the writer, and goes on serving readers', async () => {
    await using core = await openSite(place)
    await core.context.database.transaction(async (trx) => {
      await trx.selectFrom('collection_clock').selectAll().forUpdate().execute()
      await isPutOff(await post(indicators(1, { seed: 300 })))
      assert.equal((await ask(site.objects)).status, 200)
    })
    assert.equal((await post(indicators(1, { seed: 300 }))).status, 202)
  })

  it('has right chains after all of this', async () => {
    await using core = await openSite(place)
    await checkChains(core.context, site.collectionId)
  })
})
