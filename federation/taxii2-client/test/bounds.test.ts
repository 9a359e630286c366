import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { DISCOVERY, clientOf, failsWith, serve } from './support/server.ts'

const GZIP = { 'Content-Encoding': 'gzip' }

describe('bounds', () => {
  it('asks for gzip and inflates it', async () => {
    await using server = await serve(() => ({ bytes: gzipSync(JSON.stringify(DISCOVERY)), headers: GZIP }))
    using client = clientOf(server)
    assert.equal((await client.discovery()).title, 'Test server')
    assert.equal(server.seen[0]?.headers['accept-encoding'], 'gzip')
  })

  it('a gzip bomb ends at the bound, not in memory', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20), { level: 1 })
    assert(bomb.length < 2_000_000)
    await using server = await serve(() => ({ bytes: bomb, headers: GZIP }))
    using client = clientOf(server, { maxResponseBytes: 4_000_000 })
    const before = process.memoryUsage().arrayBuffers
    await assert.rejects(client.discovery(), failsWith('response-too-large', { retryable: false }))
    assert(process.memoryUsage().arrayBuffers - before < 50_000_000)
  })

  it('a gzip bomb in a page ends the walk by its bytes', async () => {
    const bomb = gzipSync(JSON.stringify({ objects: [{ text: ' '.repeat(5_000_000) }] }))
    await using server = await serve(() => ({ bytes: bomb, headers: GZIP }))
    using client = clientOf(server)
    const pages = client
      .apiRoot('/root/')
      .collection('c')
      .objectsPages({ budget: { bytes: 1_000_000 } })
    await assert.rejects(pages.next(), failsWith('budget-bytes'))
  })

  it('refuses broken gzip and encodings that were not asked for', async () => {
    const replies = [
      { bytes: Buffer.from('no gzip'), headers: GZIP },
      { bytes: gzipSync('{"title":"t"}').subarray(0, 20), headers: GZIP },
      { bytes: Buffer.from('x'), headers: { 'Content-Encoding': 'br' } },
      { bytes: Buffer.from('x'), headers: { 'Content-Encoding': 'gzip, gzip' } },
    ]
    await using server = await serve((_seen, index) => replies[index] ?? {})
    using client = clientOf(server)
    for (const _reply of replies) await assert.rejects(client.discovery(), failsWith('content-encoding'))
  })

  it('refuses a body that is declared too long before it comes, and one that grows too long', async () => {
    await using declared = await serve(() => (response) => {
      response.writeHead(200, { 'Content-Type': 'application/taxii+json', 'Content-Length': '5000000000' })
      response.flushHeaders()
    })
    using client = clientOf(declared, { maxResponseBytes: 1000 })
    await assert.rejects(client.discovery(), failsWith('response-too-large'))
    await using growing = await serve(() => (response) => {
      response.writeHead(200, { 'Content-Type': 'application/taxii+json' })
      const feed = (): void => {
        if (!response.destroyed) response.write('x'.repeat(500), feed)
      }
      feed()
    })
    using other = clientOf(growing, { maxResponseBytes: 10_000 })
    await assert.rejects(other.discovery(), failsWith('response-too-large'))
  })

  it('a server that says nothing, and one that drips, end at the deadline', async () => {
    const options = { requestSeconds: 0.15, retry: { maxAttempts: 1 } }
    await using silent = await serve(() => () => undefined)
    using client = clientOf(silent, options)
    await assert.rejects(client.discovery(), failsWith('timeout', { retryable: true }))
    await using dripping = await serve(() => (response) => {
      response.writeHead(200, { 'Content-Type': 'application/taxii+json' })
      const timer = setInterval(() => response.write(' '), 5)
      response.on('close', () => clearInterval(timer))
    })
    using other = clientOf(dripping, options)
    await assert.rejects(other.discovery(), failsWith('timeout'))
  })

  it('the seconds of a walk bound its running request', async () => {
    await using silent = await serve(() => () => undefined)
    using client = clientOf(silent)
    const pages = client
      .apiRoot('/root/')
      .collection('c')
      .objectsPages({ budget: { seconds: 0.1 } })
    await assert.rejects(pages.next(), failsWith('budget-seconds'))
    assert.equal(silent.seen.length, 1)
  })

  it('an answer that breaks off is a network error', async () => {
    await using server = await serve(() => (response) => {
      response.writeHead(200, { 'Content-Type': 'application/taxii+json', 'Content-Length': '100' })
      response.write('{"title"', () => response.destroy())
    })
    using client = clientOf(server, { retry: { maxAttempts: 1 } })
    await assert.rejects(client.discovery(), failsWith('network', { retryable: true }))
  })
})
