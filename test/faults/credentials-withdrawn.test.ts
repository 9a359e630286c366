import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { addCertificate, setPassword } from '../../server/site/accounts.ts'
import { revokeRights } from '../../server/site/rights.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { restoreAccount, suspendAccount } from '../../server/site/suspension.ts'
import { addToken, revokeToken } from '../../server/site/tokens.ts'
import { startServer } from '../../server/main.ts'
import { TEST_DATABASE_URL } from '../support/database.ts'
import { openSite } from '../support/serve-process.ts'
import { basic, PASSWORD, testSite } from '../support/site.ts'

const NEW_PASSWORD = 'another long battery staple'
const actor = 'test'

const site = await testSite()
// a core of its own: it shares nothing with the first but the database
const second = TEST_DATABASE_URL ? await startServer(await openSite(site.place)) : undefined
after(async () => {
  await second?.close()
  await site.close()
})
const { api_root } = await site.addCollection({ alias: 'region' })
const urls = [site, ...(second ? [second] : [])].map(({ url }) => `${url}${api_root}collections/region/objects/`)
const all = (status: number) => urls.map(() => status)
let accounts = 0

/** An account with a password and a token. */
async function poller() {
  const name = `poller-${(accounts += 1)}`
  const password = await site.addUser(name, { read: ['region'] })
  return { name, password, bearer: await site.addToken(name) }
}

async function statuses(headers: Readonly<Record<string, string>>): Promise<readonly number[]> {
  return await Promise.all(urls.map(async (url) => (await fetch(url, { headers })).status))
}

describe('with the next request, in every process', () => {
  it('a suspended account is refused, by password and by token, and let in again', async () => {
    const at = await poller()
    const { context } = site
    for (const headers of [at.password, at.bearer]) assert.deepEqual(await statuses(headers), all(200))
    await suspendAccount(context, { ...BY_OPERATOR, name: at.name })
    for (const headers of [at.password, at.bearer]) assert.deepEqual(await statuses(headers), all(401))
    await restoreAccount(context, { ...BY_OPERATOR, name: at.name })
    for (const headers of [at.password, at.bearer]) assert.deepEqual(await statuses(headers), all(200))
  })

  it('an old password is refused, and the new one taken', async () => {
    const at = await poller()
    assert.deepEqual(await statuses(at.password), all(200))
    await setPassword(site.context, { actor, name: at.name, password: NEW_PASSWORD })
    assert.deepEqual(await statuses(basic(at.name, PASSWORD)), all(401))
    assert.deepEqual(await statuses(basic(at.name, NEW_PASSWORD)), all(200))
    assert.deepEqual(await statuses(at.bearer), all(200))
  })

  it('a password that was refused a moment ago is taken once it is the right one', async () => {
    const at = await poller()
    assert.deepEqual(await statuses(basic(at.name, NEW_PASSWORD)), all(401))
    await setPassword(site.context, { actor, name: at.name, password: NEW_PASSWORD })
    assert.deepEqual(await statuses(basic(at.name, NEW_PASSWORD)), all(200))
  })

  it('a revoked token is refused, and another of the same account is not', async () => {
    const at = await poller()
    const { context } = site
    const { token, token_no } = await addToken(context, { actor, account: at.name, scopes: ['taxii'] })
    const headers = { ...at.bearer, authorization: `Bearer ${token}` }
    assert.deepEqual(await statuses(headers), all(200))
    await revokeToken(context, { actor, tokenNo: token_no })
    assert.deepEqual(await statuses(headers), all(401))
    assert.deepEqual(await statuses(at.bearer), all(200))
  })

  it('a right that was taken away makes the collection absent', async () => {
    const at = await poller()
    assert.deepEqual(await statuses(at.bearer), all(200))
    await revokeRights(site.context, { actor, name: at.name, collections: ['region'] })
    assert.deepEqual(await statuses(at.bearer), all(404))
    assert.deepEqual(await statuses(at.password), all(404))
  })

  it('a change that fails changes nothing', async () => {
    const at = await poller()
    const fingerprint = Buffer.alloc(32, 7)
    await addCertificate(site.context, { actor, name: at.name, fingerprint })
    await assert.rejects(addCertificate(site.context, { actor, name: at.name, fingerprint }))
    await assert.rejects(suspendAccount(site.context, { ...BY_OPERATOR, name: 'nobody' }))
    assert.deepEqual(await statuses(at.bearer), all(200))
  })
})
