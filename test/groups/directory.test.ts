import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { movableClock } from '../support/movable-clock.ts'
import { testSite } from '../support/site.ts'
import { waterGroup } from './water.ts'

// noon in London, four in the morning in Seattle
const site = await testSite({ clock: movableClock('2026-11-20T12:00:00Z') })
after(() => site.close())
const names = ['bob', 'carol', 'dave', 'erin', 'frank', 'gina']
const water = await waterGroup(site, names)
await water.change('bob', { display_name: 'Bob 100% <b>Safe</b>', time_zone: 'Europe/London' })
await water.change('carol', { display_name: 'Carol_Anne', time_zone: 'America/Los_Angeles' })
await water.profile('bob', { affiliation: 'Port of Tacoma', airport: 'SEA', languages: 'en:native es:basic' })
await water.profile('carol', { affiliation: 'King County', airport: 'BFI', languages: 'es:native' })
await water.vouch(['alice', 'bob'], ['carol', 'bob'], ['bob', 'alice'])
await water.put('erin', 'blocked')
await water.put('frank', 'nominated')
await water.put('gina', 'idle')
const alice = await water.visitor('alice')
const bob = await water.visitor('bob')

/** Names of accounts whose pages a list leads to. */
async function listed(client: typeof bob, query = ''): Promise<readonly string[]> {
  const { text, status } = await client.get(`/groups/water/members${query}`)
  assert.equal(status, 200)
  const found = [...text.matchAll(/href="\/groups\/water\/members\/([a-z-]+)"/g)].map(([, name]) => name ?? '')
  return [...new Set(found)].toSorted()
}

describe('the directory', () => {
  it('shows members neither nominees nor who is blocked; administrators see who is blocked', async () => {
    assert.deepEqual(await listed(bob), ['alice', 'bob', 'carol', 'dave', 'gina'])
    assert.deepEqual(await listed(alice), ['alice', 'bob', 'carol', 'dave', 'erin', 'gina'])
    assert.deepEqual(await listed(bob, '?state=blocked'), [])
    assert.deepEqual(await listed(alice, '?state=blocked'), ['erin'])
    assert.equal((await bob.get('/groups/water/members/erin')).status, 404)
    assert.equal((await bob.get('/groups/water/members/frank')).status, 404)
  })

  it('finds what is contained in name, affiliation or airport; a pattern of the reader is text', async () => {
    assert.deepEqual(await listed(bob, '?q=tacoma'), ['bob'])
    assert.deepEqual(await listed(bob, '?q=bfi'), ['carol'])
    assert.deepEqual(await listed(bob, '?q=100%25'), ['bob'])
    assert.deepEqual(await listed(bob, '?q=l_a'), ['carol'])
    assert.deepEqual(await listed(bob, '?q=%25'), ['bob'], 'only the name with a percent sign')
    assert.deepEqual(await listed(bob, '?q=(a%2B)%2B%24'), [])
    assert.deepEqual(await listed(bob, "?q='%20or%201=1%20--"), [])
  })

  it('filters by language, airport, state and who is awake', async () => {
    assert.deepEqual(await listed(bob, '?language=es'), ['bob', 'carol'])
    assert.deepEqual(await listed(bob, '?language=en'), ['bob'])
    assert.deepEqual(await listed(bob, '?airport=sea'), ['bob'])
    assert.deepEqual(await listed(bob, '?state=idle'), ['gina'])
    const awake = await listed(bob, '?awake=on')
    assert.ok(awake.includes('bob') && !awake.includes('carol'))
  })

  it('shows the time where they are, counts of vouches, and in bold those that involve the reader', async () => {
    const { text } = await bob.get('/groups/water/members')
    assert.match(text, />12:00</)
    assert.match(text, />04:00 night</)
    assert.doesNotMatch(text, /<b>Safe/)
    const row = /members\/alice"[\s\S]*?<\/tr>/.exec(text)?.[0] ?? ''
    assert.match(
      row,
      /<strong title="you vouch for them">1<span[^>]*> \(you vouch for them\)<\/span><\/strong> \/\s+<strong title="they vouch for you">1/,
    )
  })

  it('costs one query, whatever is asked', async () => {
    const counted = async (path: string) => {
      const before = queries.length
      await bob.get(path)
      return queries.length - before
    }
    const queries: string[] = []
    const { database } = site.context
    const transaction = database.transaction.bind(database)
    database.transaction = async (use) => {
      queries.push('transaction')
      return await transaction(use)
    }
    const few = await counted('/groups/water/members?q=tacoma')
    const all = await counted('/groups/water/members')
    database.transaction = transaction
    assert.equal(few, all)
  })
})

describe('the page of a member', () => {
  it('shows profile, key and vouches as the group shows them', async () => {
    await water.profile('carol', { phone: '+1 206 555 0100', biography: 'One.\nTwo <i>.' })
    await water.vouch(['dave', 'carol', 'Met at the drill'])
    const asBob = async () => (await bob.get('/groups/water/members/carol')).text
    assert.match(await asBob(), /King County/)
    assert.match(await asBob(), /206 555 0100/)
    assert.match(await asBob(), /Two &lt;i&gt;\./)
    assert.match(await asBob(), /Met at the drill/)
    await water.policy({ vouchVisibility: 'names' })
    assert.match(await asBob(), /members\/dave/)
    assert.doesNotMatch(await asBob(), /Met at the drill/)
    await water.policy({ vouchVisibility: 'counts' })
    assert.doesNotMatch(await asBob(), /members\/dave/)
    assert.match(await asBob(), /One member vouches for them/)
    assert.match((await alice.get('/groups/water/members/carol')).text, /Met at the drill/)
    await water.policy({})
  })

  it('shows members nothing of what administrators do: history, roles, blocking', async () => {
    const asBob = (await bob.get('/groups/water/members/carol')).text
    for (const hidden of [/History of the membership/, /Block the member/, /Roles<\/h2>/, /\/why"/]) {
      assert.doesNotMatch(asBob, hidden)
    }
    const asAlice = (await alice.get('/groups/water/members/carol')).text
    for (const shown of [/History of the membership/, /Block the member/, /\/why"/]) assert.match(asAlice, shown)
    for (const path of ['why', 'block', 'remove', 'memorialise']) {
      assert.equal((await bob.get(`/groups/water/members/carol/${path}`)).status, 403, path)
    }
  })

  it('keeps back an address that its owner keeps to themself', async () => {
    assert.match((await bob.get('/groups/water/members/carol')).text, /carol@city\.example/)
    await water.profile('carol', { hide_email: true })
    assert.doesNotMatch((await bob.get('/groups/water/members/carol')).text, /carol@city\.example/)
  })
})
