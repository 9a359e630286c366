import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { type JWTPayload, UnsecuredJWT } from 'jose'
import { openIdProvider, type Spoil } from '../support/openid-provider.ts'
import { testSite } from '../support/site.ts'
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
city.people.set('attacker', { name: 'Attacker' })
evil.people.set('u-1', { name: 'Mallory' })

/** Fails unless the page says no and nobody is signed in. */
async function assertRefused(visitor: OutsideVisitor, path: string, says: RegExp, status = 403): Promise<void> {
  const got = await visitor.portal.get(path)
  assert.equal(got.status, status, got.text)
  assert.match(got.text, says)
  assert.doesNotMatch(got.text, /code=|eyJ|127\.0\.0\.1|OAUTH_/, 'nothing of the exchange is on the page')
  const home = await visitor.portal.get('/account')
  assert.match(home.url, /^\/sign-in/, 'nobody is signed in')
}

const changed = (path: string, change: (query: URLSearchParams) => void): string => {
  const url = new URL(path, site.url)
  change(url.searchParams)
  return url.pathname + url.search
}

const UNTRUSTED = /What came back is not what City would send/
const LOST = /no sign-in with City under way/

describe('the answer of the provider is refused', () => {
  it('when it is played again', async () => {
    const visitor = new OutsideVisitor(site)
    const callback = await visitor.upToCallback(city, 'u-1')
    assert.equal((await visitor.portal.get(callback)).status, 200)
    const again = await visitor.portal.get(callback)
    assert.equal(again.status, 403)
    assert.match(again.text, LOST)
  })
  it('in another browser', async () => {
    const callback = await new OutsideVisitor(site).upToCallback(city, 'u-1')
    await assertRefused(new OutsideVisitor(site), callback, LOST)
  })
  for (const [what, change] of [
    ['a wrong state', (query: URLSearchParams) => query.set('state', 'x'.repeat(43))],
    ['no state', (query: URLSearchParams) => query.delete('state')],
    ['two states', (query: URLSearchParams) => query.append('state', query.get('state') ?? '')],
    ['two codes', (query: URLSearchParams) => query.append('code', query.get('code') ?? '')],
    ['no code', (query: URLSearchParams) => query.delete('code')],
    ['no iss', (query: URLSearchParams) => query.delete('iss')],
    ['the iss of another provider', (query: URLSearchParams) => query.set('iss', evil.issuer)],
  ] as const) {
    it(`with ${what}`, async () => {
      const visitor = new OutsideVisitor(site)
      await assertRefused(visitor, changed(await visitor.upToCallback(city, 'u-1'), change), UNTRUSTED)
    })
  }
  it('after a wrong one came, even if it is the right one', async () => {
    const visitor = new OutsideVisitor(site)
    const callback = await visitor.upToCallback(city, 'u-1')
    await visitor.portal.get(changed(callback, (query) => query.set('state', 'x')))
    await assertRefused(visitor, callback, LOST)
  })
})

describe('providers are not mixed up', () => {
  it('the answer of one is refused at the address of another', async () => {
    const visitor = new OutsideVisitor(site)
    const callback = await visitor.upToCallback(evil, 'u-1')
    await visitor.leave('/sign-in/oidc/city')
    await assertRefused(visitor, callback.replace('/oidc/evil/', '/oidc/city/'), UNTRUSTED)
  })
  it('two may be under way in one browser', async () => {
    const visitor = new OutsideVisitor(site)
    const first = await visitor.upToCallback(city, 'u-1', '/account')
    await visitor.leave('/sign-in/oidc/evil')
    assert.equal((await visitor.portal.get(first)).url, '/account')
  })
})

describe('a code of the attacker in the session of the victim is refused', () => {
  it('with the attacker’s state', async () => {
    const attackers = await new OutsideVisitor(site).upToCallback(city, 'attacker')
    const victim = new OutsideVisitor(site)
    await victim.leave('/sign-in/oidc/city')
    await assertRefused(victim, attackers, UNTRUSTED)
  })
  it('even with the victim’s own state: PKCE', async () => {
    const attackers = new URL(await new OutsideVisitor(site).upToCallback(city, 'attacker'), site.url)
    const victim = new OutsideVisitor(site)
    const callback = await victim.upToCallback(city, 'u-1')
    const injected = changed(callback, (query) => query.set('code', attackers.searchParams.get('code') ?? ''))
    await assertRefused(victim, injected, UNTRUSTED)
  })
})

