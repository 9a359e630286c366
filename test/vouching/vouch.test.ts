import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { wordAttestation } from '../../server/members/vouching/attestations.ts'
import { giveRole } from '../../server/members/memberships.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { vouchesAbout } from '../../server/members/vouching/vouches.ts'
import { exportVouches } from '../../server/members/vouching/vouch-export.ts'
import { movableClock } from '../support/movable-clock.ts'
import { testSite } from '../support/site.ts'
import { ALL_TICKED, vouchersOf } from './vouching-people.ts'

const DAY = 86_400_000_000
const clock = movableClock('2026-03-02T09:00:00Z')
const site = await testSite({ clock })
after(() => site.close())
const { context } = site
const people = vouchersOf(site)
await people.account('root', 'administrator')
for (const name of ['alice', 'bob', 'carol', 'dave', 'erin']) await people.account(name)
await people.group('water', 'alice')
await people.group('ports', 'alice')
for (const name of ['bob', 'carol', 'dave']) await people.member('water', name)
const page = '/groups/water/vouch/carol'

describe('a vouch', () => {
  it('is given, said in other words and taken back by forms; every wording stays on the record', async () => {
    const bob = await people.visitor('bob')
    await bob.get(page)
    const refused = await bob.post(page, { text: 'Met once.', attested: ['met:1'] })
    assert.equal(refused.status, 422)
    assert.match(refused.text, /missing: trust:1, fate:1/)
    assert.match((await bob.post(page, { text: 'Met often.', attested: ALL_TICKED })).text, /You vouch for carol/)
    await bob.get(page)
    await bob.post(page, { text: 'Met very often.', attested: ALL_TICKED })
    await bob.get(page)
    assert.match((await bob.post(`${page}/withdraw`)).text, /You do not vouch for carol any more/)
    const rows = await people.vouchesFor(await people.accountNo('carol'))
    assert.deepEqual(
      rows.map((row) => [row.text, row.end_reason]),
      [
        ['Met often.', 'replaced'],
        ['Met very often.', 'withdrawn'],
      ],
    )
    const told = (await people.notices('vouch-changed')).map(({ address }) => address)
    assert.deepEqual(told, ['carol@city.example', 'carol@city.example', 'carol@city.example'])
  })

  it('makes a newcomer active who has to give one', async () => {
    await people.rules('water', { minOutvouch: 1 })
    await people.member('water', 'erin')
    assert.equal(await people.stateOf('erin'), 'approved')
    const number = await people.nominate('alice', 'Nora Hidden')
    const erin = await people.visitor('erin')
    const panel = await erin.get('/groups/water/vouching')
    assert.match(panel.text, /vouch\/carol/)
    assert.doesNotMatch(panel.text, /Nora Hidden/, 'a newcomer does not see who is nominated')
    assert.equal((await erin.get(`/groups/water/vouch/~${number}`)).status, 403)
    await erin.get('/groups/water/vouch/carol')
    await erin.post('/groups/water/vouch/carol', { text: 'Old friends.', attested: ALL_TICKED })
    assert.equal(await people.stateOf('erin'), 'active')
    await people.rules('water', {})
  })

  it('expires where the group says so, is asked about before, and counts again by one click', async () => {
    await people.rules('water', { vouchDays: 100 })
    await people.vouch('bob', 'dave')
    const bob = await people.visitor('bob')
    assert.doesNotMatch((await bob.get('/groups/water/vouching')).text, /Still true\?/)
    clock.move(80 * DAY)
    const again = await people.visitor('bob')
    const daveNo = await people.accountNo('dave')
    const moved = { account_no: daveNo, organisation: 'Harbour works', from_micros: context.clock.nowMicros() }
    await context.database.kysely.insertInto('affiliation').values(moved).execute()
    const { text } = await again.get('/groups/water/vouching')
    assert.match(text, /Still true\?/)
    assert.match(text, /Changed affiliation since: Harbour works/)
    await again.post('/groups/water/vouch/dave/renew')
    assert.doesNotMatch((await again.get('/groups/water/vouching')).text, /Still true\?/)
    const [, renewed] = await people.vouchesFor(daveNo)
    assert.equal(renewed?.text, 'So says bob.')
    assert.ok((renewed?.expires_micros ?? 0) > context.clock.nowMicros() + 99 * DAY)
    await people.rules('water', {})
  })

  it('keeps the wording that was affirmed; a new wording has to be ticked anew', async () => {
    await people.vouch('carol', 'dave')
    const bob = await people.visitor('bob')
    await bob.get('/groups/water/vouch/alice')
    const text = 'I have met this person in person, at two meetings at least.'
    await wordAttestation(context, { ...(await people.by('alice')), group: 'water', act: 'reword', name: 'met', text })
    const old = await bob.post('/groups/water/vouch/alice', { text: '', attested: ALL_TICKED })
    assert.equal(old.status, 422)
    assert.match(old.text, /the wording of .*met.* was changed/i)
    await bob.post('/groups/water/vouch/alice', { text: '', attested: ['met:2', 'trust:1', 'fate:1'] })
    const [row] = await people.vouchesFor(await people.accountNo('alice'))
    assert.deepEqual(JSON.parse(row?.attested ?? '')[0], { name: 'met', version: 2 })
    const carol = await people.visitor('carol')
    assert.match((await carol.get('/groups/water/vouch/dave')).text, /met \(wording 1, since changed\)/)
    const renewed = await carol.post('/groups/water/vouch/dave/renew')
    assert.match(renewed.text, /worded anew since/)
    await people.group('fresh', 'alice')
    assert.match((await (await people.visitor('alice')).get('/groups/fresh/attestations')).text, /face to face/)
  })

  it('offers the words of another group that both see', async () => {
    for (const name of ['bob', 'erin']) await people.member('ports', name)
    await people.vouch('bob', 'erin', { group: 'ports', text: 'Erin built the lock gates.' })
    const bob = await people.visitor('bob')
    assert.match((await bob.get('/groups/water/vouch/erin')).text, /Erin built the lock gates/)
  })
})

