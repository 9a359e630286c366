import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import request from 'supertest'
import { testSite } from './support/site.ts'

const site = await testSite()
after(() => site.close())

it('/healthz says that the process lives, without asking the database', async () => {
  const answer = await request(site.url).get('/healthz')
  assert.deepEqual([answer.status, answer.body], [200, { status: 'alive' }])
})

it('/readyz says that the database answers', async () => {
  const answer = await request(site.url).get('/readyz')
  assert.deepEqual([answer.status, answer.body], [200, { status: 'ready' }])
})

it('neither tells who runs it or which version', async () => {
  for (const path of ['/healthz', '/readyz']) {
    const { headers } = await request(site.url).get(path)
    assert.equal(headers['x-powered-by'], undefined)
    assert.equal(headers['server'], undefined)
  }
})
