import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setPassword } from '../../server/site/accounts.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { basic, PASSWORD, testSite, type TestSite } from '../support/site.ts'
import { accountOf, withGenerator } from './person.ts'

const STEP = 30_000_000
const MINUTE = 60_000_000
const DAY = 24 * 60 * MINUTE
const clock = movableClock('2026-11-22T08:00:00Z')
let site: TestSite

before(async () => {
  site = await testSite({ clock })
})
after(() => site.close())

async function person(name: string, kind: 'totp' | 'hotp' = 'totp') {
  await site.addUser(name)
  const own = await withGenerator(site, name, kind)
  clock.move(2 * STEP)
  return own
}

async function firstStep(name: string, client = new PortalClient(site.url)): Promise<PortalClient> {
  const page = await client.post('/sign-in', { name, password: PASSWORD, next: '/account' })
  assert.equal(page.url, '/sign-in/second')
  return client
}

describe('a code by time', () => {
  it('lets in once: the same code again is refused, also in another sign-in', async () => {
    const own = await person('alice')
    const code = own.code(own.now())
    assert.equal((await (await firstStep('alice')).post('/sign-in/second', { code })).url, '/account')
    const again = await (await firstStep('alice')).post('/sign-in/second', { code })
    assert.equal(again.status, 422)
    assert.match(again.text, /used already/)
  })

  it('of the step before and of the next are taken, not of those beyond; none goes back', async () => {
    const own = await person('window')
    const client = await firstStep('window')
    assert.equal((await client.post('/sign-in/second', { code: own.code(own.now() - 2) })).status, 422)
    assert.equal((await client.post('/sign-in/second', { code: own.code(own.now() + 2) })).status, 422)
    assert.equal((await client.post('/sign-in/second', { code: own.code(own.now() - 1) })).url, '/account')
    const spaced = own.code(own.now() + 1).replace(/(...)/, '$1 ')
    assert.equal((await (await firstStep('window')).post('/sign-in/second', { code: spaced })).url, '/account')
    assert.equal((await (await firstStep('window')).post('/sign-in/second', { code: own.code(own.now()) })).status, 422)
  })

  it('sent twice at the same time lets in once', async () => {
    const own = await person('race')
    const clients = await Promise.all([firstStep('race'), firstStep('race'), firstStep('race')])
    const code = own.code(own.now())
    const got = await Promise.all(clients.map((client) => client.post('/sign-in/second', { code })))
    assert.deepEqual(
      got.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 422, 422],
    )
  })
})

describe('a code by count', () => {
  it('goes only forward, and may be ten ahead', async () => {
    const own = await person('fob', 'hotp')
    const client = await firstStep('fob')
    assert.equal(
      (await client.post('/sign-in/second', { code: own.code(0) })).status,
      422,
      'the first was taken already',
    )
    assert.equal((await client.post('/sign-in/second', { code: own.code(11) })).status, 422)
    assert.equal((await client.post('/sign-in/second', { code: own.code(10) })).url, '/account')
    for (const counter of [10, 9, 1]) {
      assert.equal((await (await firstStep('fob')).post('/sign-in/second', { code: own.code(counter) })).status, 422)
    }
    assert.equal((await (await firstStep('fob')).post('/sign-in/second', { code: own.code(11) })).url, '/account')
  })
})

describe('a sign-in that is under way', () => {
  it('ends after five wrong codes, also when they come at once', async () => {
    const own = await person('guess')
    const client = await firstStep('guess')
    const cookie = client.cookies.get('vouchsafe') ?? ''
    const tries = Array.from({ length: 12 }, (_, i) => {
      const each = new PortalClient(site.url)
      each.cookies.set('vouchsafe', cookie)
      return each.post('/sign-in/second', { code: String(i).padStart(6, '0') })
    })
    const statuses = (await Promise.all(tries)).map(({ status }) => status)
    assert.ok(statuses.filter((status) => status === 422).length <= 5, statuses.join())
    client.cookies.set('vouchsafe', cookie)
    assert.notEqual((await client.post('/sign-in/second', { code: own.code(own.now()) })).url, '/account')
    assert.match((await client.get('/account')).url, /^\/sign-in/)
  })

  it('ends after ten minutes and with a change of the password', async () => {
    const own = await person('slow')
    const client = await firstStep('slow')
    clock.move(11 * MINUTE)
    const late = await client.post('/sign-in/second', { code: own.code(own.now()) })
    assert.match(late.text, /more than ten minutes/)
    const other = await firstStep('slow')
    await setPassword(site.context, { actor: 'test', name: 'slow', password: 'another long pass phrase' })
    assert.match((await other.post('/sign-in/second', { code: own.code(own.now()) })).text, /changed meanwhile/)
  })

  it('wrong codes over many sign-ins are put off, but not in a browser that was here before', async () => {
    const own = await person('many')
    const known = await firstStep('many')
    assert.equal((await known.post('/sign-in/second', { code: own.code(own.now()) })).url, '/account')
    await known.post('/sign-out')
    clock.move(2 * STEP)
    let status = 0
    for (let round = 0; round < 4 && status !== 429; round += 1) {
      const guesser = await firstStep('many')
      for (let i = 0; i < 4; i += 1) status = (await guesser.post('/sign-in/second', { code: `00000${i}` })).status
    }
    assert.equal(status, 429)
    await firstStep('many', known)
    assert.equal((await known.post('/sign-in/second', { code: own.code(own.now()) })).url, '/account')
  })

  it('is nobody: without a first step there is no second', async () => {
    const client = new PortalClient(site.url)
    assert.match((await client.get('/sign-in/second')).text, /Start again/)
    assert.match((await client.post('/sign-in/second', { code: '123456' })).text, /Start again/)
    assert.match((await client.get('/sign-in/enrol')).text, /Start again/)
  })
})

