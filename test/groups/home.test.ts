import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { PortalClient } from '../support/portal-client.ts'
import { addKeys, KEYS_ARE_FOR } from '../support/portal-keys.ts'
import { testSite, type TestSite } from '../support/site.ts'
import { waterGroup } from './water.ts'

const DAY = 86_400_000_000

let site: TestSite
let water: Awaited<ReturnType<typeof waterGroup>>
let bob: PortalClient
let carol: PortalClient

before(async () => {
  site = await testSite()
  water = await waterGroup(site, ['bob', 'carol'])
  bob = await water.visitor('bob')
  carol = await water.visitor('carol')
})
after(() => site.close())

const rows = () => site.context.database.kysely
const now = () => site.context.clock.nowMicros()

/** What waits for somebody on the home of the group. */
async function waiting(client: PortalClient): Promise<string> {
  const { text } = await client.get('/groups/water')
  const [, rest = ''] = text.split('What waits for you')
  return rest.slice(0, rest.indexOf('</section>')).replaceAll(/\s+/g, ' ')
}

describe('the page of a member', () => {
  it('has the fields of the group, and whom they worked for before', async () => {
    const account_no = await water.numberOf('bob')
    const group_no = await water.groupNo()
    await water.profile('bob', { affiliation: 'Port of Tacoma' })
    for (const [name, label, value, retired_micros] of [
      ['call_sign', 'Call <sign>', 'K7<b>X</b>', null],
      ['old', 'Old one', 'gone for good', now()],
    ] as const) {
      await rows()
        .insertInto('group_field')
        .values({ group_no, name, label, created_micros: now(), retired_micros })
        .execute()
      await rows().insertInto('member_field').values({ group_no, account_no, name, value }).execute()
    }
    await rows()
      .insertInto('affiliation')
      .values([
        { account_no, organisation: 'City & County', from_micros: now() - 400 * DAY, until_micros: now() - 10 * DAY },
        { account_no, organisation: 'Port of Tacoma', from_micros: now() - 10 * DAY },
      ])
      .execute()
    const { text } = await carol.get('/groups/water/members/bob')
    assert.match(text, /Call &lt;sign&gt;[\s\S]{0,80}K7&lt;b&gt;X&lt;\/b&gt;/)
    assert.doesNotMatch(text, /gone for good/)
    assert.match(text, /<t[hd][^>]*>City &amp; County<\/t[hd]>/)
    assert.match(text, /<t[hd][^>]*>Port of Tacoma<\/t[hd]>[\s\S]*<td[^>]*>now<\/td>/)
    await water.account('zoe')
    await water.group('fire', 'zoe')
    await water.member('fire', 'bob')
    const elsewhere = await (await water.visitor('zoe')).get('/groups/fire/members/bob')
    assert.equal(elsewhere.status, 200)
    assert.doesNotMatch(elsewhere.text, /K7/, 'what one group asks is nothing to another')
  })

  it('has the fingerprint of the key that the group encrypts to, and whether it is good', async () => {
    assert.match((await carol.get('/groups/water/members/bob')).text, /no certificate for this group/)
    await rows().updateTable('account').set({ email: KEYS_ARE_FOR }).where('name', '=', 'bob').execute()
    await addKeys(site.context, 'bob')
    const { text } = await carol.get('/groups/water/members/bob')
    assert.match(text, /<code>22E2 C970 71FF D50E A662 E1A1 2BEA 910D ED94 D492<\/code>\s*<[^>]*>[^<]*good/)
    const expires = now() - DAY
    await rows()
      .updateTable('certificate')
      .set({ expires_micros: expires })
      .where('proven_micros', 'is not', null)
      .execute()
    const later = await carol.get('/groups/water/members/bob')
    assert.match(later.text, /2BEA 910D ED94 D492<\/code>\s*<[^>]*>[^<]*expired/)
  })

  it('shows the address of who hides it nowhere: page, directory, cards and vCards', async () => {
    const address = /dana\.whitehorse@example\.org/
    const pages = ['/groups/water/members/bob', '/groups/water/cards', '/groups/water/cards/vcards']
    await water.profile('bob', { hide_email: false })
    for (const path of pages) assert.match((await carol.get(path)).text, address, path)
    await water.profile('bob', { hide_email: true })
    for (const path of [...pages, '/groups/water/members', '/groups/water/members?q=dana.whitehorse']) {
      assert.doesNotMatch((await carol.get(path)).text.replace('value="dana.whitehorse"', ''), address, path)
    }
    assert.match((await carol.get('/groups/water/members/bob')).text, /bob/)
  })
})

describe('the home of a group', () => {
  it('says when another key takes over, and that the key has expired', async () => {
    const text = await waiting(bob)
    assert.match(text, /href="\/account\/keys">Another certificate of yours takes over<\/a> <time/)
    assert.match(text, /href="\/account\/keys">Your OpenPGP certificate expired<\/a> <time/)
    await rows()
      .updateTable('certificate')
      .set({ expires_micros: now() + 5 * DAY })
      .where('proven_micros', 'is not', null)
      .execute()
    assert.match(await waiting(bob), /Your OpenPGP certificate expires<\/a> <time/)
    assert.doesNotMatch(await waiting(carol), /certificate/)
  })

  it('counts the vouches that run out within 30 days, not those that have longer', async () => {
    await water.vouch(['carol', 'bob'], ['carol', 'alice'])
    assert.doesNotMatch(await waiting(carol), /run/)
    const until = (name: string, days: number) =>
      water.numberOf(name).then((vouchee_no) =>
        rows()
          .updateTable('vouch')
          .set({ expires_micros: now() + days * DAY })
          .where('vouchee_no', '=', vouchee_no)
          .execute(),
      )
    await until('bob', 20)
    await until('alice', 40)
    assert.match(await waiting(carol), /href="\/groups\/water\/vouching">One vouch of yours runs out within 30 days/)
    await until('alice', 29)
    assert.match(await waiting(carol), /2 vouches of yours run out/)
    assert.doesNotMatch(await waiting(bob), /run/)
  })

  it('tells administrators alone of requests to be invited', async () => {
    const group_no = await water.groupNo()
    await rows()
      .insertInto('admission_request')
      .values({ group_no, name: 'Ana', email: 'ana@city.example', made_micros: now() })
      .execute()
    const alice = await water.visitor('alice')
    assert.match(await waiting(alice), /href="\/groups\/water\/requests">One person asks to be invited/)
    assert.doesNotMatch(await waiting(bob), /invited/)
    assert.notEqual((await bob.get('/groups/water/requests')).status, 200)
  })

  it('shows what is missing, and nothing else, to whom the group has only let in', async () => {
    await water.policy({ pgpRequired: true })
    await water.put('carol', 'approved')
    const { text, status } = await carol.get('/groups/water')
    assert.equal(status, 200)
    assert.match(text, /a few things are missing/)
    assert.doesNotMatch(text, /What waits for you/)
    assert.match(text, /href="\/groups\/water\/membership"/)
  })
})
