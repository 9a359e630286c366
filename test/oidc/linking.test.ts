import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { openIdProvider } from '../support/openid-provider.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PASSWORD, testSite } from '../support/site.ts'
import { OutsideVisitor } from './outside-visitor.ts'

const clock = movableClock(new Date().toISOString())
const site = await testSite({ clock })
const city = await openIdProvider(site, { name: 'city', title: 'City' })
const port = await openIdProvider(site, { name: 'port', title: 'Port', settings: { newAccounts: 'make' } })
after(async () => {
  await city.close()
  await port.close()
  await site.close()
})
for (const sub of ['a-1', 'a-2', 'b-1', 'c-1', 'd-1', 'e-1']) {
  city.people.set(sub, { name: sub })
  port.people.set(sub, { name: sub, preferred_username: `${sub}-port` })
}
const HOUR = 3_600_000_000

/** Signed in with a password just now. */
async function member(name: string): Promise<OutsideVisitor> {
  await site.addUser(name)
  await site.context.database.kysely
    .updateTable('account')
    .set({ email: `${name}@city.example` })
    .where('name', '=', name)
    .execute()
  const visitor = new OutsideVisitor(site)
  await visitor.portal.signIn(name, PASSWORD)
  return visitor
}

/** From the button on the page to the callback, which is not yet called. */
async function upToCallback(visitor: OutsideVisitor, login: string): Promise<string> {
  await visitor.portal.get('/account/identities')
  const asked = await visitor.portal.post('/account/identities/link/city')
  assert.match(asked.text, /Go on to City/)
  const out = await visitor.leave('/account/identities/link/city/go')
  assert.equal(new URL(out).searchParams.get('prompt'), 'login', 'being signed in there is not enough')
  return await visitor.atProvider(out, login)
}

async function link(visitor: OutsideVisitor, login: string) {
  return await visitor.portal.get(await upToCallback(visitor, login))
}

/** What the page's forms say of the identities. */
const identityIn = (text: string) =>
  (/name="identity"\s+value="([^"]+)"/.exec(text)?.[1] ?? '').replaceAll('&quot;', '"')

describe('linking', () => {
  it('shows the identity, tells its owner, writes the audit, and then signs in', async () => {
    const ana = await member('ana')
    const empty = await ana.portal.get('/account/identities')
    assert.match(empty.text, /Nothing is linked/)
    const got = await link(ana, 'a-1')
    assert.equal(got.url, '/account/identities')
    assert.match(got.text, /City is linked: from now on it opens your account/)
    const { kysely } = site.context.database
    const notices = await kysely.selectFrom('notice').select(['kind', 'address', 'path']).execute()
    assert.ok(notices.some(({ kind, address }) => kind === 'account-linked' && address === 'ana@city.example'))
    const audit = await kysely.selectFrom('audit').select('actor').where('kind', '=', 'identity_linked').execute()
    assert.deepEqual(audit, [{ actor: 'ana' }])
    const later = await new OutsideVisitor(site).signIn(city, 'a-1', '/account/identities')
    assert.equal(later.url, '/account/identities')
    assert.match(later.text, />City</)
  })
  it('of an identity that is linked already is refused, whoever has it', async () => {
    const bo = await member('bo')
    const got = await link(bo, 'a-1')
    assert.equal(got.status, 403)
    assert.match(got.text, /City is not linked/)
    assert.match(got.text, /is linked already\. One identity opens one account only/)
    assert.doesNotMatch(got.text, /\bana\b/)
  })
  it('wants a recent proof', async () => {
    const cas = await member('cas')
    await cas.portal.get('/account/identities')
    clock.move(HOUR)
    const got = await cas.portal.post('/account/identities/link/city')
    assert.match(got.url, /^\/account\/prove\?next=/)
    clock.move(-HOUR)
  })
  it('does not begin by a link from elsewhere', async () => {
    const dee = await member('dee')
    assert.equal((await dee.portal.get('/account/identities/link/city/go')).url, '/account/identities')
    assert.equal((await dee.portal.get('/account/identities/link/city')).url, '/account/identities')
    const foreign = await dee.portal.post('/account/identities/link/city', {}, { 'sec-fetch-site': 'cross-site' })
    assert.equal(foreign.status, 403)
  })
  it('does not end in the session of somebody else', async () => {
    const eve = await member('eve')
    const callback = await upToCallback(eve, 'e-1')
    const victim = await member('fay')
    const got = await victim.portal.get(callback)
    assert.equal(got.status, 403)
    assert.equal((await new OutsideVisitor(site).signIn(city, 'e-1')).status, 403, 'nobody has it')
  })
  it('ends when the account signed out meanwhile', async () => {
    const gil = await member('gil')
    const callback = await upToCallback(gil, 'b-1')
    await gil.portal.get('/account/identities')
    await gil.portal.post('/sign-out')
    assert.equal((await gil.portal.get(callback)).status, 403)
    assert.equal((await new OutsideVisitor(site).signIn(city, 'b-1')).status, 403)
  })
})

