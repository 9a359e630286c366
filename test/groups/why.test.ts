import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { addMember } from '../../server/members/memberships.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { addToken } from '../../server/site/tokens.ts'
import { testSite } from '../support/site.ts'
import { waterGroup } from './water.ts'

const site = await testSite()
after(() => site.close())
const water = await waterGroup(site, ['bob', 'carol'])
await water.policy({ minOutvouch: 2, pgpRequired: true })
await water.account('newt')
await addMember(site.context, { ...BY_OPERATOR, group: 'water', account: 'newt' })
const [alice, bob, newt] = [await water.visitor('alice'), await water.visitor('bob'), await water.visitor('newt')]

async function call(account: string, path: string) {
  const { token } = await addToken(site.context, { actor: 'test', account, scopes: ['api:read'] })
  const response = await fetch(`${site.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('why a membership is in its state', () => {
  it('a newcomer reads what is missing on the home of the group, and reaches nothing else of it', async () => {
    assert.equal((await water.states())['newt'], 'approved')
    const home = await newt.get('/groups/water')
    assert.match(home.text, /What is missing/)
    assert.match(home.text, /OpenPGP certificate/)
    assert.match(home.text, /0 of 2/)
    assert.doesNotMatch(home.text, /members\/bob/)
    assert.equal((await newt.get('/groups/water/membership')).status, 200)
    for (const path of ['members', 'members/bob', 'graph', 'cards', 'cards/vcards', 'settings']) {
      assert.equal((await newt.get(`/groups/water/${path}`)).status, 403, path)
    }
  })

  it('says each rule, who mends it, and the history without who did it', async () => {
    const { text } = await newt.get('/groups/water/membership')
    assert.match(text, /approved/)
    assert.match(text, /Vouches given to other members/)
    assert.match(text, /missing/)
    assert.match(text, /Let in by an administrator/)
    assert.doesNotMatch(text, /by operator|command line/)
    assert.doesNotMatch((await bob.get('/groups/water/membership')).text, /by alice/)
  })

  it('administrators read the same about anyone, with who did what; members do not', async () => {
    await alice.get('/groups/water/members/bob/block')
    await alice.post('/groups/water/members/bob/block', { reason: 'A test' })
    await alice.get('/groups/water/members/bob')
    await alice.post('/groups/water/members/bob/reinstate')
    const { text } = await alice.get('/groups/water/members/bob/why')
    assert.match(text, /Blocked/)
    assert.match(text, /by alice/)
    assert.equal((await alice.get('/groups/water/members/nobody/why')).status, 404)
    const carol = await water.visitor('carol')
    assert.equal((await carol.get('/groups/water/members/newt/why')).status, 403)
  })

  it('the API says the same', async () => {
    const own = await call('newt', '/groups/water/membership')
    assert.equal(own.status, 200)
    assert.equal(own.body['state'], 'approved')
    assert.deepEqual(own.body['lets'], { login: true, see: false, send: false, receive: false })
    assert.deepEqual(own.body['rules'], [
      { rule: 'key', met: false, have: null, need: null, by: null, fixed_by: 'member' },
      { rule: 'vouches-given', met: false, have: 0, need: 2, by: null, fixed_by: 'member' },
    ])
    const [step] = own.body['history'] as readonly Record<string, unknown>[]
    assert.equal(step?.['to'], 'approved')
    assert.equal(step?.['actor'], null)
    assert.equal((await call('newt', '/groups/water/members/newt/why')).status, 403)
    const told = await call('alice', '/groups/water/members/bob/why')
    const history = told.body['history'] as readonly Record<string, unknown>[]
    assert.ok(history.some((each) => each['event'] === 'block' && each['actor'] === 'alice'))
  })

  it('concerns are told to administrators, never to the one they are about', async () => {
    const about_no = await water.numberOf('carol')
    await water.put('carol', 'vetted')
    const by_no = await water.numberOf('alice')
    await site.context.database.kysely
      .insertInto('vouch_signal')
      .values({ group_no: await water.groupNo(), about_no, by_no, kind: 'concern', reason: 'secret', made_micros: 1 })
      .execute()
    await water.put('carol', 'active')
    const carol = await water.visitor('carol')
    const { text } = await carol.get('/groups/water/membership')
    assert.doesNotMatch(text, /concern|secret/i)
  })
})

describe('the home of a group', () => {
  it('says the own state, what waits, the numbers, the rules, and who became a member', async () => {
    await water.policy({})
    const { text } = await (await water.visitor('carol')).get('/groups/water')
    assert.match(text, /You are active here since/)
    assert.match(text, /Nothing at the moment/)
    assert.match((await alice.get('/groups/water')).text, /One concern is open/)
    assert.match(text, /Rules of this group/)
    assert.match(text, /members\/carol">carol<\/a> became a member/)
    assert.doesNotMatch(text, /members\/nobody/)
  })

  it('tells of vouches that run out, a key that expires, and exports', async () => {
    const { kysely } = site.context.database
    const now = site.context.clock.nowMicros()
    await water.vouch(['alice', 'carol'])
    await kysely
      .updateTable('vouch')
      .set({ expires_micros: now + 86_400_000_000 })
      .execute()
    await kysely
      .insertInto('vouch_export')
      .values({
        group_no: await water.groupNo(),
        account_no: await water.numberOf('alice'),
        at_micros: now,
        vouches: 7,
      })
      .execute()
    const { text } = await alice.get('/groups/water')
    assert.match(text, /One vouch of yours runs out within 30 days/)
    assert.match(text, /alice: 7 vouches/)
  })
})
