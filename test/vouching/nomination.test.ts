import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { approveNominee, withdrawNomination } from '../../server/members/vouching/approve.ts'
import { giveRole, takeRole } from '../../server/members/memberships.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { withdrawVouch } from '../../server/members/vouching/vouch.ts'
import { movableClock } from '../support/movable-clock.ts'
import { testSite } from '../support/site.ts'
import { vouchersOf } from './vouching-people.ts'

const DAY = 86_400_000_000
const clock = movableClock('2026-03-02T09:00:00Z')
const site = await testSite({ clock })
after(() => site.close())
const { context } = site
const people = vouchersOf(site)
await people.account('root', 'administrator')
for (const name of ['alice', 'bob', 'carol', 'dave', 'mallory']) await people.account(name)
await people.group('water', 'alice')
await people.group('ports', 'mallory')
for (const name of ['bob', 'carol', 'dave']) await people.member('water', name)

const approve = async (by: string, nominationNo: number) =>
  await approveNominee(context, { ...(await people.by(by)), group: 'water', nominationNo })

describe('a nomination', () => {
  it('makes an account without a way in, and is the first vouch', async () => {
    const before = (await people.notices('nominee-new')).length
    const number = await people.nominate('bob', 'Ána Ruíz')
    const accountNo = await people.nomineeNo(number)
    const account = await context.database.kysely
      .selectFrom('account')
      .select(['name', 'display_name', 'email', 'password_hash'])
      .where('account_no', '=', accountNo)
      .executeTakeFirstOrThrow()
    assert.match(account.name, /^anaruiz\d{4}$/)
    assert.deepEqual([account.display_name, account.password_hash], ['Ána Ruíz', null])
    assert.equal(await people.stateOf(accountNo), 'nominated')
    const [first, ...others] = await people.vouchesFor(accountNo)
    assert.equal(first?.voucher_no, await people.accountNo('bob'))
    assert.deepEqual(JSON.parse(first?.attested ?? ''), [
      { name: 'met', version: 1 },
      { name: 'trust', version: 1 },
      { name: 'fate', version: 1 },
    ])
    assert.equal(others.length, 0)
    const told = (await people.notices('nominee-new')).slice(before).map(({ address }) => address)
    assert.deepEqual(told, ['alice@city.example', 'carol@city.example', 'dave@city.example'], 'all but the nominator')
    const everything = await context.database.kysely.selectFrom('notice').select('address').execute()
    assert.ok(!everything.some(({ address }) => address === account.email), 'a nominee learns nothing')
    const [history] = await context.database.kysely
      .selectFrom('membership_history')
      .select(['event', 'from_state', 'to_state', 'actor'])
      .where('account_no', '=', accountNo)
      .execute()
    assert.deepEqual(history, { event: 'nominate', from_state: null, to_state: 'nominated', actor: 'bob' })
  })

  it('is vetted by the second vouch, approved by an administrator, welcomed by a link', async () => {
    const number = await people.nominate('bob', 'Vera Lund')
    await people.vouch('carol', `~${number}`)
    const accountNo = await people.nomineeNo(number)
    assert.equal(await people.stateOf(accountNo), 'vetted')
    assert.ok((await people.notices('nominee-vetted')).some(({ address }) => address === 'alice@city.example'))
    await assert.rejects(approve('bob', number), { code: 'forbidden' })
    assert.deepEqual(await approve('alice', number), { outcome: 'approved', mailed: true })
    assert.equal(await people.stateOf(accountNo), 'active')
    const [welcome] = (await people.notices('welcome')).filter(({ address }) => address === 'vera.lund@city.example')
    assert.match(welcome?.path ?? '', /^\/welcome\//)
    assert.ok((await people.notices('nomination-ended')).some(({ address }) => address === 'bob@city.example'))
    const profile = await context.database.kysely
      .selectFrom('profile')
      .select(['affiliation', 'biography'])
      .where('account_no', '=', accountNo)
      .executeTakeFirst()
    assert.deepEqual(profile, { affiliation: 'City works', biography: 'Runs the pumps.' })
    await assert.rejects(people.nominate('carol', 'Vera Lund', { isNoneOfThem: true }), { code: 'member_already' })
  })

  it('takes two administrators where the group says so, and each counts once', async () => {
    await people.rules('water', { approvals: 2 })
    await giveRole(context, { ...BY_OPERATOR, group: 'water', account: 'dave', role: 'group-administrator' })
    const number = await people.nominate('bob', 'Tom Two')
    await people.vouch('carol', `~${number}`)
    assert.equal((await approve('alice', number)).outcome, 'recorded')
    await assert.rejects(approve('alice', number), { code: 'approved_already' })
    assert.equal(await people.stateOf(await people.nomineeNo(number)), 'vetted')
    assert.equal((await approve('dave', number)).outcome, 'approved')
    await people.rules('water', {})
  })

  it('an approval counts no more when who gave it administers the group no more', async () => {
    await people.rules('water', { approvals: 2 })
    const number = await people.nominate('bob', 'Ulla Unsafe')
    await people.vouch('carol', `~${number}`)
    assert.equal((await approve('dave', number)).outcome, 'recorded')
    const place = { ...BY_OPERATOR, group: 'water', account: 'dave', role: 'group-administrator' } as const
    await takeRole(context, place)
    assert.equal((await approve('alice', number)).outcome, 'recorded', 'this is one of two')
    await giveRole(context, { ...place, account: 'carol' })
    assert.equal((await approve('carol', number)).outcome, 'approved')
    await takeRole(context, { ...place, account: 'carol' })
    await giveRole(context, place)
    await people.rules('water', {})
  })

  it('is not approved by its nominator alone', async () => {
    const number = await people.nominate('alice', 'Nina Own')
    await people.vouch('carol', `~${number}`)
    assert.equal((await approve('alice', number)).outcome, 'recorded')
    assert.equal((await approve('dave', number)).outcome, 'approved')
  })

  it('is approved by its nominator where that is the only administrator: nobody else could', async () => {
    await people.rules('ports', { targetInvouch: 1 })
    const number = await people.nominate('mallory', 'Solo Sailor', { group: 'ports' })
    const wanted = { ...(await people.by('mallory')), group: 'ports', nominationNo: number }
    assert.equal((await approveNominee(context, wanted)).outcome, 'approved')
  })

  it('is approved neither before it is vetted nor over a concern', async () => {
    const { sendSignal, settleSignal, listSignals } = await import('../../server/members/vouching/signals.ts')
    const number = await people.nominate('bob', 'Carl Concern')
    await assert.rejects(approve('alice', number), { code: 'state' })
    await people.vouch('carol', `~${number}`)
    const told = { group: 'water', about: `~${number}`, reason: 'Sold my data once.' }
    await sendSignal(context, { ...(await people.by('dave')), ...told, kind: 'concern' })
    await assert.rejects(approve('alice', number), /a concern that nobody has settled/)
    const alice = await people.visitor('alice')
    const page = await alice.get(`/groups/water/nominations/${number}`)
    assert.match(page.text, /has told of a concern[^<]*<a href="\/groups\/water\/concerns"/)
    assert.doesNotMatch(page.text, new RegExp(`nominations/${number}/approve`), 'no button that cannot work')
    const bob = await people.visitor('bob')
    assert.doesNotMatch((await bob.get(`/groups/water/nominations/${number}`)).text, /told of a concern/)
    const reader = await people.accountNo('alice')
    const [signal] = await listSignals(context.database, await people.groupNo('water'), reader)
    const settling = { group: 'water', signalNo: signal?.signalNo ?? 0, text: 'It was somebody else.' }
    await settleSignal(context, { ...(await people.by('alice')), ...settling })
    assert.equal((await approve('alice', number)).outcome, 'approved')
  })

  it('fails when nobody vouches any more, and can be opened again with its history', async () => {
    const number = await people.nominate('bob', 'Fay Fail')
    const accountNo = await people.nomineeNo(number)
    await withdrawVouch(context, { ...(await people.by('bob')), group: 'water', vouchee: `~${number}` })
    assert.equal(await people.stateOf(accountNo), 'failed')
    const again = await people.nominate('carol', 'Fay Fail')
    assert.equal(await people.nomineeNo(again), accountNo)
    assert.equal(await people.stateOf(accountNo), 'nominated')
    const vouches = await people.vouchesFor(accountNo)
    assert.deepEqual(
      vouches.map((each) => each.end_reason),
      ['withdrawn', null],
      'the vouch of before stays on the record',
    )
    const outcomes = await context.database.kysely
      .selectFrom('nomination')
      .select('outcome')
      .where('account_no', '=', accountNo)
      .orderBy('nomination_no')
      .execute()
    assert.deepEqual(outcomes, [{ outcome: 'failed' }, { outcome: null }])
  })

  it('runs out of time where the group says so', async () => {
    await people.rules('water', { maxVouchDays: 30 })
    const { reviewEveryone } = await import('../../server/members/review.ts')
    const number = await people.nominate('bob', 'Lena Late')
    const carol = await people.visitor('carol')
    const { text } = await carol.get('/groups/water/nominations')
    assert.match(text, /Fails unless vetted/)
    assert.match(text, /in 30 days/)
    clock.move(31 * DAY)
    await reviewEveryone(context)
    assert.equal(await people.stateOf(await people.nomineeNo(number)), 'failed')
    await people.rules('water', {})
  })

  it('is withdrawn by an administrator, without an outcome for the person', async () => {
    const number = await people.nominate('bob', 'Wim Withdrawn')
    const accountNo = await people.nomineeNo(number)
    await assert.rejects(
      withdrawNomination(context, { ...(await people.by('bob')), group: 'water', nominationNo: number }),
      { code: 'forbidden' },
    )
    await withdrawNomination(context, { ...(await people.by('alice')), group: 'water', nominationNo: number })
    assert.equal(await people.stateOf(accountNo), undefined)
    assert.equal(await people.nomineeNo(await people.nominate('carol', 'Wim Withdrawn')), accountNo)
  })

  it('of somebody who has an account leads into it, once the address is proven', async () => {
    await people.account('peter')
    const number = await people.nominate('bob', 'Peter Known', { email: 'Peter@City.Example' })
    assert.equal(await people.nomineeNo(number), await people.accountNo('peter'))
    await people.vouch('carol', `~${number}`)
    await assert.rejects(approve('alice', number), { code: 'address_unproven' })
    await context.database.kysely
      .insertInto('account_address')
      .values({
        account_no: await people.accountNo('peter'),
        address: 'peter@city.example',
        created_micros: 1,
        verified_micros: 1,
      })
      .execute()
    assert.equal((await approve('alice', number)).outcome, 'approved')
    const told = await people.notices('membership-changed')
    assert.ok(told.some(({ address, path }) => address === 'peter@city.example' && path === '/groups/water'))
  })

  it('is closed to members where the group says so, never to administrators', async () => {
    await people.rules('water', { nominationsOpen: false })
    await assert.rejects(people.nominate('bob', 'Otto Open'), { code: 'forbidden' })
    const bob = await people.visitor('bob')
    assert.match((await bob.get('/groups/water/nominate')).text, /Nominations are closed/)
    await people.nominate('alice', 'Otto Open')
    await people.rules('water', {})
  })
})

describe('the form', () => {
  it('asks whether it is somebody who is there already, and goes on when it is not', async () => {
    const bob = await people.visitor('bob')
    await people.nominate('carol', 'Jörg Müller')
    const fields = {
      name: 'Muller, Jorg',
      email: 'jm@harbour.example',
      affiliation: '',
      biography: '',
      text: 'We sailed together.',
      attested: ['met:1', 'trust:1', 'fate:1'],
    }
    await bob.get('/groups/water/nominate')
    const asked = await bob.post('/groups/water/nominate', fields)
    assert.equal(asked.status, 422)
    assert.match(asked.text, /Jörg Müller/)
    assert.match(asked.text, /We sailed together/, 'nothing has to be written twice')
    const done = await bob.post('/groups/water/nominate', { ...fields, 'none-of-them': 'on' })
    assert.match(done.text, /Muller, Jorg is nominated/)
  })

  it('names every field that is wrong, and keeps nothing of it', async () => {
    const bob = await people.visitor('bob')
    await bob.get('/groups/water/nominate')
    for (const [fields, said] of [
      [{ name: '', email: 'x@city.example' }, /a name has 1 to 100 characters/i],
      [{ name: 'Xeno', email: 'nobody' }, /write one e-mail address/i],
      [{ name: 'Xeno', email: 'x@city.example', text: '' }, /your vouch is needed/i],
      [{ name: 'Xeno', email: 'x@city.example', text: 'so', attested: ['met:1'] }, /missing: trust:1, fate:1/],
    ] as const) {
      const got = await bob.post('/groups/water/nominate', { text: 'so', ...fields })
      assert.equal(got.status, 422)
      assert.match(got.text, said)
    }
    assert.equal((await people.audited('nominated')).filter(({ detail }) => detail['nominee'] === 'Xeno').length, 0)
  })
})
