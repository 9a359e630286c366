import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { addressFor, verifiedAddressesOf } from '../../server/members/profile/addresses.ts'
import { makeInvitation } from '../../server/members/invitations/invitations.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { peopleOf } from '../members/people.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite, testSite } from '../support/site.ts'

const DAY = 86_400_000_000
const clock = movableClock('2026-11-22T08:00:00Z')
let site: TestSite
let people: ReturnType<typeof peopleOf>
before(async () => {
  site = await testSite({ clock })
  people = peopleOf(site)
  for (const name of ['ana', 'ben', 'cy']) await site.addUser(name)
  await people.group('harbour', 'ana')
  await people.group('clinic', 'ana')
  await people.member('harbour', 'ben')
})
after(() => site.close())

const client = async (name: string) => {
  const visitor = new PortalClient(site.url)
  await visitor.signIn(name, PASSWORD)
  await visitor.get('/account/email')
  return visitor
}
const ask = async (visitor: PortalClient, email: string) => {
  await visitor.get('/account/email')
  return await visitor.post('/account/email', { email })
}
const lastLink = async (address: string) => {
  const sent = await people.notices('address-check')
  return sent.findLast((notice) => notice.address === address)?.path ?? ''
}
const confirm = async (visitor: PortalClient, address: string) => {
  const link = await lastLink(address)
  assert.equal((await visitor.get(link)).status, 200)
  return await visitor.post(link)
}
const numberOf = async (name: string) => {
  const { access } = await site.context.freshness.read()
  return access.accountNamed(name)?.accountNo ?? 0
}
const emailOf = async (name: string) => {
  const { access } = await site.context.freshness.read()
  return access.accountNamed(name)?.email
}
/** The number of an address that a button of the page sends. */
const addressNo = async (name: string, address: string) => {
  const row = await site.context.database.kysely
    .selectFrom('account_address')
    .select('address_no')
    .where('account_no', '=', await numberOf(name))
    .where('address', '=', address)
    .executeTakeFirstOrThrow()
  return String(row.address_no)
}

describe('an address of one’s own', () => {
  it('counts once its link was opened and its button pressed; looking uses nothing up', async () => {
    const ana = await client('ana')
    const got = await ask(ana, ' Ana@City.Example ')
    assert.match(got.text, /on its way/)
    assert.match(got.text, /Not confirmed/)
    assert.deepEqual(await verifiedAddressesOf(site.context.database, await numberOf('ana')), [])
    const link = await lastLink('ana@city.example')
    for (let look = 0; look < 3; look += 1) assert.match((await ana.get(link)).text, /ana@city\.example belongs to you/)
    assert.equal(await emailOf('ana'), undefined)
    assert.match((await ana.post(link)).text, /ana@city\.example is confirmed/)
    assert.deepEqual(await verifiedAddressesOf(site.context.database, await numberOf('ana')), ['ana@city.example'])
    assert.equal(await emailOf('ana'), 'ana@city.example', 'the first address is used for notices')
    await ana.get(link)
    assert.equal((await ana.post(link)).status, 404, 'a link works once')
  })

  it('is confirmed by nobody but whoever asked, and not after a day', async () => {
    const ana = await client('ana')
    await ask(ana, 'ana@port.example')
    const link = await lastLink('ana@port.example')
    const ben = await client('ben')
    const others = await ben.get(link)
    assert.equal(others.status, 404)
    assert.ok(!others.text.includes('ana@port.example'))
    await ben.get('/account/email')
    assert.equal((await ben.post(link)).status, 404)
    assert.match((await new PortalClient(site.url).get(link)).url, /^\/sign-in\?next=/)
    clock.move(DAY)
    const later = await client('ana')
    assert.equal((await later.get(link)).status, 404)
    await ask(later, 'ana@port.example')
    const first = await lastLink('ana@port.example')
    await ask(later, 'ana@port.example')
    assert.equal((await later.get(first)).status, 404, 'a newer link replaces it')
    assert.match((await confirm(later, 'ana@port.example')).text, /is confirmed/)
  })

  it('of somebody else gets the same answer and no mail', async () => {
    const ben = await client('ben')
    const mine = await ask(ben, 'ben@city.example')
    const before = (await people.notices('address-check')).length
    const theirs = await ask(ben, 'ana@city.example')
    assert.equal((await people.notices('address-check')).length, before)
    const bare = (text: string) =>
      text.replaceAll(/(?:ana|ben)@city\.example|value="[^"]*"/g, '').replaceAll(/\s+/g, ' ')
    assert.equal(theirs.status, mine.status)
    assert.equal(
      /class="toast[\s\S]{0,400}/.exec(bare(theirs.text))?.[0],
      /class="toast[\s\S]{0,400}/.exec(bare(mine.text))?.[0],
    )
    assert.match(theirs.text, /on its way/)
    assert.match(theirs.text, /ana@city\.example[\s\S]*Not confirmed/)
  })

  it('belongs to whoever confirms it first', async () => {
    const [ana, ben] = [await client('ana'), await client('ben')]
    await ask(ana, 'shared@city.example')
    const forAna = await lastLink('shared@city.example')
    await ask(ben, 'shared@city.example')
    assert.match((await confirm(ben, 'shared@city.example')).text, /is confirmed/)
    await ana.get('/account/email')
    assert.equal((await ana.post(forAna)).status, 404)
    assert.deepEqual(await verifiedAddressesOf(site.context.database, await numberOf('ben')), ['shared@city.example'])
  })

  it('is asked for a few times in an hour, and no mailbox is filled', async () => {
    clock.move(DAY)
    const cy = await client('cy')
    for (let time = 0; time < 10; time += 1) assert.equal((await ask(cy, `cy${time}@city.example`)).status, 200)
    assert.equal((await ask(cy, 'more@city.example')).status, 422)
    const before = (await people.notices('address-check')).length
    clock.move(3_600_000_000)
    const again = await client('cy')
    for (let time = 0; time < 5; time += 1) assert.equal((await ask(again, 'cy0@city.example')).status, 200)
    assert.equal((await people.notices('address-check')).length, before + 2)
  })

  it('refuses what is no address', async () => {
    clock.move(DAY)
    const cy = await client('cy')
    for (const email of ['cy', 'cy@', 'a b@example.org', '<cy@example.org>', 'cy@example.org, x@example.org', '']) {
      assert.equal((await ask(cy, email)).status, 422, email)
    }
  })
})