const nowSeconds = () => Math.floor(Date.now() / 1000)
const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function hmacSigned(claims: JWTPayload, key: string): string {
  const text = `${b64({ alg: 'HS256', typ: 'JWT' })}.${b64(claims)}`
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
}

const without = (claims: JWTPayload, name: string) =>
  Object.fromEntries(Object.entries(claims).filter(([each]) => each !== name))

const CLOCK = /The clocks of City and this server do not agree/

describe('an ID token is refused', () => {
  const cases: Readonly<Record<string, readonly [spoil: Spoil, says: RegExp, status?: number]>> = {
    'for another audience': [(claims, sign) => sign({ ...claims, aud: 'other' }), UNTRUSTED],
    'for several audiences without azp': [
      (claims, sign) => sign({ ...claims, aud: ['vouchsafe', 'other'] }),
      UNTRUSTED,
    ],
    'with another azp': [(claims, sign) => sign({ ...claims, aud: ['vouchsafe', 'other'], azp: 'other' }), UNTRUSTED],
    'of another issuer': [(claims, sign) => sign({ ...claims, iss: evil.issuer }), UNTRUSTED],
    'without a subject': [(claims, sign) => sign(without(claims, 'sub')), UNTRUSTED],
    'with a subject that is too long': [(claims, sign) => sign({ ...claims, sub: 'x'.repeat(256) }), UNTRUSTED],
    'with alg none': [(claims) => new UnsecuredJWT(claims).encode(), UNTRUSTED],
    'with HS256 and the public key': [(claims) => hmacSigned(claims, JSON.stringify(city.state.keys[0])), UNTRUSTED],
    'with a broken signature': [
      async (claims, sign) => {
        const [head, , signature] = (await sign(claims)).split('.')
        return `${head}.${b64({ ...claims, sub: 'attacker' })}.${signature}`
      },
      UNTRUSTED,
    ],
    'signed with the key of another provider': [
      (claims) => evil.sign(claims, { kid: String(city.state.keys[0]?.kid) }),
      UNTRUSTED,
    ],
    'with a key that nobody knows': [(claims, sign) => sign(claims, { kid: 'unknown' }), UNTRUSTED],
    'with another nonce': [(claims, sign) => sign({ ...claims, nonce: 'other' }), UNTRUSTED],
    'without a nonce': [(claims, sign) => sign(without(claims, 'nonce')), UNTRUSTED],
    'that has expired': [(claims, sign) => sign({ ...claims, exp: nowSeconds() - 120 }), CLOCK, 503],
    'that begins later': [(claims, sign) => sign({ ...claims, nbf: nowSeconds() + 120 }), CLOCK, 503],
    'that is none': [() => 'none', UNTRUSTED],
  }
  for (const [what, [spoil, says, status]] of Object.entries(cases)) {
    it(what, async () => {
      city.state.spoil = spoil
      try {
        const visitor = new OutsideVisitor(site)
        await assertRefused(visitor, await visitor.upToCallback(city, 'u-1'), says, status)
      } finally {
        city.state.spoil = undefined
      }
    })
  }
  it('but a clock that is half a minute wrong is borne', async () => {
    city.state.spoil = (claims, sign) => sign({ ...claims, exp: nowSeconds() - 10 })
    const got = await new OutsideVisitor(site).signIn(city, 'u-1', '/account')
    city.state.spoil = undefined
    assert.equal(got.url, '/account')
  })
})

