import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { PROVEN_MICROS } from '../../server/portal/router.ts'
import { addToken } from '../../server/site/tokens.ts'
import { movableClock } from '../support/movable-clock.ts'
import { testSite } from '../support/site.ts'
import { peopleOf } from './people.ts'

const clock = movableClock('2026-11-21T12:00:00Z')
const site = await testSite({ clock })
after(() => site.close())
const people = peopleOf(site)
await people.account('root', 'administrator')
for (const name of ['alice', 'bob', 'carol']) await people.account(name)
await people.group('water', 'alice')
await people.member('water', 'bob', ['group-administrator'])
await people.member('water', 'carol')
const REASON = 'Incident 42: a stolen laptop'
const PAGES = ['/groups/water', '/groups/water/members', '/groups/water/audit']

async function looking() {
  const root = await people.visitor('root')
  await root.get('/site/groups/water/look')
  const got = await root.post('/site/groups/water/look', { reason: REASON })
  assert.equal(got.url, '/groups/water')
  assert.equal(got.status, 200)
  return root
}

describe('a site administrator who is no member', () => {
  it('is an outsider: the same answer as for a group that is not there', async () => {
    const root = await people.visitor('root')
    for (const path of PAGES) {
      const here = await root.get(path)
      const absent = await root.get(path.replace('water', 'nothing'))
      assert.equal(here.status, 404)
      assert.equal(plain(here.text), plain(absent.text), path)
    }
  })

  it('sees of groups that they exist and how many look after them, and of members nothing', async () => {
    const root = await people.visitor('root')
    const { text } = await root.get('/site/groups')
    assert.match(text, /The water/)
    assert.match(text, /class="numeric"[^>]*>2</)
    for (const name of ['alice', 'bob', 'carol']) assert.doesNotMatch(text, new RegExp(name))
  })

  it('breaks the glass with a reason of 10 to 500 characters, and a recent proof', async () => {
    const root = await people.visitor('root')
    await root.get('/site/groups/water/look')
    for (const reason of ['', 'too short', 'x'.repeat(501)]) {
      const refused = await root.post('/site/groups/water/look', { reason })
      assert.equal(refused.status, 422, reason)
      assert.match(refused.text, /10 to 500 characters/)
    }
    clock.move(PROVEN_MICROS)
    const before = (await people.audited('glass_broken')).length
    const sent = await root.post('/site/groups/water/look', { reason: REASON })
    assert.match(sent.url, /^\/account\/prove/)
    assert.equal((await people.audited('glass_broken')).length, before)
  })

  it('nobody else can: to a member the page is refused, and so is the form', async () => {
    const alice = await people.visitor('alice')
    for (const got of [
      await alice.get('/site/groups/water/look'),
      await alice.post('/site/groups/water/look', { reason: REASON }),
    ]) {
      assert.equal(got.status, 403)
    }
  })
})

describe('broken glass', () => {
  it('every administrator of the group is told, members see who, why and until when', async () => {
    const before = (await people.notices('glass-broken')).length
    await looking()
    const told = (await people.notices('glass-broken')).slice(before)
    assert.deepEqual(told, [
      { address: 'alice@city.example', path: '/groups/water' },
      { address: 'bob@city.example', path: '/groups/water' },
    ])
    const carol = await people.visitor('carol')
    const { text } = await carol.get('/groups/water')
    assert.match(text, new RegExp(REASON))
    assert.match(text, /root looks into this group now/)
    const [record] = (await people.audited('glass_broken')).slice(-1)
    assert.deepEqual(record, { actor: 'root', detail: { group: 'water', reason: REASON, told: 2 } })
  })

  it('lets in to look and not to act; every page that is read is on the record', async () => {
    const root = await looking()
    const before = (await people.audited('glass_read')).length
    for (const path of PAGES) assert.equal((await root.get(path)).status, 200, path)
    const read = (await people.audited('glass_read')).slice(before)
    assert.deepEqual(
      read.map(({ actor, detail }) => [actor, detail['group'], detail['path']]),
      PAGES.map((path) => ['root', 'water', path]),
    )
    for (const path of ['/groups/water/settings', '/groups/water/invite', '/groups/water/concerns']) {
      assert.equal((await root.get(path)).status, 403, path)
    }
    await root.get('/groups/water')
    assert.equal((await root.post('/groups/water/members/carol/remove')).status, 403)
    assert.equal((await root.post('/groups/water/leave')).status, 403)
  })

  it('what a script reads by the API is on the record too', async () => {
    await looking()
    const scopes = ['api:read', 'api:write']
    const { token } = await addToken(site.context, { actor: 'test', account: 'root', scopes })
    const before = (await people.audited('glass_read')).length
    for (const path of ['/api/v1/groups/water', '/api/v1/groups/water/members']) {
      const got = await fetch(site.url + path, { headers: { authorization: `Bearer ${token}` } })
      assert.equal(got.status, 200, path)
      const [read] = (await people.audited('glass_read')).slice(-1)
      assert.deepEqual(read, { actor: 'root', detail: { group: 'water', path } })
    }
    assert.equal((await people.audited('glass_read')).length, before + 2)
  })

  it('ends early by its button, and the group sees when', async () => {
    const root = await looking()
    const got = await root.post('/groups/water/glass/end')
    assert.equal(got.url, '/site/groups')
    for (const path of PAGES) assert.equal((await root.get(path)).status, 404)
    assert.equal((await people.audited('glass_ended')).at(-1)?.actor, 'root')
  })

  it('ends by itself after an hour, to the microsecond', async () => {
    const root = await looking()
    const [glass] = await site.context.database.kysely
      .selectFrom('break_glass')
      .select(['opened_micros', 'expires_micros'])
      .orderBy('break_glass_no', 'desc')
      .limit(1)
      .execute()
    assert.equal(Number(glass?.expires_micros) - Number(glass?.opened_micros), 3_600_000_000)
    // an administrator's session rests for half an hour at most
    for (const _ of [1, 2]) {
      clock.move(1_790_000_000)
      assert.equal((await root.get('/groups/water')).status, 200)
    }
    clock.move(30_000_000)
    assert.equal((await root.get('/groups/water')).status, 404)
  })

  it('where nobody administers the group any more, every member is told', async () => {
    await site.context.database.transaction(async (trx) => {
      await trx.updateTable('membership').set({ roles: '' }).execute()
    })
    const before = (await people.notices('glass-broken')).length
    await looking()
    const told = (await people.notices('glass-broken')).slice(before).map(({ address }) => address)
    assert.deepEqual(told, ['alice@city.example', 'bob@city.example', 'carol@city.example'])
  })
})

/** A page without what differs from answer to answer: the secret of its forms. */
function plain(text: string): string {
  return text.replaceAll(/name="csrf"\s+value="[^"]*"/g, '')
}
