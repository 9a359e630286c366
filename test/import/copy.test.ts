import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import { type CopyOptions, copyCollection } from '../../server/intel/copy-collection.ts'
import { indicators } from '../support/indicators.ts'
import { PASSWORD, TAXII, testSite } from '../support/site.ts'
import { clientOf, pollAll, type StixLike } from './support/client.ts'
import { importBytes, targetOf } from './support/intake.ts'

const there = await testSite({ settings: { 'taxii.page_size': 100 } })
const here = await testSite()
after(() => Promise.all([there.close(), here.close()]))

const source = await there.addCollection({ alias: 'source' })
await there.addUser('copier', { read: ['source'] })
const credentials = { kind: 'basic', username: 'copier', password: PASSWORD } as const
const url = `${there.url}${source.api_root}collections/${source.id}/`
const texts = indicators(1000, { seed: 5 })
const newer = texts.slice(0, 50).map((text) => text.replace(/"modified":"2026/, '"modified":"2027'))
await importBytes(there, 'source', [...texts, ...newer].join('\n'))

async function copy(alias: string, options: Partial<CopyOptions> = {}) {
  return await copyCollection(here.context, {
    ...(await targetOf(here, alias)),
    from: { url, credentials },
    ...options,
  })
}

async function add(alias: string) {
  const made = await here.addCollection({ alias })
  await here.addUser(`${alias}-reader`, { read: [alias] })
  return async () => {
    using client = clientOf(here, made, `${alias}-reader`)
    return await pollAll(client.collection, 'all')
  }
}

async function allThere(): Promise<readonly StixLike[]> {
  using client = clientOf(there, source, 'copier')
  return await pollAll(client.collection, 'all')
}

describe('a copy', () => {
  it('has every version, and the next one brings what was added since', async () => {
    const poll = await add('whole')
    const first = await copy('whole')
    assert.deepEqual([first.added, first.known, first.refused, first.problem], [1050, 0, 0, undefined])
    assert.equal(first.isContinued, false)
    assert.deepEqual(await poll(), await allThere())
    await importBytes(there, 'source', indicators(30, { seed: 6 }).join('\n'))
    const second = await copy('whole')
    assert.deepEqual([second.added, second.known, second.isContinued], [30, 0, true])
    assert.deepEqual(await poll(), await allThere())
  })

  it('that is broken off goes on where it stopped: nothing is lost, nothing comes twice', async () => {
    const poll = await add('cut')
    const stop = new AbortController()
    const broken = copy('cut', {
      signal: stop.signal,
      onProgress: ({ added }) => (added >= 300 ? stop.abort(new Error('the power went')) : undefined),
    })
    await assert.rejects(broken, /the power went/)
    const kept = (await poll()).length
    assert.ok(kept >= 300 && kept < 1050)
    const report = await copy('cut')
    assert.equal(report.isContinued, true)
    assert.deepEqual([report.added, report.known], [1080 - kept, 0])
    assert.deepEqual(await poll(), await allThere())
  })

  it('rehearsed counts the same and changes nothing', async () => {
    const poll = await add('rehearsed')
    const dry = await copy('rehearsed', { dryRun: true })
    assert.deepEqual([dry.added, dry.known, dry.refused, dry.dryRun], [1080, 0, 0, true])
    assert.deepEqual(await poll(), [])
    const other = (texts[0] ?? '').replace('"confidence":', '"lang":"en","confidence":')
    const spelt = JSON.stringify(JSON.parse(texts[2] ?? ''), undefined, 1)
    await importBytes(here, 'rehearsed', [other, texts[1], spelt].join('\n'))
    const again = await copy('rehearsed', { dryRun: true })
    assert.deepEqual([again.added, again.known, again.refused], [1077, 2, 1])
    assert.deepEqual(again.refusedByRule, { conflict: 1 })
    const { dryRun, ...counts } = again
    const { dryRun: wet, ...real } = await copy('rehearsed')
    assert.deepEqual([dryRun, wet], [true, false])
    assert.deepEqual(real.types, counts.types)
  })

  it('of the latest versions only', async () => {
    await add('latest')
    assert.equal((await copy('latest', { latestOnly: true })).added, 1030)
  })

  it('stays within its budget, and goes on from there', async () => {
    await add('budget')
    const first = await copy('budget', { budget: { pages: 3 } })
    assert.equal(first.problem?.code, 'budget-pages')
    assert.equal(first.added, 300)
    const second = await copy('budget')
    assert.deepEqual([second.added, second.known, second.problem], [780, 0, undefined])
  })
})

describe('where from', () => {
  it('an API root with one readable collection, or with a name', async () => {
    await add('root')
    const root = `${there.url}${source.api_root}`
    assert.equal((await copy('root', { from: { url: root, credentials }, dryRun: true })).added, 1080)
    for (const collection of ['source', source.id]) {
      const from = { url: root, credentials, collection }
      assert.equal((await copy('root', { from, dryRun: true })).added, 1080)
    }
    await assert.rejects(copy('root', { from: { url: root, credentials, collection: 'other' } }), {
      code: 'which_collection',
      message: /source \(source\)/,
    })
  })

  it('wrong credentials, and credentials in the URL, end with the reason', async () => {
    await add('denied')
    const report = await copy('denied', { from: { url, credentials: { ...credentials, password: 'wrong' } } })
    assert.equal(report.problem?.code, 'http-status')
    const inUrl = url.replace('//', '//copier:secret@')
    await assert.rejects(copy('denied', { from: { url: inUrl } }), { code: 'credentials_in_url' })
    await assert.rejects(copy('denied', { from: { url: 'ftp://x.example/' } }), { code: 'bad_url' })
  })

  it('a server that promises more and gives nothing new ends the copy', async () => {
    const poll = await add('stuck')
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': TAXII, 'x-taxii-date-added-last': '2026-01-01T00:00:00.000000Z' })
      response.end(`{"more":true,"next":"same","objects":[${texts[0] ?? ''},{"type":"x"}]}`)
    }).listen(0, '127.0.0.1')
    try {
      await new Promise((resolve) => server.once('listening', resolve))
      const { port } = server.address() as AddressInfo
      const from = { url: `http://127.0.0.1:${port}/root/collections/x/` }
      const report = await copy('stuck', { from })
      assert.equal(report.problem?.code, 'no-progress')
      assert.equal(report.added, 1)
      assert.equal((await poll()).length, 1)
      assert.ok(report.refused >= 1)
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })
})
