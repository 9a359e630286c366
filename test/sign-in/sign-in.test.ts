import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setSettings } from '../../server/site/settings.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, testSite, type TestSite } from '../support/site.ts'
import { accountOf, codeOf, withGenerator } from './person.ts'

const HOUR = 3_600_000_000
const clock = movableClock('2026-11-22T08:00:00Z')
let site: TestSite

before(async () => {
  site = await testSite({ clock })
  for (const name of ['alice', 'bob', 'carol']) await site.addUser(name)
})
after(() => site.close())

const sid = (client: PortalClient) => client.cookies.get('vouchsafe')

describe('the session', () => {
  it('has a new identifier after the sign-in: one that somebody planted is worth nothing', async () => {
    await withGenerator(site, 'carol')
    const attacker = new PortalClient(site.url)
    await attacker.post('/sign-in', { name: 'carol', password: PASSWORD })
    const planted = sid(attacker)
    assert.ok(planted)
    const victim = new PortalClient(site.url)
    victim.cookies.set('vouchsafe', planted)
    await victim.signIn('alice', PASSWORD)
    assert.notEqual(sid(victim), planted)
    attacker.cookies.set('vouchsafe', planted)
    const page = await attacker.get('/account')
    assert.match(page.url, /^\/sign-in/)
  })

  it('has a new identifier after each step and after each proof', async () => {
    const own = await withGenerator(site, 'bob')
    const seen = new Set<string | undefined>()
    const client = new PortalClient(site.url)
    await client.post('/sign-in', { name: 'bob', password: PASSWORD })
    seen.add(sid(client))
    clock.move(30_000_000)
    await client.post('/sign-in/second', { code: own.code(own.now()) })
    seen.add(sid(client))
    clock.move(30_000_000)
    await client.get('/account/prove?next=/account/codes')
    assert.match(
      (await client.post('/account/prove', { code: own.code(own.now()), next: '/account/codes' })).url,
      /codes/,
    )
    seen.add(sid(client))
    assert.equal(seen.size, 3)
    assert.ok(![...seen].includes(undefined))
  })

  it('that has ended leads to a calm sentence, once, and comes back to the page', async () => {
    const client = new PortalClient(site.url)
    await client.signIn('alice', PASSWORD)
    clock.move(13 * HOUR)
    const ended = await client.get('/account?lang=en')
    assert.equal(ended.url, `/sign-in?next=${encodeURIComponent('/account?lang=en')}`)
    assert.match(ended.text, /Your session has ended/)
    assert.equal(sid(client), undefined)
    assert.doesNotMatch((await client.get('/sign-in')).text, /has ended/)
    const back = await client.post('/sign-in', { name: 'alice', password: PASSWORD, next: '/account?lang=en' })
    assert.equal(back.url, '/account?lang=en')
  })

  it('ends with the account and leaves no session behind', async () => {
    await site.addUser('erin')
    const client = new PortalClient(site.url)
    await client.signIn('erin', PASSWORD)
    await site.context.database.transaction(async (trx) => {
      await trx
        .updateTable('account')
        .set((eb) => ({ active: false, credential_generation: eb('credential_generation', '+', 1) }))
        .where('name', '=', 'erin')
        .execute()
      await trx
        .updateTable('site')
        .set((eb) => ({ access_generation: eb('access_generation', '+', 1) }))
        .execute()
    })
    const page = await client.get('/account')
    assert.match(page.text, /Your session has ended/)
    const { accountNo } = await accountOf(site, 'erin')
    const left = await site.context.database.kysely
      .selectFrom('web_session')
      .select('device')
      .where('account_no', '=', accountNo)
      .execute()
    assert.deepEqual(left, [])
  })

  it('ends at once by signing out, without a word of it having ended by itself', async () => {
    const client = new PortalClient(site.url)
    await client.signIn('alice', PASSWORD)
    await client.get('/account')
    const before = sid(client)
    const out = await client.post('/sign-out')
    assert.equal(out.url, '/sign-in')
    assert.doesNotMatch(out.text, /has ended/)
    client.cookies.set('vouchsafe', before ?? '')
    assert.match((await client.get('/account')).url, /^\/sign-in/)
  })
})

