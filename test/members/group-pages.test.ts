import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { raiseAccess } from '../../server/site/site.ts'
import { PASSWORD, testSite } from '../support/site.ts'
import { peopleOf } from './people.ts'

const site = await testSite()
after(() => site.close())
const { context } = site
const people = peopleOf(site)
await people.account('root', 'administrator')
for (const name of ['alice', 'bob', 'carol', 'mallory']) await people.account(name)
await people.group('water', 'alice')
await people.group('ports', 'mallory')
await people.member('water', 'bob')

async function groupNo(name: string): Promise<number> {
  return (await context.freshness.read()).access.group(name)?.groupNo ?? 0
}

describe('members', () => {
  it('250 members are two pages, each with everybody once', async () => {
    const group_no = await groupNo('water')
    await context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      const rows = Array.from({ length: 248 }, (_, i) => ({
        name: `member-${String(i).padStart(3, '0')}`,
        role: 'member' as const,
        password_hash: null,
        created_micros: 1,
        email: null,
        last_sign_in_micros: null,
      }))
      const made = await trx.insertInto('account').values(rows).returning('account_no').execute()
      const memberships = made.map(({ account_no }) => ({ account_no, group_no, created_micros: 1 }))
      await trx.insertInto('membership').values(memberships).execute()
    })
    const bob = await people.visitor('bob')
    const first = await bob.get('/groups/water/members')
    const next = /href="(\/groups\/water\/members\?after=[^"]+)"/.exec(first.text)?.[1] ?? ''
    const second = await bob.get(next)
    const names = [first, second].flatMap(({ text }) => text.match(/>\s*member-\d{3}(?=<)/g) ?? [])
    assert.equal(new Set(names).size, 248)
    assert.equal(names.length, 248)
    assert.doesNotMatch(first.text, /Invite/)
  })

  it('an administrator blocks, lets in again, gives and takes roles and removes, each by a form', async () => {
    const alice = await people.visitor('alice')
    const page = '/groups/water/members/bob'
    assert.equal((await alice.get(page)).status, 200)
    assert.match((await alice.post(`${page}/roles/coordinator/give`)).text, /bob is coordinator now/)
    assert.match((await alice.post(`${page}/roles/coordinator/take`)).text, /bob is no longer coordinator/)
    const bob = await people.visitor('bob')
    assert.match((await alice.get(`${page}/block`)).text, /Block bob\?/)
    assert.match((await alice.post(`${page}/block`, { reason: 'Sold data' })).text, /bob is blocked/)
    assert.match((await bob.get('/groups/water')).text, /<title>Sign in/, 'no other group lets in a blocked member')
    assert.match((await alice.post(`${page}/reinstate`)).text, /bob is let in again/)
    await bob.signIn('bob', PASSWORD)
    assert.equal((await bob.get('/groups/water')).status, 200)
    assert.match((await alice.get(`${page}/remove`)).text, /Remove bob from the group\?/)
    assert.match((await alice.post(`${page}/remove`)).text, /bob is no longer a member/)
    assert.equal((await bob.get('/groups/water')).status, 404)
    await people.member('water', 'bob')
    const told = (await people.notices('membership-changed')).filter(({ address }) => address === 'bob@city.example')
    assert.ok(told.length >= 6)
    const { text } = await alice.get('/groups/water/audit')
    for (const said of ['blocked a member', 'Sold data', 'let a member in again', 'gave a role', 'removed a member'])
      assert.match(text, new RegExp(said))
  })

  it('the last administrator is told why not on the same page', async () => {
    const alice = await people.visitor('alice')
    await alice.get('/groups/water/members/alice')
    for (const act of ['block', 'memorialise', 'remove', 'roles/group-administrator/take']) {
      const got = await alice.post(`/groups/water/members/alice/${act}`)
      assert.equal(got.status, 409, act)
      assert.match(got.text, /last administrator of The water/)
    }
    await alice.get('/groups/water/leave')
    assert.equal((await alice.post('/groups/water/leave')).status, 409)
  })

  it('a member leaves', async () => {
    const bob = await people.visitor('bob')
    await bob.get('/groups/water/leave')
    const got = await bob.post('/groups/water/leave')
    assert.match(got.text, /You have left The water/)
    assert.equal((await bob.get('/groups/water')).status, 404)
    await people.member('water', 'bob')
  })

  it('names of another group, of nobody and of roles that are none are absent', async () => {
    const alice = await people.visitor('alice')
    await alice.get('/groups/water')
    for (const path of [
      '/groups/water/members/mallory',
      '/groups/water/members/nobody',
      '/groups/ports/members/mallory',
    ]) {
      assert.equal((await alice.get(path)).status, 404, path)
    }
    await alice.get('/groups/water')
    assert.equal((await alice.post('/groups/water/members/mallory/remove')).status, 404)
    assert.equal((await alice.post('/groups/water/members/bob/roles/site-administrator/give')).status, 404)
    assert.deepEqual(await people.administrators('ports'), ['mallory'])
  })
})

