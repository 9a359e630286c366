import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Attempts, type Try } from '../../server/auth/factors/attempts.ts'
import { countedNetwork } from '../../server/auth/factors/counted-network.ts'
import { TooManyRequestsError } from '../../server/errors.ts'
import { expireAttempts } from '../../server/storage/attempts.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { basic, PASSWORD, testSite, type TestSite } from '../support/site.ts'

const MINUTE = 60_000_000
const clock = movableClock('2026-11-22T08:00:00Z')
let site: TestSite

before(async () => {
  site = await testSite({ clock, settings: { trusted_proxies: '127.0.0.1' } })
  for (const name of ['alice', 'bob', 'carol', 'dave']) await site.addUser(name)
})
after(() => site.close())

/** Signs in as a browser behind an address would. */
async function tryFrom(address: string, name: string, password: string, client = new PortalClient(site.url)) {
  return await client.post(
    '/sign-in',
    { name, password, next: '/account' },
    { 'x-forwarded-for': address, 'accept-encoding': 'identity' },
  )
}

describe('a flood of wrong passwords', () => {
  it('does not stop its victim in a browser that has signed in before, nor in a network of hers', async () => {
    const laptop = new PortalClient(site.url)
    assert.equal((await tryFrom('192.0.2.10', 'alice', PASSWORD, laptop)).status, 200)
    await laptop.post('/sign-out')
    const statuses = new Set<number>()
    for (let i = 0; i < 50; i += 1) statuses.add((await tryFrom(`198.51.100.${i % 12}`, 'alice', `wrong ${i}`)).status)
    assert.deepEqual(statuses, new Set([422, 429]))
    assert.equal(
      (await tryFrom('203.0.113.99', 'alice', PASSWORD)).status,
      429,
      'a place that nobody knows has to wait',
    )
    const abroad = await tryFrom('203.0.113.99', 'alice', PASSWORD, laptop)
    assert.equal(abroad.status, 200, 'her own browser in a strange network')
    assert.equal((await tryFrom('192.0.2.10', 'alice', PASSWORD)).status, 200, 'a new browser in her network')
  })

  it('out of her own network does not stop the browser that she has', async () => {
    const laptop = new PortalClient(site.url)
    assert.equal((await tryFrom('192.0.2.20', 'bob', PASSWORD, laptop)).status, 200)
    await laptop.post('/sign-out')
    let last = 0
    for (let i = 0; i < 12; i += 1) last = (await tryFrom('192.0.2.20', 'bob', `wrong ${i}`)).status
    assert.equal(last, 429)
    assert.equal((await tryFrom('192.0.2.20', 'bob', PASSWORD, laptop)).status, 200)
  })

  it('is put off with a time, and let through when it is over', async () => {
    for (let i = 0; i < 10; i += 1) assert.equal((await tryFrom('198.51.100.200', 'carol', `wrong ${i}`)).status, 422)
    const put = await tryFrom('198.51.100.200', 'carol', PASSWORD)
    assert.equal(put.status, 429)
    const seconds = Number(put.headers.get('retry-after'))
    assert.ok(seconds > 0 && seconds <= 900, String(seconds))
    clock.move(16 * MINUTE)
    assert.equal((await tryFrom('198.51.100.200', 'carol', PASSWORD)).status, 200)
  })

  it('from one network against many names is put off too, also over many addresses of one IPv6 customer', async () => {
    let puts = 0
    for (let i = 0; i < 70; i += 1) {
      if ((await tryFrom(`2001:db8:1:2::${i.toString(16)}`, `nobody-${i}`, 'a wrong pass phrase')).status === 429)
        puts += 1
    }
    assert.equal(puts, 10)
    assert.equal((await tryFrom('2001:db8:1:3::1', 'dave', PASSWORD)).status, 200)
  })
})

it('a sign-in from a place where the account was never used is told to its owner, the first and the usual are not', async () => {
  const { kysely } = site.context.database
  await site.addUser('frida')
  await kysely.updateTable('account').set({ email: 'frida@example.test' }).where('name', '=', 'frida').execute()
  const told = async () =>
    (await kysely.selectFrom('notice').select('kind').where('address', '=', 'frida@example.test').execute()).length
  const laptop = new PortalClient(site.url)
  await tryFrom('192.0.2.60', 'frida', PASSWORD, laptop)
  await tryFrom('192.0.2.60', 'frida', PASSWORD)
  await laptop.post('/sign-out')
  await tryFrom('203.0.113.60', 'frida', PASSWORD, laptop)
  assert.equal(await told(), 0)
  await tryFrom('198.51.100.60', 'frida', PASSWORD)
  assert.equal(await told(), 1)
})

it('a mark of a browser is of one account, and not to be made up', async () => {
  const own = new PortalClient(site.url)
  await tryFrom('192.0.2.50', 'dave', PASSWORD, own)
  const mark = own.cookies.get('vouchsafe-known') ?? ''
  assert.ok(mark.length > 40)
  const forged = [
    mark.replace(/^\d+/, '99999999999'),
    `${mark}x`,
    mark.replace(/\.[^.]+\./, '.AAAAAAAAAAAAAAAA.'),
    '',
    '..',
    'x.y.z.w',
  ]
  const other = new PortalClient(site.url)
  for (let i = 0; i < 12; i += 1) {
    other.cookies.set('vouchsafe-known', forged[i % forged.length] ?? '')
    await tryFrom('198.51.100.77', 'dave', `wrong ${i}`, other)
  }
  assert.equal((await tryFrom('198.51.100.77', 'dave', PASSWORD, other)).status, 429, 'forged marks count as none')
  other.cookies.set('vouchsafe-known', mark)
  for (let i = 0; i < 11; i += 1) await tryFrom('198.51.100.78', 'carol', `wrong ${i}`, other)
  assert.equal(
    (await tryFrom('198.51.100.78', 'carol', PASSWORD, other)).status,
    429,
    "dave's mark is nothing to carol",
  )
})

