import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { blockMember } from '../../server/members/departures.ts'
import { fateSharing } from '../../server/members/vouching/fate-sharing.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { testSite } from '../support/site.ts'
import { waterGroup } from './water.ts'

const site = await testSite()
after(() => site.close())
const { context } = site
const water = await waterGroup(site, ['bob', 'carol', 'dave', 'erin', 'frank'])

describe('the fate-sharing report', () => {
  it('says whom a member vouched for, what each has left, and what follows from that in turn; then that happens', async () => {
    await water.policy({ minInvouch: 1, invouchGraceDays: 14 })
    // bob holds carol (approved) alone, who alone holds dave (approved); erin has another vouch
    await water.vouch(['alice', 'bob'], ['bob', 'carol'], ['carol', 'dave'], ['bob', 'erin'], ['frank', 'erin'])
    await water.put('carol', 'approved')
    await water.put('dave', 'approved')
    const shared = await fateSharing(context.database, {
      groupNo: await water.groupNo(),
      accountNo: await water.numberOf('bob'),
      nowMicros: context.clock.nowMicros(),
    })
    assert.deepEqual(
      shared.vouchees.map(({ account, vouches, left, becomes, isOnlyVouch, isDirect }) => [
        account,
        vouches,
        left,
        becomes,
        isOnlyVouch,
        isDirect,
      ]),
      [
        ['carol', 1, 0, 'failed', true, true],
        ['dave', 1, 0, 'failed', true, false],
        ['erin', 2, 1, 'active', false, true],
      ],
    )
    assert.deepEqual(
      shared.vouchers.map(({ account }) => account),
      ['alice'],
    )
    const before = await water.states()
    assert.equal(before['carol'], 'approved', 'the report changes nothing')
    await blockMember(context, { ...BY_OPERATOR, group: 'water', account: 'bob', voidVouches: true })
    const states = await water.states()
    for (const { account, becomes } of shared.vouchees) assert.equal(states[account], becomes, account)
  })

  it('stands before the question on the page, and nothing happens before the answer', async () => {
    const alice = await water.visitor('alice')
    const { text } = await alice.get('/groups/water/members/frank/block')
    assert.match(text, /Whose fate hangs on their vouches/)
    assert.match(text, /members\/erin/)
    assert.ok(text.indexOf('Whose fate') < text.lastIndexOf('Block frank?'))
    assert.equal((await water.states())['frank'], 'active')
    const long = await alice.post('/groups/water/members/frank/block', { reason: 'x'.repeat(1001) })
    assert.equal(long.status, 422)
    const done = await alice.post('/groups/water/members/frank/block', { reason: 'Sold data', void_vouches: 'on' })
    assert.match(done.text, /frank is blocked/)
    const [audited] = (await water.audited('member_blocked')).slice(-1)
    assert.deepEqual(audited, { actor: 'alice', detail: { group: 'water', account: 'frank', reason: 'Sold data' } })
    const voided = await context.database.kysely
      .selectFrom('vouch')
      .select('end_reason')
      .where('voucher_no', '=', await water.numberOf('frank'))
      .execute()
    assert.deepEqual(voided, [{ end_reason: 'voided' }])
  })

  it('a member who died stays in the directory, and their vouches go on to count', async () => {
    await water.account('gus')
    await water.member('water', 'gus')
    await water.vouch(['gus', 'erin'])
    const alice = await water.visitor('alice')
    await alice.get('/groups/water/members/gus/memorialise')
    assert.match((await alice.post('/groups/water/members/gus/memorialise')).text, /gus is remembered/)
    assert.equal((await water.states())['gus'], 'deceased')
    const erin = await water.visitor('erin')
    assert.match((await erin.get('/groups/water/members')).text, /members\/gus"/)
    assert.match((await erin.get('/groups/water/members/erin')).text, /members\/gus"/)
  })
})
