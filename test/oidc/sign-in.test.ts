import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, it } from 'node:test'
import { raiseAccess } from '../../server/site/site.ts'
import { setSettings } from '../../server/site/settings.ts'
import { openIdProvider } from '../support/openid-provider.ts'
import { testSite } from '../support/site.ts'
import { OutsideVisitor } from './outside-visitor.ts'

const site = await testSite()
const city = await openIdProvider(site, {
  name: 'city',
  title: 'City',
  settings: { newAccounts: 'make', strongAcr: ['urn:city:two'], strongAmr: ['hwk'], groupsClaim: 'groups' },
})
const port = await openIdProvider(site, { name: 'port', title: 'Port', signature: 'RS256' })
after(async () => {
  await city.close()
  await port.close()
  await site.close()
})
city.people.set('u-1', {
  name: 'Ana Reyes',
  preferred_username: 'ana',
  email: 'ana@city.example',
  zoneinfo: 'America/Los_Angeles',
})

/** Accounts by name with what a provider said of them. */
async function account(name: string) {
  return await site.context.database.kysely
    .selectFrom('account')
    .select(['account_no', 'name', 'display_name', 'email', 'time_zone', 'password_hash'])
    .where('name', '=', name)
    .executeTakeFirst()
}

async function setActive(name: string, active: boolean): Promise<void> {
  await site.context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    await trx.updateTable('account').set({ active }).where('name', '=', name).execute()
  })
}

it('somebody unknown gets an account without membership, is told so, and is led to where they wanted', async () => {
  const visitor = new OutsideVisitor(site)
  const got = await visitor.signIn(city, 'u-1', '/account')
  assert.equal(got.status, 200, got.text)
  assert.equal(got.url, '/account')
  assert.match(got.text, /Ana Reyes/)
  assert.match(got.text, /a new one was made/)
  const made = await account('ana')
  assert.equal(made?.display_name, 'Ana Reyes')
  assert.equal(made?.email, 'ana@city.example')
  assert.equal(made?.time_zone, 'America/Los_Angeles')
  assert.equal(made?.password_hash, null)
  const memberships = await site.context.database.kysely.selectFrom('membership').selectAll().execute()
  assert.deepEqual(memberships, [])
})

it('the next time it is the same account', async () => {
  const got = await new OutsideVisitor(site).signIn(city, 'u-1', '/account')
  assert.match(got.text, /Ana Reyes/)
  assert.doesNotMatch(got.text, /a new one was made/)
  assert.equal(await account('ana-2'), undefined)
})

it('a provider that makes no accounts refuses somebody unknown, in a sentence', async () => {
  port.people.set('p-1', { name: 'Pat' })
  const got = await new OutsideVisitor(site).signIn(port, 'p-1')
  assert.equal(got.status, 403)
  assert.match(got.text, /no account here may sign in with it/)
})

it('name and e-mail address of an account that is there link nothing', async () => {
  await site.addUser('boss')
  await site.context.database.kysely
    .updateTable('account')
    .set({ email: 'boss@city.example' })
    .where('name', '=', 'boss')
    .execute()
  city.people.set('evil', {
    preferred_username: 'boss',
    email: 'BOSS@city.example',
    email_verified: true,
    name: 'Evil',
  })
  const got = await new OutsideVisitor(site).signIn(city, 'evil', '/account')
  assert.match(got.text, /Evil/)
  assert.equal((await account('boss'))?.display_name, '')
  assert.equal((await account('boss-2'))?.email, null, 'an address that another account has is not taken')
})

it('a suspended account is refused, and so is one of which the provider knows nothing more', async () => {
  await setActive('ana', false)
  const got = await new OutsideVisitor(site).signIn(city, 'u-1')
  assert.equal(got.status, 403)
  assert.match(got.text, /no account here may sign in with it/)
  await setActive('ana', true)
})

it('the provider’s acr or amr counts as a second factor only when an administrator listed it', async () => {
  await setSettings(site.context, { actor: 'test', settings: { secondFactor: true } })
  try {
    const weak = await new OutsideVisitor(site).signIn(city, 'u-1', '/account')
    assert.doesNotMatch(weak.url, /^\/account$/, 'one factor is not enough')
    city.state.spoil = (claims, sign) => sign({ ...claims, acr: 'urn:city:other', amr: ['pwd'] })
    const other = await new OutsideVisitor(site).signIn(city, 'u-1', '/account')
    assert.doesNotMatch(other.url, /^\/account$/)
    for (const more of [{ acr: 'urn:city:two' }, { amr: ['pwd', 'hwk'] }]) {
      city.state.spoil = (claims, sign) => sign({ ...claims, ...more })
      const strong = await new OutsideVisitor(site).signIn(city, 'u-1', '/account')
      assert.equal(strong.url, '/account', JSON.stringify(more))
    }
  } finally {
    city.state.spoil = undefined
    await setSettings(site.context, { actor: 'test', settings: { secondFactor: false } })
  }
})

