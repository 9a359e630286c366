import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { leaveGroup } from '../../server/members/departures.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { MOST_SERVICE_ACCOUNTS, makeServiceAccount } from '../../server/members/service-accounts.ts'
import { grantRights } from '../../server/site/rights.ts'
import { setPassword } from '../../server/site/accounts.ts'
import { restoreAccount, suspendAccount } from '../../server/site/suspension.ts'
import { addToken } from '../../server/site/tokens.ts'
import { peopleOf } from '../members/people.ts'
import { indicators } from '../support/indicators.ts'
import { PortalClient } from '../support/portal-client.ts'
import { basic, PASSWORD, post, TAXII, testSite } from '../support/site.ts'
import { setState } from './set-state.ts'

const site = await testSite()
after(() => site.close())
const { context } = site
const people = peopleOf(site)
for (const name of ['keeper', 'alice', 'boris', 'loner']) await people.account(name)
for (const group of ['water', 'power']) await people.group(group, 'keeper')
for (const group of ['water', 'power']) await people.member(group, 'alice')
await people.member('water', 'boris')

const OBJECT = indicators(1).map((text) => JSON.parse(text) as unknown)
const objects = (group: string) => `${site.url}/${group}/collections/indicators/objects/`
const bearer = (token: string) => ({ accept: TAXII, authorization: `Bearer ${token}` })
const reads = async (group: string, token: string) => (await fetch(objects(group), { headers: bearer(token) })).status
const writes = async (group: string, token: string) => (await post(objects(group), bearer(token), OBJECT)).status
/** The token that a page shows once. */
const tokenOn = (text: string) => /<code>(?<token>[\w-]{30,})<\/code>/.exec(text)?.groups?.['token'] ?? ''

/** A program of alice's as she makes one in the portal, with its token. */
async function program(name: string, more: Readonly<Record<string, string>> = {}) {
  const alice = await people.visitor('alice')
  await alice.get('/account/services')
  const made = await alice.post('/account/services', { group: 'water', name, purpose: 'SIEM <b>', ...more })
  assert.equal(made.url, `/account/services/alice.${name}`, made.text)
  const shown = await alice.post(`/account/services/alice.${name}/tokens`, { name: 'first', days: '30' })
  const token = tokenOn(shown.text)
  assert.notEqual(token, '', shown.text)
  return { alice, token, account: `alice.${name}` }
}