it('known, unknown and suspended accounts and those without a password get the same bytes after the same work', async () => {
  const { context } = site
  const { database } = context
  await site.addUser('suspend1')
  await site.addUser('nopasswd')
  await database.transaction(async (trx) => {
    await trx.updateTable('account').set({ active: false }).where('name', '=', 'suspend1').execute()
    await trx.updateTable('account').set({ password_hash: null }).where('name', '=', 'nopasswd').execute()
    await trx
      .updateTable('site')
      .set((eb) => ({ access_generation: eb('access_generation', '+', 1) }))
      .execute()
  })
  await site.addUser('existing')
  const verify = context.passwords.verify.bind(context.passwords)
  let hashes = 0
  context.passwords.verify = async (...given) => {
    hashes += 1
    return await verify(...given)
  }
  try {
    const answers = new Map<string, string>()
    for (const name of ['existing', 'missing1', 'suspend1', 'nopasswd']) {
      hashes = 0
      const got = await tryFrom('203.0.113.5', name, name === 'existing' ? 'a wrong pass phrase' : PASSWORD)
      assert.equal(hashes, 1, `${name}: ${hashes} hashes`)
      const headers = [...got.headers]
        .filter(([header]) => header !== 'date')
        .map((each) => each.join(': '))
        .toSorted((a, b) => a.localeCompare(b))
      answers.set(name, JSON.stringify([got.status, headers, got.text.replaceAll(name, 'NAME')]))
    }
    assert.equal(new Set(answers.values()).size, 1)
  } finally {
    context.passwords.verify = verify
  }
})

it('of many tries at once no more than the limit get through, whichever process counts them', async () => {
  const processes = [new Attempts(site.context.database, clock), new Attempts(site.context.database, clock)]
  const wanted: Try = { what: 'password', name: 'race', network: '192.0.2.200' }
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, () => processes.map((each) => each.begin(wanted))).flat(),
  )
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 10)
  for (const result of results)
    if (result.status === 'rejected') assert.ok(result.reason instanceof TooManyRequestsError)
  clock.move(16 * MINUTE)
  const again = await processes[0]?.begin(wanted)
  assert.ok(again)
  await processes[0]?.succeeded(again)
})

it('right tries use nothing up, and what is over is forgotten', async () => {
  const attempts = new Attempts(site.context.database, clock)
  for (let i = 0; i < 100; i += 1) {
    const counted = await attempts.begin({ what: 'password', name: 'right', network: '192.0.2.201' })
    await attempts.succeeded(counted)
  }
  clock.move(40 * 24 * 60 * MINUTE)
  await expireAttempts(site.context.database, clock.nowMicros())
  const left = await site.context.database.kysely.selectFrom('attempt').select('key').execute()
  assert.deepEqual(left, [])
})

it('HTTP Basic is counted as well: after ten wrong ones from a network even the right one waits', async () => {
  const headers = (password: string) => basic('dave', password)
  const ask = async (password: string) =>
    (await fetch(`${site.url}/taxii2/`, { headers: { ...headers(password), connection: 'close' } })).status
  const statuses = new Set<number>()
  for (let i = 0; i < 12; i += 1) statuses.add(await ask(`a wrong pass phrase ${i}`))
  assert.deepEqual(statuses, new Set([401, 429]))
  assert.equal(await ask(PASSWORD), 429)
  clock.move(16 * MINUTE)
  assert.equal(await ask(PASSWORD), 200)
  for (let i = 0; i < 12; i += 1) await ask(`another wrong pass phrase ${i}`)
  assert.equal(await ask(PASSWORD), 200, 'a password that was verified is remembered')
})

it('HTTP Basic tells nobody which names there are: a wrong password that is sent again is not counted for any', async () => {
  for (const name of ['bob', 'nobody at all']) {
    const headers = { ...basic(name, 'the same wrong pass phrase'), 'x-forwarded-for': '198.51.100.77' }
    const statuses = new Set<number>()
    for (let i = 0; i < 12; i += 1) statuses.add((await fetch(`${site.url}/taxii2/`, { headers })).status)
    assert.deepEqual(statuses, new Set([401]), name)
  }
})

it('an IPv6 customer is one network, an IPv4 address in IPv6 is the IPv4 address', () => {
  assert.equal(countedNetwork('::ffff:192.0.2.1'), '192.0.2.1')
  assert.equal(countedNetwork('192.0.2.1'), '192.0.2.1')
  assert.equal(countedNetwork('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64')
  assert.equal(countedNetwork('2001:db8:1:2::'), '2001:db8:1:2::/64')
  assert.equal(countedNetwork('fe80::1%eth0'), countedNetwork('fe80::2%eth0'))
  assert.equal(countedNetwork('unknown'), 'unknown')
})