it('new keys of the provider are found at once, the old ones count no more', async () => {
  assert.equal((await new OutsideVisitor(site).signIn(city, 'u-1', '/account')).url, '/account')
  const old = city.state.keys
  await city.rotateKeys()
  assert.equal((await new OutsideVisitor(site).signIn(city, 'u-1', '/account')).url, '/account')
  const fresh = city.state.keys
  city.state.spoil = async (claims, sign) => {
    city.state.keys = old
    const token = await sign(claims)
    city.state.keys = fresh
    return token
  }
  const visitor = new OutsideVisitor(site)
  await assertRefused(visitor, await visitor.upToCallback(city, 'u-1'), UNTRUSTED)
  city.state.spoil = undefined
})

describe('a provider that fails', () => {
  const AWAY = /City does not answer at the moment/
  for (const [error, says, status] of [
    ['access_denied', /the sign-in was stopped there/, 403],
    ['server_error', AWAY, 503],
    ['temporarily_unavailable', AWAY, 503],
    ['unauthorized_client', /do not fit together/, 503],
  ] as const) {
    it(`says ${error}`, async () => {
      const visitor = new OutsideVisitor(site)
      const callback = changed(await visitor.upToCallback(city, 'u-1'), (query) => {
        query.delete('code')
        query.set('error', error)
        query.set('error_description', 'secret <b>text</b> of the provider eyJ')
      })
      await assertRefused(visitor, callback, says, status)
    })
  }
  it('somebody whom the provider turns away is told so', async () => {
    const visitor = new OutsideVisitor(site)
    await assertRefused(visitor, await visitor.upToCallback(city, 'stranger'), /the sign-in was stopped there/)
  })
  for (const [what, status, headers] of [
    ['a failure', 500, {}],
    ['a redirect, which is not followed', 302, { location: 'http://127.0.0.1:1/' }],
    ['a page', 200, { 'content-type': 'text/html' }],
  ] as const) {
    it(`answers the code with ${what}`, async () => {
      const visitor = new OutsideVisitor(site)
      const callback = await visitor.upToCallback(city, 'u-1')
      city.state.instead = (_request, response) => Boolean(response.writeHead(status, headers).end('x'))
      try {
        await assertRefused(visitor, callback, AWAY, 503)
      } finally {
        city.state.instead = undefined
      }
    })
  }
  it('is away: the visitor is told at the start, and the administrator sees it', async () => {
    await using gone = await openIdProvider(site, { name: 'gone', title: 'Gone' })
    await gone.close()
    const got = await new OutsideVisitor(site).portal.get('/sign-in/oidc/gone?next=/account')
    assert.equal(got.status, 503)
    assert.match(got.text, /Gone does not answer at the moment/)
    assert.match(got.text, /href="\/sign-in\/oidc\/gone\?next=%2Faccount"/)
    const row = await site.context.database.kysely
      .selectFrom('sign_in_provider')
      .select('trouble')
      .where('name', '=', 'gone')
      .executeTakeFirst()
    assert.equal(row?.trouble, 'unreachable')
  })
  it('calls itself by another name', async () => {
    await using liar = await openIdProvider(site, { name: 'liar', title: 'Liar' })
    liar.state.instead = (request, response) => {
      if (!request.url?.includes('openid-configuration')) return false
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ issuer: city.issuer }))
      return true
    }
    const got = await new OutsideVisitor(site).portal.get('/sign-in/oidc/liar')
    assert.ok([403, 503].includes(got.status), got.text)
    assert.match(got.text, /You are not signed in with Liar/)
  })
  it('does not end its answer within the deadline', async () => {
    await using slow = await openIdProvider(site, { name: 'slow', title: 'Slow', settings: { timeoutSeconds: 1 } })
    slow.state.instead = (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).write('{')
    const got = await new OutsideVisitor(site).portal.get('/sign-in/oidc/slow')
    slow.state.instead = undefined
    assert.equal(got.status, 503)
    assert.match(got.text, /Slow does not answer at the moment/)
  })
})

it('every refusal is in the audit, without tokens and codes', async () => {
  const records = await site.context.database.kysely
    .selectFrom('audit')
    .select('detail')
    .where('kind', '=', 'sign_in_refused')
    .execute()
  assert.ok(records.length > 20)
  assert.ok(records.some(({ detail }) => detail.includes('"why":"untrusted"')))
  assert.ok(records.every(({ detail }) => !/code=|eyJ/.test(detail)))
})