describe('the control panel', () => {
  it('lists nominees first, sorts by what was said, finds by affiliation, marks in private', async () => {
    const number = await people.nominate('alice', 'Zeno Nominee', {
      affiliation: 'Lock keepers',
      attested: ['met:2', 'trust:1', 'fate:1'],
    })
    const dave = await people.visitor('dave')
    const { text } = await dave.get('/groups/water/vouching')
    assert.ok(text.indexOf('Zeno Nominee') < text.indexOf('>alice<'), 'a nominee comes before everybody')
    assert.match((await dave.get('/groups/water/vouching?filter=lock')).text, /Zeno Nominee/)
    await dave.get('/groups/water/vouching')
    const marked = await dave.post('/groups/water/vouching', { act: 'unknown', who: [`~${number}`, 'bob'] })
    assert.match(marked.text, /2 people are marked/)
    assert.doesNotMatch(marked.text, /Zeno Nominee/)
    assert.match((await dave.get('/groups/water/vouching?list=unknown')).text, /Zeno Nominee/)
    const alice = await people.visitor('alice')
    assert.doesNotMatch((await alice.get('/groups/water/audit')).text, /mark/i, 'a mark is nobody else’s business')
    await dave.post('/groups/water/vouching', { act: 'known', who: 'bob' })
    assert.doesNotMatch((await dave.get('/groups/water/vouching?list=unknown')).text, />bob</)
  })

  it('vouches for several, for all or for none', async () => {
    const bob = await people.visitor('bob')
    await bob.get('/groups/water/vouching')
    const chosen = await bob.post('/groups/water/vouching', { who: ['carol', 'erin'] })
    assert.match(chosen.url, /several\?who=carol&who=erin/)
    const ticked = ['met:2', 'trust:1', 'fate:1']
    const half = { who: ['carol', 'erin'], 'text-0': 'Yes.', 'attested-0': ticked, 'text-1': 'Yes too.' }
    const refused = await bob.post('/groups/water/vouching/several', half)
    assert.equal(refused.status, 422)
    assert.match(refused.text, /Yes too\./)
    const carolNo = await people.accountNo('carol')
    const standing = async () => (await people.vouchesFor(carolNo)).filter((row) => row.ended_micros === null).length
    const before = await standing()
    const done = await bob.post('/groups/water/vouching/several', { ...half, 'attested-1': ticked })
    assert.match(done.text, /You vouch for 2 people/)
    assert.equal(await standing(), before + 1)
  })

  it('250 people are two pages, each with everybody once', async () => {
    const group_no = await people.groupNo('ports')
    await context.database.transaction(async (trx) => {
      const rows = Array.from({ length: 250 }, (_, i) => ({
        name: `member-${String(i).padStart(3, '0')}`,
        role: 'member' as const,
        created_micros: 1,
      }))
      const made = await trx.insertInto('account').values(rows).returning('account_no').execute()
      const memberships = made.map(({ account_no }) => ({ account_no, group_no, created_micros: 1 }))
      await trx.insertInto('membership').values(memberships).execute()
    })
    const bob = await people.visitor('bob')
    const first = await bob.get('/groups/ports/vouching')
    const next = /href="(\/groups\/ports\/vouching\?after=[^"]+)"/.exec(first.text)?.[1] ?? ''
    const second = await bob.get(next)
    const names = [first, second].flatMap(({ text }) => text.match(/value="member-\d{3}"/g) ?? [])
    assert.equal(names.length, 250)
    assert.equal(new Set(names).size, 250)
  })
})

