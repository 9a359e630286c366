import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, TAXII, testSite } from '../support/site.ts'

const clock = movableClock(new Date().toISOString())
const site = await testSite({ clock })
after(() => site.close())
await site.addUser('alice')
await site.addUser('mallory')

async function signedIn(name: string): Promise<PortalClient> {
  const client = new PortalClient(site.url)
  await client.signIn(name, PASSWORD)
  await client.get('/account/tokens')
  return client
}

async function makeToken(client: PortalClient, scope: readonly string[], days = '30'): Promise<string> {
  const made = await client.post('/account/tokens', { name: 'SIEM of the harbour', scope, days })
  const token = /vs_[\w-]+/.exec(made.text)?.[0]
  assert.ok(token, made.text)
  return token
}

async function statusOf(path: string, token: string): Promise<number> {
  const response = await fetch(`${site.url}${path}`, { headers: { authorization: `Bearer ${token}`, accept: TAXII } })
  await response.arrayBuffer()
  return response.status
}

describe('one’s own API tokens', () => {
  it('a token is shown once, works within its scopes, and its use is shown', async () => {
    const alice = await signedIn('alice')
    const token = await makeToken(alice, ['api:read'])
    assert.equal(await statusOf('/api/v1/self', token), 200)
    assert.equal(await statusOf('/taxii2/', token), 401, 'it was not made for TAXII')
    await site.context.tokenUse.flush()
    const list = await alice.get('/account/tokens')
    assert.ok(list.text.includes('SIEM of the harbour'))
    assert.ok(!list.text.includes(token), 'the list shows the token again')
    assert.ok(!list.text.includes('never'), 'its last use is not shown')
  })

  it('a token for TAXII is none for the API', async () => {
    const alice = await signedIn('alice')
    const token = await makeToken(alice, ['taxii'])
    assert.equal(await statusOf('/taxii2/', token), 200)
    assert.equal(await statusOf('/api/v1/self', token), 401)
  })

  it('a revoked token stops with the next request; another person’s token is as absent', async () => {
    const alice = await signedIn('alice')
    const token = await makeToken(alice, ['api:read'])
    const page = await alice.get('/account/tokens')
    const number = /name="token"\s+value="(\d+)"/.exec(page.text)?.[1]
    assert.ok(number)
    const mallory = await signedIn('mallory')
    await mallory.get('/account/tokens')
    assert.equal((await mallory.post('/account/tokens/revoke', { token: number })).status, 404)
    assert.equal(await statusOf('/api/v1/self', token), 200)
    assert.equal((await alice.post('/account/tokens/revoke', { token: number })).status, 200)
    assert.equal(await statusOf('/api/v1/self', token), 401)
  })

  it('a token stops when its days are over', async () => {
    const alice = await signedIn('alice')
    const token = await makeToken(alice, ['api:read'], '1')
    clock.move(23 * 3_600_000_000)
    assert.equal(await statusOf('/api/v1/self', token), 200)
    clock.move(3_600_000_000)
    assert.equal(await statusOf('/api/v1/self', token), 401)
  })

  it('a form with mistakes names each field and makes nothing', async () => {
    const alice = await signedIn('alice')
    const wrong = await alice.post('/account/tokens', { name: ' ', scope: ['root'], days: '366' })
    assert.equal(wrong.status, 422)
    for (const field of ['name', 'scope', 'days']) assert.ok(wrong.text.includes(`href="#${field}"`), field)
    for (const number of ['x', '-1', '99999999999999999999', '']) {
      assert.equal((await alice.post('/account/tokens/revoke', { token: number })).status, 404, number)
    }
  })
})
