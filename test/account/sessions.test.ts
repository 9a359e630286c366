import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { raiseAccess } from '../../server/site/site.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite, testSite } from '../support/site.ts'

const MINUTE = 60_000_000
const HOUR = 60 * MINUTE
const clock = movableClock('2026-11-22T08:00:00Z')
let site: TestSite
before(async () => {
  site = await testSite({ clock })
})
after(async () => await site.close())

async function signedIn(name: string): Promise<PortalClient> {
  const client = new PortalClient(site.url)
  await client.signIn(name, PASSWORD)
  return client
}

/** Reads the whole answer: its last byte comes when the use has been noted. */
const isIn = async (client: PortalClient) => {
  const response = await client.once('/account')
  await response.arrayBuffer()
  return response.status === 200
}
const accountNo = (name: string) =>
  site.context.freshness.read().then(({ access }) => access.accountNamed(name)?.accountNo)
const rowsOf = async (name: string) =>
  await site.context.database.kysely
    .selectFrom('web_session')
    .selectAll()
    .where('account_no', '=', (await accountNo(name)) ?? 0)
    .execute()

describe('the list of sessions', () => {
  it('names device and place, and ends one', async () => {
    await site.addUser('list')
    const [here, there] = [await signedIn('list'), await signedIn('list')]
    const { text } = await here.get('/account/sessions')
    assert.match(text, /Firefox/)
    assert.match(text, /127\.0\.0\.1/)
    assert.equal(text.match(/This one/g)?.length, 1)
    const ids = [...text.matchAll(/name="session" value="([0-9a-f]{64})"/g)].map(([, id]) => id ?? '')
    assert.equal(ids.length, 1, 'the present one has no button')
    const got = await here.post('/account/sessions/end', { session: ids[0] ?? '' })
    assert.match(got.text, /The session has ended/)
    assert.deepEqual([await isIn(here), await isIn(there)], [true, false])
    assert.doesNotMatch(got.text, /End all other sessions/)
  })

  it('ends all others', async () => {
    await site.addUser('others')
    const clients = [await signedIn('others'), await signedIn('others'), await signedIn('others')] as const
    await clients[0].get('/account/sessions')
    assert.match((await clients[0].post('/account/sessions/end-others')).text, /All other sessions have ended/)
    assert.deepEqual(await Promise.all(clients.map(isIn)), [true, false, false])
  })

  it('gives nobody a handle on the session of somebody else', async () => {
    await site.addUser('victim')
    await site.addUser('curious')
    const victim = await signedIn('victim')
    const curious = await signedIn('curious')
    const [row] = await rowsOf('victim')
    assert.ok(row)
    await curious.get('/account/sessions')
    for (const session of [Buffer.from(row.sha256).toString('hex'), '0'.repeat(64), 'x', '']) {
      assert.equal((await curious.post('/account/sessions/end', { session })).status, 200)
    }
    assert.ok(await isIn(victim))
  })

  it('shows remembered devices and forgets one', async () => {
    await site.addUser('device')
    const client = await signedIn('device')
    const device = { device: 'Safari on iOS', network: '192.0.2.7', created_micros: 0, last_used_micros: 0 }
    const values = { ...device, account_no: (await accountNo('device')) ?? 0, expires_micros: clock.nowMicros() + HOUR }
    await site.context.database.kysely
      .insertInto('remembered_device')
      .values([
        { ...values, sha256: Buffer.alloc(32, 1) },
        { ...values, sha256: Buffer.alloc(32, 2), device: 'expired', expires_micros: 1 },
      ])
      .execute()
    const { text } = await client.get('/account/sessions')
    assert.match(text, /Safari on iOS/)
    assert.doesNotMatch(text, /expired/)
    const got = await client.post('/account/devices/forget', { device: Buffer.alloc(32, 1).toString('hex') })
    assert.match(got.text, /No device is remembered/)
  })

  it('leaves out those that a new credential has ended', async () => {
    await site.addUser('raised')
    await signedIn('raised')
    await site.context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      await trx
        .updateTable('account')
        .set((is) => ({ credential_generation: is('credential_generation', '+', 1) }))
        .where('name', '=', 'raised')
        .execute()
    })
    const client = await signedIn('raised')
    assert.doesNotMatch((await client.get('/account/sessions')).text, /name="session"/)
    assert.equal((await rowsOf('raised')).length, 2)
  })
})

