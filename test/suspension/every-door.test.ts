import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request } from 'node:https'
import { after, describe, it } from 'node:test'
import { Authenticator } from '../../server/auth/programs/authenticate.ts'
import { rememberDevice } from '../../server/auth/sessions/remembered-devices.ts'
import { createApp } from '../../server/app.ts'
import { startServer } from '../../server/main.ts'
import { makeInvitation } from '../../server/members/invitations/invitations.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { openRecovery } from '../../server/members/recovery/recovery.ts'
import { addCertificate } from '../../server/site/accounts.ts'
import { grantRights } from '../../server/site/rights.ts'
import { restoreAccount, suspendAccount } from '../../server/site/suspension.ts'
import { Freshness } from '../../server/storage/freshness.ts'
import { tlsOptions } from '../../server/tls/options.ts'
import { makeAuthority } from '../support/certificates.ts'
import { TEST_DATABASE_URL } from '../support/database.ts'
import { indicators } from '../support/indicators.ts'
import { PortalClient } from '../support/portal-client.ts'
import { openSite } from '../support/serve-process.ts'
import { basic, PASSWORD, post, testSite } from '../support/site.ts'
import { peopleOf } from '../members/people.ts'
import { withGenerator } from '../sign-in/person.ts'
import { temporaryFolder, tlsConfig } from '../tls/server.ts'

const site = await testSite()
const { context } = site
// on PostgreSQL a core of its own, which shares nothing with the first but the database
const other = TEST_DATABASE_URL ? await startServer(await openSite(site.place)) : undefined
const folder = temporaryFolder()
const servers = await makeAuthority('Server authority')
const clients = await makeAuthority('Client authority')
const issued = await clients.issue({ name: 'member', usage: 'client' })
const secure = await secureServer()
after(async () => {
  secure.close()
  await other?.close()
  await site.close()
  folder[Symbol.dispose]()
})
const urls = [site.url, ...(other ? [other.url] : [])]

const people = peopleOf(site)
for (const name of ['member', 'careful', 'keeper']) await people.account(name)
await people.account('root', 'administrator')
await people.group('water', 'keeper')
await people.member('water', 'member', ['group-administrator'])
const { api_root } = await site.addCollection({ alias: 'region' })
const OBJECTS = `${api_root}collections/region/objects/`
await grantRights(context, { actor: 'test', name: 'member', read: ['region'], write: ['region'] })
const bearer = await site.addToken('member')
const added = await post(
  site.url + OBJECTS,
  bearer,
  indicators(3).map((text) => JSON.parse(text) as unknown),
)
assert.equal(added.status, 202)
const fingerprint = Buffer.from(new X509Certificate(issued.certificate).fingerprint256.replaceAll(':', ''), 'hex')
await addCertificate(context, { actor: 'test', name: 'member', fingerprint })
const generator = await withGenerator(site, 'careful')