describe('a program of a member', () => {
  it('reads the collections of its one group, and writes only where it may', async () => {
    const { token, alice } = await program('reader')
    assert.equal(await reads('water', token), 200)
    assert.equal(await writes('water', token), 403)
    assert.equal(await reads('power', token), 404)
    const writer = await program('writer', { write: 'on' })
    assert.equal(await writes('water', writer.token), 202)
    const listed = await alice.get('/account/services')
    assert.match(listed.text, /SIEM &lt;b&gt;/)
    assert.match(listed.text, /read and write/)
    assert.doesNotMatch((await alice.get('/account/services/alice.reader')).text, new RegExp(token))
  })

  it('comes by its token only, and only to collections', async () => {
    const { token, account } = await program('narrow')
    assert.equal((await fetch(`${site.url}/api/v1/self`, { headers: bearer(token) })).status, 401)
    const { token: broad } = await addToken(context, { actor: 'test', account, scopes: ['api:read', 'taxii'] })
    assert.equal((await fetch(`${site.url}/api/v1/self`, { headers: bearer(broad) })).status, 401)
    assert.equal(await reads('water', broad), 200)
    // whatever somebody sets for it, a password opens nothing
    await setPassword(context, { actor: 'test', name: account, password: PASSWORD })
    assert.equal((await fetch(objects('water'), { headers: basic(account, PASSWORD) })).status, 401)
    const client = new PortalClient(site.url)
    await client.get('/sign-in')
    await client.post('/sign-in', { name: account, password: PASSWORD })
    assert.notEqual((await client.once('/account')).status, 200)
    await assert.rejects(people.member('power', account), /no|not/)
  })

  it('keeps what was granted to it by name', async () => {
    const { token, account } = await program('named')
    await site.addCollection({ alias: 'region' })
    await grantRights(context, { actor: 'test', name: account, read: ['region'], write: [] })
    const { api_roots } = (await (await fetch(`${site.url}/taxii2/`, { headers: bearer(token) })).json()) as {
      api_roots: string[]
    }
    assert.deepEqual(api_roots.toSorted(), ['/region-root/', '/water/'])
  })

  it('ends with its owner: suspended, blocked, gone; and is there again with them', async () => {
    const { token } = await program('shadow', { write: 'on' })
    await suspendAccount(context, { ...BY_OPERATOR, name: 'alice' })
    assert.equal(await reads('water', token), 401)
    await restoreAccount(context, { ...BY_OPERATOR, name: 'alice' })
    assert.equal(await reads('water', token), 200)
    await setState(site, 'water', 'alice', 'blocked')
    assert.equal(await reads('water', token), 404)
    await setState(site, 'water', 'alice', 'approved')
    assert.equal(await reads('water', token), 404)
    await setState(site, 'water', 'alice', 'active')
    assert.equal(await writes('water', token), 202)
    await leaveGroup(context, { ...(await people.by('alice')), group: 'water', account: 'alice' })
    assert.equal(await reads('water', token), 404)
    await people.member('water', 'alice')
  })

  it('is revoked and ended by its owner, and by nobody else', async () => {
    const { alice, token, account } = await program('brief')
    const boris = await people.visitor('boris')
    assert.equal((await boris.get(`/account/services/${account}`)).status, 404)
    await boris.get('/account/services')
    assert.equal((await boris.post(`/account/services/${account}/end`)).status, 404)
    assert.equal((await boris.post(`/account/services/${account}/tokens`, { name: 'x', days: '3' })).status, 404)
    const shown = await alice.get(`/account/services/${account}`)
    const number = /name="token" value="(\d+)"/.exec(shown.text)?.[1] ?? ''
    await alice.post(`/account/services/${account}/tokens/revoke`, { token: number })
    assert.equal(await reads('water', token), 401)
    await alice.get(`/account/services/${account}/end`)
    const ended = await alice.post(`/account/services/${account}/end`)
    assert.equal(ended.url, '/account/services')
    assert.match(ended.text, /alice\.brief has ended/)
    assert.equal((await alice.get(`/account/services/${account}`)).status, 404)
    const kinds = ['service_account_made', 'token_made', 'token_revoked', 'service_account_ended']
    for (const kind of kinds)
      assert.ok(
        (await people.audited(kind)).some(({ actor }) => actor === 'alice'),
        kind,
      )
  })

  it('is seen by administrators of the group, who can switch it off', async () => {
    const { token, account } = await program('loud')
    const alice = await people.visitor('alice')
    assert.doesNotMatch((await alice.get('/groups/water/collections')).text, /alice\.loud/)
    const keeper = await people.visitor('keeper')
    assert.match((await keeper.get('/groups/water/collections')).text, /alice\.loud/)
    assert.equal((await keeper.post(`/groups/power/collections/programs/${account}/end`)).status, 404)
    assert.equal(await reads('water', token), 200)
    await keeper.get('/groups/water/collections')
    await keeper.post(`/groups/water/collections/programs/${account}/end`)
    assert.equal(await reads('water', token), 401)
  })

  it('is made by members for a group that they see, ten at most', async () => {
    const loner = await people.visitor('loner')
    assert.match((await loner.get('/account/services')).text, /in no trust group/)
    await loner.get('/account')
    const refused = await loner.post('/account/services', { group: 'water', name: 'spy' })
    const absent = await loner.post('/account/services', { group: 'nothing', name: 'spy' })
    assert.equal(refused.status, 422)
    assert.equal(refused.status, absent.status)
    const words = ({ text }: { readonly text: string }) =>
      /<main[^]*<\/main>/.exec(text)?.[0].replaceAll(/value="[^"]*"/g, '')
    const boris = await people.visitor('boris')
    await boris.get('/account/services')
    const closed = await boris.post('/account/services', { group: 'power', name: 'spy' })
    const none = await boris.post('/account/services', { group: 'nothing', name: 'spy' })
    assert.equal(closed.status, 422)
    assert.equal(words(closed), words(none), 'a group of others and one that is not there are told alike')
    const by = await people.by('boris')
    for (let number = 1; number <= MOST_SERVICE_ACCOUNTS; number += 1) {
      await makeServiceAccount(context, { ...by, owner: 'boris', group: 'water', name: `p${number}`, canWrite: false })
    }
    const more = makeServiceAccount(context, { ...by, owner: 'boris', group: 'water', name: 'more', canWrite: false })
    await assert.rejects(more, /at most 10/)
    const others = makeServiceAccount(context, { ...by, owner: 'alice', group: 'water', name: 'x', canWrite: false })
    await assert.rejects(others, /member/)
  })
})

describe('the page of a group’s collections', () => {
  it('says to members what is for them and how to poll it, and lets administrators make one', async () => {
    const keeper = await people.visitor('keeper')
    await keeper.get('/groups/water/collections')
    const made = await keeper.post('/groups/water/collections', {
      title: 'Early warnings',
      alias: 'early',
      audience: 'coordinators',
      label: 'TLP:RED',
    })
    assert.match(made.text, /water\/collections\/early\//)
    const taken = await keeper.post('/groups/water/collections', { title: 'Again', alias: 'early' })
    assert.equal(taken.status, 422)
    assert.match(taken.text, /alias early is taken/i)
    const boris = await people.visitor('boris')
    const page = await boris.get('/groups/water/collections')
    assert.match(page.text, /water\/collections\/indicators\//)
    assert.match(page.text, /curl -H/)
    assert.doesNotMatch(page.text, /Early warnings/)
    assert.equal((await boris.post('/groups/water/collections', { title: 'Mine' })).status, 403)
  })

  it('gives a group of an earlier release its collections', async () => {
    await context.database.kysely
      .insertInto('trust_group')
      .values({ name: 'old', title: 'The old', created_micros: 1 })
      .execute()
    await people.member('old', 'keeper', ['group-administrator'])
    const keeper = await people.visitor('keeper')
    assert.match((await keeper.get('/groups/old/collections')).text, /no collections yet/)
    const given = await keeper.post('/groups/old/collections/root')
    assert.match(given.text, /old\/collections\/indicators\//)
    assert.equal((await keeper.post('/groups/old/collections/root')).status, 409)
  })
})