describe('a remembered device', () => {
  it('skips the second step for 30 days, for its own account, until the password changes', async () => {
    const own = await person('device')
    await person('stranger')
    const client = await firstStep('device')
    await client.post('/sign-in/second', { code: own.code(own.now()), remember: 'on' })
    const secret = client.cookies.get('vouchsafe-device')
    assert.ok(secret)
    const rows = await site.context.database.kysely.selectFrom('remembered_device').selectAll().execute()
    assert.ok(!JSON.stringify(rows).includes(secret))
    await client.post('/sign-out')
    assert.equal(
      (await client.post('/sign-in', { name: 'device', password: PASSWORD, next: '/account' })).url,
      '/account',
    )
    // the device stands in for the second factor at the door, not before a dangerous act
    assert.equal((await client.get('/account/password')).url, '/account/prove?next=%2Faccount%2Fpassword')
    await client.post('/sign-out')
    await firstStep('stranger', client)
    clock.move(31 * DAY)
    await firstStep('device', client)
    const code = own.code(own.now())
    await client.post('/sign-in/second', { code, remember: 'on' })
    await client.post('/sign-out')
    await setPassword(site.context, { actor: 'test', name: 'device', password: 'another long pass phrase' })
    assert.equal(
      (await client.post('/sign-in', { name: 'device', password: 'another long pass phrase' })).url,
      '/sign-in/second',
    )
  })
})

describe('a recovery code', () => {
  it('lets in once, is counted down and told to its owner; sent twice at once it counts once', async () => {
    const { recoveryCodes } = await person('lost')
    await site.context.database.kysely
      .updateTable('account')
      .set({ email: 'lost@example.test' })
      .where('name', '=', 'lost')
      .execute()
    const [first = '', second = ''] = recoveryCodes
    const client = await firstStep('lost')
    assert.equal((await client.post('/sign-in/second', { recovery: 'AAAA-BBBB-CCCC-DDDD' })).status, 422)
    const typed = first.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')
    const page = await client.post('/sign-in/second', { recovery: typed, remember: 'on' })
    assert.equal(page.url, '/account')
    assert.match(page.text, /9 are left/)
    assert.equal(client.cookies.get('vouchsafe-device'), undefined)
    assert.equal((await (await firstStep('lost')).post('/sign-in/second', { recovery: first })).status, 422)
    const notices = await site.context.database.kysely
      .selectFrom('notice')
      .select('kind')
      .where('address', '=', 'lost@example.test')
      .execute()
    assert.deepEqual(notices, [{ kind: 'second-factor-changed' }])
    const clients = await Promise.all([firstStep('lost'), firstStep('lost')])
    const got = await Promise.all(clients.map((each) => each.post('/sign-in/second', { recovery: second })))
    assert.deepEqual(
      got.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 422],
    )
  })

  it('is kept as a hash only', async () => {
    const { recoveryCodes } = await person('hashed')
    const { accountNo } = await accountOf(site, 'hashed')
    const rows = await site.context.database.kysely
      .selectFrom('recovery_code')
      .selectAll()
      .where('account_no', '=', accountNo)
      .execute()
    assert.equal(rows.length, 10)
    assert.equal(new Set(recoveryCodes).size, 10)
    for (const row of rows) assert.equal(row.sha256.length, 32)
  })
})

it('a password alone opens nothing for an account with a second factor, not by HTTP Basic either', async () => {
  const headers = await site.addUser('program')
  const ask = async () => (await fetch(`${site.url}/taxii2/`, { headers })).status
  assert.equal(await ask(), 200)
  await withGenerator(site, 'program')
  assert.equal(await ask(), 401)
  assert.equal((await fetch(`${site.url}/taxii2/`, { headers: basic('program', PASSWORD) })).status, 401)
  const token = await site.addToken('program')
  assert.equal((await fetch(`${site.url}/taxii2/`, { headers: token })).status, 200)
})