describe('adding and settings', () => {
  it('somebody with an account is added by exact name; absent and suspended look the same', async () => {
    const alice = await people.visitor('alice')
    await alice.get('/groups/water/invite')
    assert.equal((await alice.post('/groups/water/members', { account: 'nobody' })).status, 422)
    assert.match((await alice.post('/groups/water/members', { account: 'carol' })).text, /carol is a member/)
    await alice.get('/groups/water/invite')
    assert.match(
      (await alice.post('/groups/water/members', { account: 'carol' })).text,
      /membership in The water already/,
    )
  })

  it('settings are saved, mistakes are told, and a second factor can be demanded', async () => {
    const alice = await people.visitor('alice')
    await alice.get('/groups/water/settings')
    assert.equal((await alice.post('/groups/water/settings', { title: ' ', purpose: '' })).status, 422)
    await alice.post('/groups/water/settings', { title: 'Water & <Waste>', purpose: 'One.\r\n\r\nTwo.' })
    const { text } = await alice.get('/groups/water')
    assert.match(text, /Water &amp; &lt;Waste&gt;/)
    assert.match(text, /<p>One\.<\/p>\s*<p>Two\.<\/p>/)
    await alice.get('/groups/water/settings')
    await alice.post('/groups/water/settings', { title: 'The water', purpose: '', second_factor: 'on' })
    const shut = await alice.get('/groups/water')
    assert.equal(shut.status, 403)
    assert.match(shut.text, /second factor/)
    await context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      await trx.updateTable('trust_group').set({ second_factor: false }).execute()
    })
  })
})

describe('proposals of directories', () => {
  it('are accepted into a membership or declined, once, by an administrator of that group', async () => {
    const { access } = await context.freshness.read()
    const noOf = (name: string) => access.accountNamed(name)?.accountNo ?? 0
    await context.database.transaction(async (trx) => {
      const { provider_no } = await trx
        .insertInto('sign_in_provider')
        .values({
          name: 'county',
          kind: 'ldap',
          title: 'County',
          settings: '{}',
          secret: null,
          active: false,
          created_micros: 1,
          checked_micros: null,
          trouble: null,
        })
        .returning('provider_no')
        .executeTakeFirstOrThrow()
      for (const name of ['mallory', 'root']) {
        await trx
          .insertInto('membership_proposal')
          .values({
            group_no: access.group('water')?.groupNo ?? 0,
            account_no: noOf(name),
            provider_no,
            outside_group: 'cn=water',
            proposed_micros: 1,
            settled_micros: null,
            accepted: null,
            settled_by_no: null,
          })
          .execute()
      }
    })
    const mallory = await people.visitor('mallory')
    await mallory.get('/groups/ports/proposals')
    assert.equal((await mallory.post('/groups/ports/proposals/1/accept')).status, 404, 'not of that group')
    assert.equal((await mallory.post('/groups/water/proposals/1/accept')).status, 404, 'an outsider')
    const alice = await people.visitor('alice')
    assert.match((await alice.get('/groups/water')).text, /2 proposals wait/)
    assert.match((await alice.get('/groups/water/proposals')).text, /cn=water/)
    assert.match((await alice.post('/groups/water/proposals/1/accept')).text, /mallory is a member/)
    assert.match((await alice.post('/groups/water/proposals/2/decline')).text, /declined/)
    for (const act of ['1/accept', '1/decline', '2/accept', '3/accept', 'x/accept']) {
      await alice.get('/groups/water/proposals')
      assert.equal((await alice.post(`/groups/water/proposals/${act}`)).status, 404, act)
    }
    assert.equal((await mallory.get('/groups/water')).status, 200)
    assert.equal((await people.audited('proposal_accepted')).length, 1)
  })
})

describe('the site’s lists', () => {
  it('accounts are found by the beginning of name and address, and filtered by state', async () => {
    const root = await people.visitor('root')
    const all = await root.get('/site/accounts')
    assert.match(all.text, /href="\/site\/accounts\?after=[^"]+" rel="next"/)
    const found = await root.get('/site/accounts?q=CAR')
    assert.match(found.text, /\/site\/accounts\/carol"/)
    assert.doesNotMatch(found.text, /\/site\/accounts\/bob"/)
    assert.match((await root.get('/site/accounts?q=bob%40city')).text, /\/site\/accounts\/bob"/)
    for (const nothing of ['q=%25', 'q=_ob', 'state=suspended']) {
      assert.match((await root.get(`/site/accounts?${nothing}`)).text, /No account is like that/, nothing)
    }
    assert.equal((await root.get('/site/accounts/nobody')).status, 404)
    const carol = await root.get('/site/accounts/carol')
    assert.match(carol.text, /Member of 1 trust group\b/)
    assert.doesNotMatch(carol.text, /The water/, 'who is in a group is seen through broken glass only')
  })

  it('a group is made with its first administrator', async () => {
    const root = await people.visitor('root')
    await root.get('/site/new-group')
    const wrong = await root.post('/site/new-group', { name: 'Fire!', title: 'Fire', administrator: 'bob' })
    assert.equal(wrong.status, 422)
    const nobody = await root.post('/site/new-group', { name: 'fire', title: 'Fire', administrator: 'nobody' })
    assert.ok(nobody.text.includes('id="administrator-mistake"'))
    const made = await root.post('/site/new-group', { name: 'fire', title: 'Fire brigades', administrator: 'bob' })
    assert.equal(made.url, '/site/groups')
    assert.deepEqual(await people.administrators('fire'), ['bob'])
  })

  it('appoints and unappoints administrators', async () => {
    const root = await people.visitor('root')
    await root.get('/site/accounts/carol')
    assert.match((await root.post('/site/accounts/carol/appoint')).text, /carol administers the site now/)
    assert.match((await root.post('/site/accounts/carol/unappoint')).text, /carol no longer administers the site/)
    assert.equal((await root.post('/site/accounts/root/unappoint')).status, 409)
  })
})
