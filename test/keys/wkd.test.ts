import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { wkdHash } from '../../mail/openpgp/wkd.ts'
import { testSite, type TestSite } from '../support/site.ts'

let site: TestSite
before(async () => {
  site = await testSite()
})
after(() => site.close())

const BASE = '/.well-known/openpgpkey'

async function ask(path: string, method = 'GET') {
  const response = await fetch(`${site.url}${path}`, { method })
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

it('has a policy file in both places', async () => {
  for (const path of [`${BASE}/policy`, `${BASE}/city.example/policy`]) {
    assert.deepEqual(await ask(path), { status: 200, type: 'text/plain; charset=utf-8', text: '' })
  }
})

it('publishes the key of no member, and does not say who is one', async () => {
  await site.addUser('ann')
  const absent = { status: 404, type: 'text/plain; charset=utf-8', text: 'not found\n' }
  for (const name of ['ann', 'nobody']) {
    for (const folder of [`${BASE}/hu`, `${BASE}/city.example/hu`]) {
      assert.deepEqual(await ask(`${folder}/${wkdHash(name)}?l=${name}`), absent)
    }
  }
  for (const odd of ['', '/', '/hu', '/hu/', '/hu/short', '/hu/../policy2', '/a/b/c', `/hu/${'x'.repeat(5000)}`]) {
    assert.deepEqual(await ask(`${BASE}${odd}`), absent, odd)
  }
  assert.equal((await ask(`${BASE}/policy`, 'POST')).status, 405)
})
