import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { type JWTPayload, UnsecuredJWT } from 'jose'
import { setSettings } from '../../server/site/settings.ts'
import { openIdProvider } from '../support/openid-provider.ts'
import { testSite } from '../support/site.ts'
import { until } from '../support/until.ts'
import { OutsideVisitor } from './outside-visitor.ts'

const site = await testSite()
const settings = { newAccounts: 'make' } as const
const city = await openIdProvider(site, { name: 'city', title: 'City', settings })
const evil = await openIdProvider(site, { name: 'evil', title: 'Evil', settings })
after(async () => {
  await city.close()
  await evil.close()
  await site.close()
})
city.people.set('u-1', { name: 'Ana' })
city.people.set('u-2', { name: 'Bo' })
evil.people.set('u-1', { name: 'Mallory' })

const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} }
const nowSeconds = () => Math.floor(Date.now() / 1000)

/** Claims of a good logout token for a subject, changed as wanted; undefined takes a claim away. */
function claimsOf(changes: Readonly<Record<string, unknown>> = {}): JWTPayload {
  const claims: Record<string, unknown> = {
    iss: city.issuer,
    aud: 'vouchsafe',
    sub: 'u-1',
    iat: nowSeconds(),
    exp: nowSeconds() + 120,
    jti: randomUUID(),
    events: EVENTS,
    ...changes,
  }
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
}

/** As a provider sends it: no cookie, no Origin, no Fetch Metadata. */
async function send(body: string, provider = 'city'): Promise<Response> {
  return await fetch(`${site.url}/sign-in/oidc/${provider}/backchannel`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  })
}

const sendToken = async (token: string, provider = 'city') =>
  await send(new URLSearchParams({ logout_token: token }).toString(), provider)

async function signedIn(login: string): Promise<OutsideVisitor> {
  const visitor = new OutsideVisitor(site)
  const got = await visitor.signIn(city, login, '/account')
  assert.equal(got.url, '/account', got.text)
  return visitor
}

const isSignedIn = async ({ portal }: OutsideVisitor) => (await portal.get('/account')).url === '/account'

/** The provider's name of a visitor's session. */
async function sidOf(subject: string): Promise<string> {
  const row = await site.context.database.kysely
    .selectFrom('web_session')
    .select('provider_sid')
    .where('subject', '=', subject)
    .where('issuer', '=', city.issuer)
    .orderBy('created_micros', 'desc')
    .executeTakeFirstOrThrow()
  assert.ok(row.provider_sid)
  return row.provider_sid
}

it('a sign-out at the provider ends the sessions of its subject here, and nobody else’s', async () => {
  const [ana, anaElsewhere, bo] = [await signedIn('u-1'), await signedIn('u-1'), await signedIn('u-2')]
  const mallory = new OutsideVisitor(site)
  await mallory.signIn(evil, 'u-1')
  const response = await sendToken(await city.sign(claimsOf(), { typ: 'logout+jwt' }))
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('cache-control'), 'no-store')
  assert.equal(await isSignedIn(ana), false)
  assert.equal(await isSignedIn(anaElsewhere), false)
  assert.equal(await isSignedIn(bo), true)
  assert.equal(await isSignedIn(mallory), true, 'the same sub at another provider is somebody else')
  const audit = await site.context.database.kysely
    .selectFrom('audit')
    .select('detail')
    .where('kind', '=', 'signed_out_by_provider')
    .execute()
  assert.deepEqual(
    audit.map(({ detail }) => JSON.parse(detail) as unknown),
    [{ provider: 'city', sessions: 2 }],
  )
})

it('a sign-out with a session ends only that session', async () => {
  const first = await signedIn('u-1')
  const sid = await sidOf('u-1')
  const second = await signedIn('u-1')
  const token = await city.sign(claimsOf({ sub: undefined, sid }), { typ: 'logout+jwt' })
  assert.equal((await sendToken(token)).status, 200)
  assert.equal(await isSignedIn(first), false)
  assert.equal(await isSignedIn(second), true)
})