it('the way out carries PKCE, state, nonce and the exact address back, and the session is stored by then', async () => {
  const visitor = new OutsideVisitor(site)
  const out = new URL(await visitor.leave('/sign-in/oidc/city'))
  assert.equal(out.origin, city.issuer)
  assert.equal(out.searchParams.get('response_type'), 'code')
  assert.equal(out.searchParams.get('code_challenge_method'), 'S256')
  assert.equal(out.searchParams.get('redirect_uri'), `${site.url}/sign-in/oidc/city/callback`)
  for (const name of ['state', 'nonce', 'code_challenge']) assert.match(out.searchParams.get(name) ?? '', /^[\w-]{43}$/)
  const sessions = await site.context.database.kysely.selectFrom('web_session').select('data').execute()
  assert.ok(sessions.some(({ data }) => data.includes(out.searchParams.get('state') ?? '-')))
})

it('the address back is below the public address of the site', async () => {
  await using known = await testSite({ settings: { public_url: 'https://trust.example/' } })
  await using provider = await openIdProvider(known, { name: 'city' })
  const out = new URL(await new OutsideVisitor(known).leave('/sign-in/oidc/city'))
  assert.equal(out.origin, provider.issuer)
  assert.equal(out.searchParams.get('redirect_uri'), 'https://trust.example/sign-in/oidc/city/callback')
})

it('the address back never follows the header Host', async () => {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  request(`${site.url}/sign-in/oidc/city`, { headers: { host: 'evil.example' } }, (response) => {
    resolve(response.headers.location ?? '')
    response.resume()
  })
    .on('error', reject)
    .end()
  const back = new URL(await promise).searchParams.get('redirect_uri')
  assert.ok(back?.startsWith('http://127.0.0.1:'), String(back))
})

it('next leads nowhere else', async () => {
  const got = await new OutsideVisitor(site).signIn(city, 'u-1', 'https://evil.example/')
  assert.equal(new URL(got.url, site.url).origin, site.url)
})

it('groups at the provider make proposals, never members', async () => {
  const { kysely } = site.context.database
  const group = await kysely
    .insertInto('trust_group')
    .values({ name: 'harbour', title: 'Harbour', created_micros: 1 })
    .returning('group_no')
    .executeTakeFirstOrThrow()
  const { provider_no } = await kysely
    .selectFrom('sign_in_provider')
    .select('provider_no')
    .where('name', '=', 'city')
    .executeTakeFirstOrThrow()
  await kysely
    .insertInto('group_mapping')
    .values({ provider_no, outside_group: 'soc', group_no: group.group_no })
    .execute()
  city.people.set('g-1', { name: 'Gus', preferred_username: 'gus', groups: ['soc', 'choir'] })
  await new OutsideVisitor(site).signIn(city, 'g-1')
  const proposals = await kysely.selectFrom('membership_proposal').select(['group_no', 'outside_group']).execute()
  assert.deepEqual(proposals, [{ group_no: group.group_no, outside_group: 'soc' }])
  assert.deepEqual(await kysely.selectFrom('membership').selectAll().execute(), [])
})

it('a paused or unknown provider is not there', async () => {
  const { status } = await new OutsideVisitor(site).portal.get('/sign-in/oidc/nowhere')
  assert.equal(status, 404)
  await site.context.database.kysely
    .updateTable('sign_in_provider')
    .set({ active: false })
    .where('name', '=', 'port')
    .execute()
  assert.equal((await new OutsideVisitor(site).portal.get('/sign-in/oidc/port')).status, 404)
})

for (const signature of ['RS256', 'EdDSA'] as const) {
  it(`an ID token signed with ${signature} is taken`, async () => {
    const name = `of-${signature.toLowerCase()}`
    await using provider = await openIdProvider(site, { name, signature, settings: { newAccounts: 'make' } })
    provider.people.set('s', { name: `Sam ${signature}` })
    const got = await new OutsideVisitor(site).signIn(provider, 's', '/account')
    assert.match(got.text, new RegExp(`Sam ${signature}`))
  })
}