describe('unlinking', () => {
  it('ends what the identity opened, and the other sessions', async () => {
    const hal = await member('hal')
    await link(hal, 'c-1')
    const elsewhere = new OutsideVisitor(site)
    await elsewhere.signIn(city, 'c-1', '/account')
    const page = await hal.portal.get('/account/identities')
    const got = await hal.portal.post('/account/identities/unlink', { identity: identityIn(page.text) })
    assert.match(got.text, /City no longer opens your account/)
    assert.match(got.text, /Nothing is linked/)
    assert.match((await elsewhere.portal.get('/account')).url, /^\/sign-in/)
    assert.equal((await new OutsideVisitor(site).signIn(city, 'c-1')).status, 403)
  })
  it('of the last way in is refused beside the identity', async () => {
    const ian = new OutsideVisitor(site)
    await ian.signIn(port, 'd-1', '/account')
    const page = await ian.portal.get('/account/identities')
    const got = await ian.portal.post('/account/identities/unlink', { identity: identityIn(page.text) })
    assert.equal(got.status, 422)
    assert.match(got.text, /Port is the only way into your account/)
    assert.equal((await new OutsideVisitor(site).signIn(port, 'd-1', '/account')).url, '/account')
  })
  it('of somebody else’s identity is as of one that is not there', async () => {
    const jan = await member('jan')
    await jan.portal.get('/account/identities')
    const identity = JSON.stringify([city.issuer, 'a-1'])
    assert.equal((await jan.portal.post('/account/identities/unlink', { identity })).status, 404)
    assert.equal((await new OutsideVisitor(site).signIn(city, 'a-1', '/account')).url, '/account')
  })
})

describe('proving again at the provider', () => {
  it('needs credentials given there anew, and leads back', async () => {
    const kim = new OutsideVisitor(site)
    await kim.signIn(port, 'e-1', '/account')
    clock.move(11 * 60_000_000)
    const asked = await kim.portal.get('/account/identities/link/city')
    assert.match(asked.url, /^\/account\/prove/)
    const out = await kim.leave('/account/prove/oidc/port?next=/account/identities')
    assert.equal(new URL(out).searchParams.get('max_age'), '0')
    const got = await kim.portal.get(await kim.atProvider(out, 'e-1'))
    assert.equal(got.url, '/account/identities', got.text)
    const linked = await kim.portal.post('/account/identities/link/city')
    assert.match(linked.text, /Go on to City/)
  })
  it('is refused with an identity that is not the account’s', async () => {
    const leo = new OutsideVisitor(site)
    await leo.signIn(port, 'b-1', '/account')
    clock.move(11 * 60_000_000)
    const out = await leo.leave('/account/prove/oidc/port?next=/account')
    const got = await leo.portal.get(await leo.atProvider(out, 'c-1'))
    assert.equal(got.status, 403)
    assert.match(got.text, /with an identity that is not linked with this account/)
    await leo.portal.get('/account/identities')
    assert.match((await leo.portal.post('/account/identities/link/city')).url, /^\/account\/prove/)
  })
  it('is refused with a login that is old', async () => {
    const mia = new OutsideVisitor(site)
    await mia.signIn(port, 'b-1', '/account')
    port.state.spoil = (claims, sign) => sign({ ...claims, auth_time: Number(claims['auth_time']) - 600 })
    const out = await mia.leave('/account/prove/oidc/port?next=/account')
    const got = await mia.portal.get(await mia.atProvider(out, 'b-1'))
    port.state.spoil = undefined
    assert.equal(got.status, 503, 'auth_time is compared like every other time')
  })
  it('is refused with one factor where the account has two', async () => {
    const ned = new OutsideVisitor(site)
    await ned.signIn(port, 'a-2', '/account')
    const out = await ned.leave('/account/prove/oidc/port?next=/account')
    const callback = await ned.atProvider(out, 'a-2')
    const { kysely } = site.context.database
    const identity = await kysely
      .selectFrom('external_identity')
      .select('account_no')
      .where('subject', '=', 'a-2')
      .executeTakeFirstOrThrow()
    const { raiseAccess } = await import('../../server/site/site.ts')
    await site.context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      await trx
        .insertInto('passkey')
        .values({
          credential_id: Buffer.from('x'),
          account_no: identity.account_no,
          name: 'key',
          public_key: Buffer.from('x'),
          counter: 0,
          created_micros: 1,
          last_used_micros: null,
        })
        .execute()
    })
    const got = await ned.portal.get(callback)
    assert.equal(got.status, 403)
    assert.match(got.text, /asked you for one factor only/)
  })
})