describe('the page to sign in', () => {
  it('goes where the visitor wanted to go, and never to another site', async () => {
    for (const [next, url] of [
      ['/account/sessions', '/account/sessions'],
      ['//evil.example/x', '/'],
      ['https://evil.example', '/'],
      ['/\\evil.example', '/'],
      ['/..//evil.example', '/'],
      ['/%2e//evil.example', '/'],
      ['/%0d%0aSet-Cookie:x', '/%0d%0aSet-Cookie:x'],
    ] as const) {
      const client = new PortalClient(site.url)
      const response = await client.once('/sign-in', {
        method: 'POST',
        body: new URLSearchParams({ name: 'alice', password: PASSWORD, next }),
        headers: { 'sec-fetch-site': 'same-origin' },
      })
      assert.equal(response.status, 303)
      assert.equal(response.headers.get('location'), url)
    }
  })

  it('is passed by those who have signed in', async () => {
    const client = new PortalClient(site.url)
    await client.signIn('alice', PASSWORD)
    const response = await client.once('/sign-in?next=/account')
    assert.equal(response.headers.get('location'), '/account')
  })

  it('keeps what was typed but the password, and takes a pasted one with its spaces', async () => {
    const client = new PortalClient(site.url)
    const wrong = await client.post('/sign-in', { name: ' alice ', password: 'not the password' })
    assert.equal(wrong.status, 422)
    assert.match(wrong.text, /value="alice"/)
    assert.doesNotMatch(wrong.text, /not the password/)
    assert.equal((await client.post('/sign-in', { name: ' alice ', password: PASSWORD })).status, 200)
  })

  it('speaks Spanish throughout', async () => {
    const client = new PortalClient(site.url)
    const { text } = await client.get('/sign-in?lang=es')
    assert.match(text, /<html lang="es"/)
    assert.match(text, /Iniciar sesión en/)
    assert.match(
      (await client.post('/sign-in', { name: 'x', password: 'y' }, { 'accept-language': 'es' })).text,
      /no entra nadie/,
    )
  })

  it('writes refusals down, and no name that nobody has: it may be a password', async () => {
    const client = new PortalClient(site.url)
    await client.post('/sign-in', { name: 'my secret pass phrase', password: 'x' })
    await client.post('/sign-in', { name: 'alice', password: 'x' })
    const rows = await site.context.database.kysely
      .selectFrom('audit')
      .select('detail')
      .where('kind', '=', 'sign_in_refused')
      .execute()
    const details = rows.map(({ detail }) => detail).join('\n')
    assert.doesNotMatch(details, /secret pass/)
    assert.match(details, /"account":"alice"/)
  })
})

it('where the site demands a second factor, it is added before the session begins', async () => {
  await site.addUser('frank')
  await setSettings(site.context, { actor: 'test', settings: { secondFactor: true } })
  const client = new PortalClient(site.url)
  const offered = await client.post('/sign-in', { name: 'frank', password: PASSWORD, next: '/account' })
  assert.equal(offered.url, '/sign-in/enrol')
  assert.match((await client.get('/account')).url, /^\/sign-in/, 'not signed in yet')
  await client.get('/sign-in/enrol')
  const steps = await client.post('/sign-in/enrol', { name: 'phone', kind: 'totp' })
  assert.ok(/<svg\s+class="qr"/.test(steps.text))
  assert.doesNotMatch(steps.text, /style=/)
  const wrong = await client.post('/sign-in/enrol', { code: '000000' })
  assert.equal(wrong.status, 422)
  const secret = secretOf(steps.text)
  const done = await client.post('/sign-in/enrol', { code: codeOf(secret, Math.floor(clock.nowMicros() / 30_000_000)) })
  assert.equal(done.status, 200)
  assert.equal(done.text.match(/\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b/g)?.length, 10)
  assert.equal((await client.get('/account')).url, '/account')
  assert.equal(
    (await new PortalClient(site.url).post('/sign-in', { name: 'frank', password: PASSWORD })).url,
    '/sign-in/second',
  )
  await setSettings(site.context, { actor: 'test', settings: { secondFactor: false } })
})

/** As somebody types it off the page: Base32 in groups of four. */
function secretOf(text: string): Buffer {
  const base32 = />((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})</.exec(text)?.[1]?.replaceAll(' ', '') ?? ''
  assert.equal(base32.length, 32)
  let bits = ''
  for (const letter of base32) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')
  return Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [])
}