describe('what is seen of vouches', () => {
  const seen = async (by: string, about: string) => {
    const { access } = await context.freshness.read()
    const group = access.group('water')
    const [viewerNo, accountNo] = [await people.accountNo(by), await people.accountNo(about)]
    const { vouchEyes } = await import('../../server/members/vouching/vouches.ts')
    const eyes = vouchEyes(access.membership(viewerNo, group?.groupNo ?? 0), group!.policy)
    const nowMicros = context.clock.nowMicros()
    return await vouchesAbout(context.database, { groupNo: group?.groupNo ?? 0, accountNo, viewerNo, eyes, nowMicros })
  }

  it('follows the group’s choice; administrators see all, everybody their own', async () => {
    await people.rules('water', { vouchVisibility: 'counts' })
    const counted = await seen('dave', 'carol')
    assert.ok(counted.received > 0)
    assert.deepEqual(counted.shownReceived, [])
    assert.ok((await seen('alice', 'carol')).shownReceived.every((each) => each.text !== undefined))
    assert.equal((await seen('carol', 'carol')).shownReceived.length, counted.received)
    await people.rules('water', { vouchVisibility: 'names' })
    const named = await seen('dave', 'carol')
    assert.ok(named.shownReceived.length > 0 && named.shownReceived.every((each) => each.text === undefined))
    await people.rules('water', { vouchVisibility: 'comments' })
    assert.ok((await seen('dave', 'carol')).shownReceived.some((each) => each.text === 'Yes.'))
  })

  it('the desk of nominations shows who vouches only where the group does', async () => {
    await people.rules('water', { vouchVisibility: 'counts' })
    const dave = await people.visitor('dave')
    const { text } = await dave.get('/groups/water/nominations')
    assert.match(text, /This group shows how many vouch, not who/)
    assert.doesNotMatch(text, /Nominated by/)
    await people.rules('water', {})
    assert.match((await dave.get('/groups/water/nominations')).text, /Nominated by/)
  })
})

describe('the export', () => {
  it('runs nothing in a spreadsheet, is announced to every member and stands on the page of exports', async () => {
    await giveRole(context, { ...BY_OPERATOR, group: 'water', account: 'dave', role: 'group-administrator' })
    for (const text of ['=cmd|calc', '+1', '-1', '@sum', ' \u00a0=1+1']) {
      const { vouch } = await import('../../server/members/vouching/vouch.ts')
      const attested = ['met:2', 'trust:1', 'fate:1']
      await vouch(context, { ...(await people.by('erin')), group: 'water', vouchee: 'bob', text, attested })
      const { csv } = await exportVouches(context, { ...(await people.by('dave')), group: 'water' })
      assert.match(csv, new RegExp(`"'${text.trim().replaceAll(/[|+]/g, '\\$&')}"`), text)
    }
    const told = (await people.notices('vouches-exported')).map(({ address }) => address)
    for (const name of ['alice', 'bob', 'carol', 'dave', 'erin']) {
      assert.equal(told.filter((address) => address === `${name}@city.example`).length, 5, name)
    }
    assert.equal((await people.audited('vouches_exported')).length, 5)
    const dave = await people.visitor('dave')
    assert.match((await dave.get('/groups/water/vouch-export')).text, /Who took them away/)
    const file = await dave.post('/groups/water/vouch-export')
    assert.match(file.headers.get('content-type') ?? '', /text\/csv/)
    assert.match(file.text, /^voucher,voucher_name|^"voucher"/)
  })
})