describe('what an address is used for', () => {
  it('notices go to one that is confirmed, and the old one is told', async () => {
    const ana = await client('ana')
    await ana.post('/account/email/use', { address: await addressNo('ana', 'shared@city.example') })
    assert.equal(await emailOf('ana'), 'ana@city.example', 'not one that is not confirmed')
    await ana.get('/account/email')
    const got = await ana.post('/account/email/use', { address: await addressNo('ana', 'ana@port.example') })
    assert.match(got.text, /Notices go to this address now/)
    assert.equal(await emailOf('ana'), 'ana@port.example')
    assert.deepEqual(
      (await people.notices('email-changed')).map(({ address }) => address),
      ['ana@city.example'],
    )
    const audit = await site.context.database.kysely.selectFrom('audit').select('detail').execute()
    assert.ok(!JSON.stringify(audit).includes('@port.example'), 'the audit has no address')
  })

  it('nobody uses or removes an address of another account', async () => {
    const cy = await client('cy')
    const number = await addressNo('ana', 'ana@city.example')
    assert.equal((await cy.post('/account/email/use', { address: number })).status, 404)
    await cy.get('/account/email')
    assert.equal((await cy.post('/account/email/remove', { address: number })).status, 404)
    assert.ok((await verifiedAddressesOf(site.context.database, await numberOf('ana'))).includes('ana@city.example'))
  })

  it('one per group, and it stays while it is used', async () => {
    const ana = await client('ana')
    const number = await addressNo('ana', 'ana@city.example')
    await ana.get('/groups/harbour/you')
    const got = await ana.post('/groups/harbour/you', { address: number })
    assert.match(got.text, /Saved/)
    const [accountNo, { access }] = [await numberOf('ana'), await site.context.freshness.read()]
    const [harbour, clinic] = [access.group('harbour')?.groupNo ?? 0, access.group('clinic')?.groupNo ?? 0]
    assert.equal(await addressFor(site.context.database, accountNo, harbour), 'ana@city.example')
    assert.equal(await addressFor(site.context.database, accountNo, clinic), 'ana@port.example')
    assert.equal(await addressFor(site.context.database, await numberOf('cy'), clinic), undefined)
    await ana.get('/account/email')
    const kept = await ana.post('/account/email/remove', { address: number })
    assert.equal(kept.status, 422)
    assert.match(kept.text, /in use for The harbour: choose another there first/)
    await ana.get('/groups/harbour/you')
    await ana.post('/groups/harbour/you', { address: 'main' })
    await ana.get('/account/email')
    assert.match((await ana.post('/account/email/remove', { address: number })).text, /was removed/)
    assert.equal(await addressFor(site.context.database, accountNo, harbour), 'ana@port.example')
  })

  it('none: then there are no notices', async () => {
    const ana = await client('ana')
    assert.match((await ana.post('/account/email/use', { address: 'none' })).text, /You get no notices any more/)
    assert.equal(await emailOf('ana'), undefined)
  })
})

it('an invitation that came by mail has proven its address', async () => {
  const invite = (email?: string) => makeInvitation(site.context, { ...BY_OPERATOR, group: 'harbour', email })
  const accept = async (token: string, name: string) => {
    const visitor = new PortalClient(site.url)
    await visitor.get(`/invitation/${token}`)
    await visitor.post(`/invitation/${token}`, { name, display_name: name, password: PASSWORD, again: PASSWORD })
  }
  await accept((await invite('Dora@city.example')).token, 'dora')
  assert.deepEqual(await verifiedAddressesOf(site.context.database, await numberOf('dora')), ['dora@city.example'])
  await accept((await invite()).token, 'ede')
  assert.ok((await numberOf('ede')) > 0)
  assert.deepEqual(await verifiedAddressesOf(site.context.database, await numberOf('ede')), [])
})