describe('a session', () => {
  it('is kept under the hash of its identifier, and the cookie says as little as it can', async () => {
    await site.addUser('hash')
    const client = new PortalClient(site.url)
    await client.get('/sign-in')
    const response = await client.once('/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ name: 'hash', password: PASSWORD }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    })
    const cookie = response.headers.getSetCookie().find((each) => each.startsWith('vouchsafe=')) ?? ''
    const [pair, ...attributes] = cookie.split('; ')
    assert.deepEqual(attributes.toSorted(), ['HttpOnly', 'Path=/', 'SameSite=Lax'])
    const sid = /^s:(.*)\./.exec(decodeURIComponent(pair?.slice('vouchsafe='.length) ?? ''))?.[1] ?? ''
    assert.ok(Buffer.from(sid, 'base64url').length >= 32, '256 random bits')
    const rows = await rowsOf('hash')
    assert.deepEqual(
      rows.map((row) => Buffer.from(row.sha256)),
      [hash('sha256', sid, 'buffer')],
    )
    assert.ok(!JSON.stringify(rows).includes(sid), 'the identifier itself is nowhere')
  })

  it('of a site with HTTPS has a cookie that only this host and only HTTPS can set', async () => {
    const settings = { public_url: 'https://portal.example.org', trusted_proxies: '127.0.0.1' }
    await using secure = await testSite({ settings })
    await secure.addUser('secure')
    const response = await fetch(`${secure.url}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ name: 'secure', password: PASSWORD }).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
        'x-forwarded-proto': 'https',
      },
    })
    const cookie = response.headers.getSetCookie().find((each) => each.startsWith('__Host-vouchsafe=')) ?? ''
    assert.deepEqual(cookie.split('; ').slice(1).toSorted(), ['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure'])
  })

  it('ends when it was not used for twelve hours', async () => {
    await site.addUser('idle')
    const client = await signedIn('idle')
    clock.move(11 * HOUR)
    assert.ok(await isIn(client))
    clock.move(11 * HOUR)
    assert.ok(await isIn(client), 'each use counts')
    clock.move(12 * HOUR)
    assert.ok(!(await isIn(client)))
  })

  it('ends after seven days however it is used', async () => {
    await site.addUser('absolute')
    const client = await signedIn('absolute')
    for (let hours = 0; hours < 7 * 24 - 10; hours += 10) {
      clock.move(10 * HOUR)
      assert.ok(await isIn(client), `after ${hours + 10} hours`)
    }
    clock.move(9 * HOUR)
    assert.ok(!(await isIn(client)))
  })

  it('of an administrator rests for half an hour and lasts for twelve', async () => {
    await site.addUser('admin')
    await site.context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      await trx.updateTable('account').set({ role: 'administrator' }).where('name', '=', 'admin').execute()
    })
    const resting = await signedIn('admin')
    clock.move(30 * MINUTE)
    assert.ok(!(await isIn(resting)))
    const used = await signedIn('admin')
    for (let minutes = 0; minutes < 700; minutes += 20) {
      clock.move(20 * MINUTE)
      assert.ok(await isIn(used), `after ${minutes + 20} minutes`)
    }
    clock.move(20 * MINUTE)
    assert.ok(!(await isIn(used)))
  })

  it('of somebody who became an administrator of a group since has an administrator’s limits', async () => {
    await site.addUser('promoted')
    const client = await signedIn('promoted')
    clock.move(40 * MINUTE)
    assert.ok(await isIn(client), 'a member rests for longer')
    const account_no = (await accountNo('promoted')) ?? 0
    await site.context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      const group = { name: 'late', title: 'Late', created_micros: 1 }
      const { group_no } = await trx
        .insertInto('trust_group')
        .values(group)
        .returning('group_no')
        .executeTakeFirstOrThrow()
      const roles = 'group-administrator'
      await trx.insertInto('membership').values({ group_no, account_no, roles, created_micros: 1 }).execute()
    })
    clock.move(29 * MINUTE)
    assert.ok(await isIn(client))
    clock.move(30 * MINUTE)
    assert.ok(!(await isIn(client)))
  })

  it('leaves neither a row nor a cookie behind at sign-out', async () => {
    await site.addUser('out')
    const client = await signedIn('out')
    const cookie = client.cookies.get('vouchsafe') ?? ''
    const count = async () =>
      (await site.context.database.kysely.selectFrom('web_session').select('sha256').execute()).length
    const before = await count()
    await client.get('/account')
    await client.post('/sign-out')
    assert.equal(client.cookies.has('vouchsafe'), false)
    assert.equal(await count(), before - 1)
    const again = await fetch(`${site.url}/account`, { headers: { cookie: `vouchsafe=${cookie}` }, redirect: 'manual' })
    assert.equal(again.status, 303)
  })

  it('that has ended is not brought back by requests that were under way', async () => {
    await site.addUser('parallel')
    const client = await signedIn('parallel')
    const { text } = await client.get('/account/sessions')
    const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
    const requests = Array.from({ length: 30 }, () => client.once('/account/sessions').then((each) => each.text()))
    const out = client.once('/sign-out', {
      method: 'POST',
      body: new URLSearchParams({ csrf }).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
      },
    })
    const more = Array.from({ length: 30 }, () => client.once('/account/sessions').then((each) => each.text()))
    await Promise.all([...requests, out, ...more])
    assert.deepEqual(await rowsOf('parallel'), [])
    assert.ok(!(await isIn(client)))
  })

  it('gets a new identifier at the sign-in, and the old one is worth nothing', async () => {
    await site.addUser('rotate')
    const client = new PortalClient(site.url)
    await client.get('/sign-in/passkey')
    const planted = await signedIn('rotate')
    const old = planted.cookies.get('vouchsafe') ?? ''
    await planted.get('/sign-in')
    await planted.post('/sign-in', { name: 'rotate', password: PASSWORD })
    assert.notEqual(planted.cookies.get('vouchsafe'), old)
    const response = await fetch(`${site.url}/account`, { headers: { cookie: `vouchsafe=${old}` }, redirect: 'manual' })
    assert.equal(response.status, 303)
  })
})

describe('an open page', () => {
  const ask = async (client: PortalClient, account: number | undefined) =>
    (await client.once(`/session?account=${account}`)).status

  it('is told when the session of its account has ended, and asking does not prolong it', async () => {
    await site.addUser('watch')
    const no = await accountNo('watch')
    const client = await signedIn('watch')
    assert.equal(await ask(client, no), 204)
    assert.equal(await ask(client, 0), 401, 'somebody else has signed in since')
    assert.equal(await ask(new PortalClient(site.url), no), 401)
    for (let hours = 0; hours < 11; hours += 1) {
      clock.move(HOUR)
      assert.equal(await ask(client, no), 204)
    }
    clock.move(HOUR)
    assert.equal(await ask(client, no), 401)
  })

  it('a stranger who asks gets no session', async () => {
    const client = new PortalClient(site.url)
    await ask(client, 1)
    assert.equal(client.cookies.size, 0)
  })
})
