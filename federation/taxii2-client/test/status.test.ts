import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { collect } from './support/collect.ts'
import { clientOf, failsWith, serve, testClock } from './support/server.ts'

const status = (pending: number): unknown => ({
  id: 's',
  status: pending === 0 ? 'complete' : 'pending',
  total_count: 5,
  success_count: 5 - pending,
  failure_count: 0,
  pending_count: pending,
})

describe('status', () => {
  it('K08 asks with longer and longer waits and stops at complete', async () => {
    await using server = await serve(({ method }, index) => ({
      status: method === 'POST' ? 202 : 200,
      json: status(6 - index - 1),
    }))
    const clock = testClock()
    using client = clientOf(server, { clock })
    const root = client.apiRoot('/root/')
    const first = await root.collection('c').addEnvelope(Buffer.from('{"objects":[{}]}'))
    assert.equal(first.status, 'pending')
    const last = await root.waitForStatus(first, { maxDelaySeconds: 5 })
    assert.equal(last.status, 'complete')
    assert.deepEqual(clock.slept, [1, 2, 4, 5, 5])
    assert.equal(server.seen.length, 6)
    assert(server.seen.slice(1).every(({ path }) => path === '/root/status/s/'))
  })

  it('K08 asks nothing when the status is complete already, and takes an id', async () => {
    await using server = await serve(() => ({ json: status(0) }))
    const clock = testClock()
    using client = clientOf(server, { clock })
    const root = client.apiRoot('/root/')
    const complete = await root.waitForStatus('s')
    assert.equal(server.seen.length, 1)
    assert.equal(await root.waitForStatus(complete), complete)
    assert.equal(server.seen.length, 1)
    assert.deepEqual(clock.slept, [])
  })

  it('K08 gives up at the deadline', async () => {
    await using server = await serve(() => ({ json: status(3) }))
    const clock = testClock()
    using client = clientOf(server, { clock })
    const waiting = client.apiRoot('/root/').waitForStatus('s', { deadlineSeconds: 20 })
    await assert.rejects(waiting, failsWith('status-pending', { retryable: true }))
    assert.deepEqual(clock.slept, [1, 2, 4, 8])
  })

  it('K08 a status that is neither complete nor pending is an error, not an endless wait', async () => {
    await using server = await serve(() => ({ json: { ...Object(status(1)), status: 'working' } }))
    using client = clientOf(server)
    await assert.rejects(client.apiRoot('/root/').waitForStatus('s'), failsWith('bad-resource', { pointer: '/status' }))
  })

  it('K09 addObjects asks for max_content_length once and sends every object once', async () => {
    const root = { title: 'r', versions: [], max_content_length: 100 }
    await using server = await serve(({ method }) => ({ json: method === 'POST' ? status(0) : root }))
    using client = clientOf(server)
    const collection = client.apiRoot('/root/').collection('c')
    const objects = Array.from({ length: 9 }, (_value, index) => ({
      id: `x--${index}`,
      text: 'ü'.repeat(index === 4 ? 200 : 10),
    }))
    const results = await collect(collection.addObjects(objects))
    const posts = server.seen.filter(({ method }) => method === 'POST')
    assert.equal(server.seen.length, posts.length + 1)
    assert(posts.every(({ body }) => body.length < 100))
    const sent = posts.flatMap(({ body }) => JSON.parse(body.toString()).objects)
    assert.deepEqual(sent, objects.toSpliced(4, 1))
    assert.deepEqual(
      results.filter(({ kind }) => kind === 'too-large').map((result) => 'index' in result && result.index),
      [4],
    )
    await collect(collection.addObjects(objects))
    assert.equal(server.seen.filter(({ method }) => method === 'GET').length, 1)
  })
})