/** A server of its own with TLS and client certificates, on the same database. */
async function secureServer() {
  const pair = await servers.issue({ name: 'localhost', usage: 'server' })
  const config = {
    ...context.config,
    ...tlsConfig(folder.path, {
      certificateFile: pair.certificate,
      keyFile: pair.key,
      clientCaFile: clients.certificate,
    }),
  }
  const freshness = new Freshness(context.database)
  const authenticator = new Authenticator(context.clock, context.passwords, context.attempts)
  const app = createApp({ ...context, config, freshness, authenticator })
  const server = createServer(tlsOptions(config, folder.path), app)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function byCertificate(): Promise<number> {
  const address = secure.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  request(
    {
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      path: OBJECTS,
      headers: { accept: bearer.accept, connection: 'close' },
      ca: servers.certificate,
      cert: issued.certificate,
      key: issued.key,
      agent: false,
    },
    (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    },
  )
    .on('error', reject)
    .end()
  return await promise
}

/** Every door of `member`, each answering whether it is open on every server. */
async function openDoors() {
  const session = await people.visitor('member')
  const { token: invitation } = await makeInvitation(context, { ...(await people.by('member')), group: 'water' })
  const { token: recovery } = await openRecovery(context, { ...BY_OPERATOR, name: 'member', removeFactors: false })
  const first = await fetch(`${site.url}${OBJECTS}?limit=1`, { headers: bearer })
  const { next } = (await first.json()) as { next: string }
  assert.ok(next)
  const everywhere = async (ask: (url: string) => Promise<boolean>) => {
    const answers = await Promise.all(urls.map(ask))
    assert.equal(new Set(answers).size, 1, 'the servers differ')
    return answers[0] === true
  }
  const isOk = (path: string, headers: Readonly<Record<string, string>>) =>
    everywhere(async (url) => (await fetch(url + path, { headers, redirect: 'manual' })).status === 200)
  const accountNo = (await context.freshness.read()).access.accountNamed('member')?.accountNo
  const cookie = [...session.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return {
    'a web session': () => isOk('/account', { cookie }),
    'the question whether the session lives': () =>
      everywhere(
        async (url) => (await fetch(`${url}/session?account=${accountNo}`, { headers: { cookie } })).status === 204,
      ),
    'a page of the group': () => isOk('/groups/water/members', { cookie }),
    'HTTP Basic': () => isOk(OBJECTS, basic('member', PASSWORD)),
    'a bearer token': () => isOk(OBJECTS, bearer),
    'the next page of a reading that has begun': () =>
      isOk(`${OBJECTS}?limit=1&next=${encodeURIComponent(next)}`, bearer),
    'a client certificate': async () => (await byCertificate()) === 200,
    'the password on the sign-in page': () =>
      everywhere(async (url) => {
        const client = new PortalClient(url)
        await client.get('/sign-in')
        const got = await client.post('/sign-in', { name: 'member', password: PASSWORD })
        return got.status === 200 && !got.url.startsWith('/sign-in')
      }),
    'an invitation that the account has made': () => isOk(`/invitation/${invitation}`, {}),
    'a way back that was opened for it': () => isOk(`/recovery/${recovery}`, {}),
  }
}

const SESSIONS = ['a web session', 'the question whether the session lives', 'a page of the group']

describe('suspension', () => {
  it('shuts every door on every server from the next request on; letting in again opens them, but the sessions', async () => {
    const doors = await openDoors()
    for (const [door, isOpen] of Object.entries(doors)) assert.equal(await isOpen(), true, `before: ${door}`)
    await suspendAccount(context, { ...BY_OPERATOR, name: 'member' })
    const during = await Promise.all(
      Object.entries(doors).map(async ([door, isOpen]) => [door, await isOpen()] as const),
    )
    assert.deepEqual(
      during.filter(([, isOpen]) => isOpen),
      [],
    )
    await restoreAccount(context, { ...BY_OPERATOR, name: 'member' })
    for (const [door, isOpen] of Object.entries(doors)) {
      assert.equal(await isOpen(), !SESSIONS.includes(door), `after: ${door}`)
    }
  })

  it('deletes nothing but sessions', async () => {
    const kept = async () => {
      const { kysely } = context.database
      const rows = [
        await kysely.selectFrom('account').select(['name', 'password_hash', 'role']).orderBy('account_no').execute(),
        await kysely.selectFrom('token').selectAll().orderBy('token_no').execute(),
        await kysely.selectFrom('account_certificate').selectAll().execute(),
        await kysely.selectFrom('membership').selectAll().orderBy('account_no').execute(),
        await kysely.selectFrom('collection_grant').selectAll().execute(),
        await kysely.selectFrom('one_time_link').selectAll().orderBy('created_micros').execute(),
        await kysely.selectFrom('code_generator').selectAll().execute(),
        await kysely.selectFrom('remembered_device').selectAll().execute(),
      ]
      return JSON.stringify(rows.map((list) => list.map((row) => ({ ...row, last_used_micros: 0 }))))
    }
    const before = await kept()
    for (const name of ['member', 'careful']) {
      await suspendAccount(context, { ...BY_OPERATOR, name })
      await restoreAccount(context, { ...BY_OPERATOR, name })
    }
    assert.equal(await kept(), before)
  })

  it('ends a sign-in that waits for its second factor: the right code opens nothing, not after letting in again either', async () => {
    const client = new PortalClient(site.url)
    await client.get('/sign-in')
    const asked = await client.post('/sign-in', { name: 'careful', password: PASSWORD })
    assert.equal(asked.url, '/sign-in/second')
    await suspendAccount(context, { ...BY_OPERATOR, name: 'careful' })
    const code = generator.code(generator.now() + 1)
    await client.post('/sign-in/second', { code })
    assert.notEqual((await client.once('/account')).status, 200)
    await restoreAccount(context, { ...BY_OPERATOR, name: 'careful' })
    await client.post('/sign-in/second', { code })
    assert.notEqual((await client.once('/account')).status, 200)
  })

  it('makes a remembered device worth nothing', async () => {
    const { access } = await context.freshness.read()
    const account = access.accountNamed('careful')
    assert.ok(account)
    const secret = await rememberDevice(context, { account, device: 'Firefox on Linux', network: '127.0.0.1' })
    const signIn = async () => {
      const client = new PortalClient(site.url)
      client.cookies.set('vouchsafe-device', secret)
      await client.get('/sign-in')
      return (await client.post('/sign-in', { name: 'careful', password: PASSWORD })).url
    }
    assert.equal(await signIn(), '/')
    await suspendAccount(context, { ...BY_OPERATOR, name: 'careful' })
    assert.equal(await signIn(), '/sign-in')
    await restoreAccount(context, { ...BY_OPERATOR, name: 'careful' })
    assert.equal(await signIn(), '/sign-in/second', 'the device has to be remembered anew')
  })
})

describe('on the page of the account', () => {
  it('one button after a question suspends, the next page says what is shut, and one lets in again', async () => {
    const root = await people.visitor('root')
    assert.match((await root.get('/site/accounts/member/suspend')).text, /Suspend member\?/)
    const shut = await root.post('/site/accounts/member/suspend')
    assert.equal(shut.url, '/site/accounts/member/shut')
    assert.match(shut.text, /API tokens/)
    const record = (await people.audited('account_suspended')).at(-1)
    assert.equal(record?.actor, 'root')
    await root.get('/site/accounts/member')
    assert.equal((await root.post('/site/accounts/member/restore')).status, 200)
    assert.equal((await people.audited('account_restored')).at(-1)?.actor, 'root')
    assert.equal((await people.notices('account-restored')).at(-1)?.address, 'member@city.example')
  })

  it('the last administrator is told why not, and what to do first', async () => {
    const root = await people.visitor('root')
    await root.get('/site/accounts/root/suspend')
    const refused = await root.post('/site/accounts/root/suspend')
    assert.equal(refused.status, 409)
    assert.match(refused.text, /last administrator of the site cannot be suspended: make somebody else/)
    assert.equal((await root.once('/account')).status, 200)
  })

  it('nobody but administrators of the site sees or does any of it', async () => {
    const member = await people.visitor('member')
    for (const path of ['/site/accounts', '/site/accounts/keeper', '/site/accounts/keeper/suspend']) {
      assert.equal((await member.get(path)).status, 403, path)
    }
    assert.equal((await member.post('/site/accounts/keeper/suspend')).status, 403)
    assert.equal((await member.post('/site/accounts/keeper/appoint')).status, 403)
  })
})
