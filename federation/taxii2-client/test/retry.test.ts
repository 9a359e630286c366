import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { DEFAULT_RETRY, Taxii2Client, readRetryAfter, retryDelaySeconds } from '../src/index.ts'
import { DISCOVERY, clientOf, failsWith, serve, testClock } from './support/server.ts'

const NOW = Date.UTC(2026, 0, 1)

describe('retry', () => {
  it('K13 waits as long as Retry-After says, in seconds and as a date', async () => {
    const replies = [
      { status: 429, headers: { 'Retry-After': '7' } },
      { status: 503, headers: { 'Retry-After': new Date(NOW + 20_000).toUTCString() } },
      { status: 503 },
      { json: DISCOVERY },
    ]
    await using server = await serve((_seen, index) => replies[index] ?? {})
    const clock = testClock(NOW)
    using client = clientOf(server, { clock })
    await client.discovery()
    // The date is 13 s away, because the first wait took 7; the third wait is the back-off alone.
    assert.deepEqual(clock.slept, [7, 13, 1])
  })

  it('K13 gives up after some tries and says when to come back', async () => {
    await using server = await serve(() => ({
      status: 429,
      headers: { 'Retry-After': '3' },
      json: { title: 'slow down' },
    }))
    const clock = testClock()
    using client = clientOf(server, { clock, retry: { maxAttempts: 3 } })
    await assert.rejects(
      client.discovery(),
      failsWith('http-status', { status: 429, retryable: true, retryAfterSeconds: 3, title: 'slow down' }),
    )
    assert.deepEqual(clock.slept, [3, 3])
    assert.equal(server.seen.length, 3)
  })

  it('K13 does not begin a wait that it cannot end', async () => {
    await using server = await serve(() => ({ status: 429, headers: { 'Retry-After': '600' } }))
    const clock = testClock()
    using client = clientOf(server, { clock })
    await assert.rejects(client.discovery(), failsWith('http-status', { retryAfterSeconds: 600 }))
    assert.deepEqual(clock.slept, [])
  })

  it('K13 does not begin a wait that the walk cannot end', async () => {
    await using server = await serve(() => ({ status: 429, headers: { 'Retry-After': '100' } }))
    const clock = testClock()
    using client = clientOf(server, { clock })
    const collection = client.apiRoot('/root/').collection('c')
    const pages = collection.objectsPages({ budget: { seconds: 60 } })
    await assert.rejects(pages.next(), failsWith('http-status', { status: 429, retryAfterSeconds: 100 }))
    assert.deepEqual(clock.slept, [])
  })

  it('K13 repeats after network errors, with back-off', async () => {
    await using server = await serve((_seen, index) =>
      index < 2 ? (response): void => void response.destroy() : { json: DISCOVERY },
    )
    const clock = testClock()
    using client = clientOf(server, { clock })
    assert.equal((await client.discovery()).title, 'Test server')
    assert.deepEqual(clock.slept, [0.25, 0.5])
    const nobody = testClock()
    using lost = new Taxii2Client({ url: 'http://127.0.0.1:1/', allowHttp: true, clock: nobody, random: () => 0 })
    await assert.rejects(lost.discovery(), failsWith('network', { retryable: true }))
    assert.deepEqual(nobody.slept, [0.25, 0.5, 1, 2])
  })

  it('K13 does not repeat what cannot get better', async () => {
    for (const status of [400, 401, 403, 404, 406, 500]) {
      await using server = await serve(() => ({ status }))
      using client = clientOf(server)
      await assert.rejects(client.discovery(), failsWith('http-status', { status, retryable: false }))
      assert.equal(server.seen.length, 1)
    }
  })

  it('K13 repeats a POST only when the server says that it did not take it', async () => {
    const status = { id: 's', status: 'complete', total_count: 0, success_count: 0, failure_count: 0, pending_count: 0 }
    await using busy = await serve((_seen, index) => (index === 0 ? { status: 503 } : { json: status }))
    using client = clientOf(busy)
    await client.apiRoot('/root/').collection('c').addEnvelope(Buffer.from('{}'))
    assert.equal(busy.seen.length, 2)
    await using broken = await serve(() => (response) => void response.destroy())
    using other = clientOf(broken)
    const sending = other.apiRoot('/root/').collection('c').addEnvelope(Buffer.from('{}'))
    await assert.rejects(sending, failsWith('network', { retryable: true }))
    assert.equal(broken.seen.length, 1)
  })

  it('K13 the wait is never shorter than Retry-After, never too long, and ends', () => {
    const failure = fc.record({
      attempt: fc.integer({ min: 1, max: 20 }),
      elapsedSeconds: fc.double({ min: 0, max: 400, noNaN: true }),
      retryAfterSeconds: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    })
    fc.assert(
      fc.property(failure, (one) => {
        const delay = retryDelaySeconds(one, DEFAULT_RETRY)
        if (one.attempt >= DEFAULT_RETRY.maxAttempts) assert.equal(delay, undefined)
        if (delay === undefined) return
        assert(delay >= (one.retryAfterSeconds ?? 0))
        assert(one.elapsedSeconds + delay <= DEFAULT_RETRY.maxElapsedSeconds)
        if (one.retryAfterSeconds === undefined) assert(delay <= DEFAULT_RETRY.maxDelaySeconds)
      }),
    )
  })

  it('K13 reads Retry-After and nothing that merely looks like it', () => {
    assert.equal(readRetryAfter('120', NOW), 120)
    assert.equal(readRetryAfter(' 0 ', NOW), 0)
    assert.equal(readRetryAfter('Thu, 01 Jan 2026 00:01:00 GMT', NOW), 60)
    assert.equal(readRetryAfter('Wed, 31 Dec 2025 00:00:00 GMT', NOW), 0)
    for (const value of [undefined, '', '-5', '1.5', 'soon', '1e9', '99999999999999', '2026-01-01']) {
      assert.equal(readRetryAfter(value, NOW), undefined, value)
    }
  })
})