it('the session ends on every process with its next request', async () => {
  const ana = await signedIn('u-1')
  // another process that shares the database: nothing of the session is remembered in it
  const { createServer } = await import('node:http')
  const { createApp } = await import('../../server/app.ts')
  const other = createServer(createApp(site.context))
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const cookie = [...ana.portal.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const ask = async () =>
    (await fetch(`http://127.0.0.1:${port}/account`, { redirect: 'manual', headers: { cookie } })).status
  assert.equal(await ask(), 200)
  assert.equal((await sendToken(await city.sign(claimsOf()))).status, 200)
  assert.equal(await ask(), 303)
  other.closeAllConnections()
  other.close()
})

it('oidc-provider itself sends one when somebody signs out there', async () => {
  const ana = await signedIn('u-1')
  const signedOut = await ana.signOutThere(city)
  assert.match(signedOut, /^\/sign-in/)
  await until(async () => !(await isSignedIn(ana)))
})

describe('a logout token is refused', () => {
  const good = { typ: 'logout+jwt' }
  const cases: Readonly<Record<string, () => Promise<string> | string>> = {
    'of another issuer': () => city.sign(claimsOf({ iss: evil.issuer }), good),
    'for another audience': () => city.sign(claimsOf({ aud: 'other' }), good),
    'without audience': () => city.sign(claimsOf({ aud: undefined }), good),
    'without iat': () => city.sign(claimsOf({ iat: undefined }), good),
    'that is old': () => city.sign(claimsOf({ iat: nowSeconds() - 600 }), good),
    'of the future': () => city.sign(claimsOf({ iat: nowSeconds() + 600, exp: nowSeconds() + 900 }), good),
    'without exp': () => city.sign(claimsOf({ exp: undefined }), good),
    'that has expired': () => city.sign(claimsOf({ exp: nowSeconds() - 120 }), good),
    'without jti': () => city.sign(claimsOf({ jti: undefined }), good),
    'with an endless jti': () => city.sign(claimsOf({ jti: 'x'.repeat(301) }), good),
    'without events': () => city.sign(claimsOf({ events: undefined }), good),
    'with another event': () => city.sign(claimsOf({ events: { 'urn:other': {} } }), good),
    'with an event that is no object': () =>
      city.sign(claimsOf({ events: { 'http://schemas.openid.net/event/backchannel-logout': true } }), good),
    'with a nonce: it is an ID token': () => city.sign(claimsOf({ nonce: 'n' }), good),
    'about nobody': () => city.sign(claimsOf({ sub: undefined }), good),
    'of another type': () => city.sign(claimsOf(), { typ: 'at+jwt' }),
    'signed by another provider': () => evil.sign(claimsOf(), { ...good, kid: String(city.state.keys[0]?.kid) }),
    'of another provider': () => evil.sign(claimsOf({ iss: evil.issuer }), good),
    'with a broken signature': async () => `${(await city.sign(claimsOf(), good)).slice(0, -6)}AAAAAA`,
    'without a signature': () => new UnsecuredJWT(claimsOf()).encode(),
    'that is none': () => 'none',
  }
  for (const [what, token] of Object.entries(cases)) {
    it(what, async () => {
      const ana = await signedIn('u-1')
      const response = await sendToken(await token())
      assert.equal(response.status, 400)
      assert.equal(response.headers.get('cache-control'), 'no-store')
      assert.deepEqual(await response.json(), { error: 'invalid_request' })
      assert.equal(await isSignedIn(ana), true)
    })
  }
  it('the second time', async () => {
    const token = await city.sign(claimsOf(), good)
    assert.equal((await sendToken(token)).status, 200)
    const ana = await signedIn('u-1')
    assert.equal((await sendToken(token)).status, 400)
    assert.equal(await isSignedIn(ana), true)
  })
  it('twice in one form, or not at all', async () => {
    const token = await city.sign(claimsOf(), good)
    const twice = new URLSearchParams([
      ['logout_token', token],
      ['logout_token', token],
    ])
    assert.equal((await send(twice.toString())).status, 400)
    assert.equal((await send('')).status, 400)
  })
  it('at a provider that is not there', async () => {
    assert.equal((await sendToken(await city.sign(claimsOf(), good), 'nowhere')).status, 400)
  })
})

it('while the provider gives no keys nothing is taken, and the same token counts later', async () => {
  await using away = await openIdProvider(site, { name: 'away', settings })
  away.state.instead = (_request, response) => Boolean(response.writeHead(503).end())
  const token = await away.sign(claimsOf({ iss: away.issuer }), { typ: 'logout+jwt' })
  assert.equal((await sendToken(token, 'away')).status, 400)
  away.state.instead = undefined
  assert.equal((await sendToken(token, 'away')).status, 200)
})

it('after a change of keys the new ones count', async () => {
  await city.rotateKeys()
  const ana = await signedIn('u-1')
  // the key set is asked for at most once a second
  await until(async () => (await sendToken(await city.sign(claimsOf(), { typ: 'logout+jwt' }))).status === 200)
  assert.equal(await isSignedIn(ana), false)
})

it('a password session of the same account goes on', async () => {
  await site.addUser('carla')
  const visitor = new OutsideVisitor(site)
  await visitor.portal.signIn('carla', 'correct horse battery staple')
  await sendToken(await city.sign(claimsOf(), { typ: 'logout+jwt' }))
  assert.equal(await isSignedIn(visitor), true)
})

it('a sign-in that waits for its second factor ends too', async () => {
  await setSettings(site.context, { actor: 'test', settings: { secondFactor: true } })
  try {
    const ana = new OutsideVisitor(site)
    const waits = await ana.signIn(city, 'u-1')
    assert.match(waits.text, /Add a second factor/)
    assert.equal((await sendToken(await city.sign(claimsOf(), { typ: 'logout+jwt' }))).status, 200)
    assert.doesNotMatch((await ana.portal.get('/sign-in/enrol')).text, /Add a second factor/)
  } finally {
    await setSettings(site.context, { actor: 'test', settings: { secondFactor: false } })
  }
})

it('signing out here offers the sign-out at the provider, by a link', async () => {
  const ana = await signedIn('u-1')
  const got = await ana.portal.post('/sign-out')
  assert.equal(got.url, '/sign-in/oidc/city/signed-out')
  const link = /href="([^"]+\/session\/end[^"]*)"/.exec(got.text)?.[1]?.replaceAll('&amp;', '&')
  assert.ok(link !== undefined && link.startsWith(`${city.issuer}/session/end?`), got.text)
  assert.equal(new URL(link).searchParams.get('post_logout_redirect_uri'), `${site.url}/sign-in`)
  assert.equal(await isSignedIn(ana), false)
  assert.doesNotMatch(got.headers.get('content-security-policy') ?? '', /127\.0\.0\.1/)
})
