import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, it } from 'node:test'
import { generateKey } from 'openpgp'
import { egress, type EgressParts } from '../../server/egress/egress.ts'
import { isPublicAddress } from '../../server/egress/public-address.ts'
import { lookUpKey, lookUpWkd } from '../../server/keys/look-up.ts'
import { wkdUrls } from '../../mail/openpgp/wkd.ts'
import { makeAuthority } from '../support/certificates.ts'
import { siteWithKeys } from './members.ts'

const PUBLIC = '93.184.216.34'
let server: Server
let parts: EgressParts
let key: Uint8Array
const asked: string[] = []
const names = new Map<string, readonly string[]>()

before(async () => {
  const authority = await makeAuthority('Test')
  const { certificate, key: privateKey } = await authority.issue({
    name: 'keys.example',
    usage: 'server',
    hosts: ['keys.example', 'openpgpkey.city.example'],
  })
  const { publicKey } = await generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: { email: 'ann@city.example' },
    format: 'object',
  })
  key = publicKey.write()
  server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    asked.push(`${request.headers.host} ${request.url}`)
    if (request.url === '/redirect') return response.writeHead(302, { location: 'https://127.0.0.1/' }).end()
    if (request.url === '/large') return response.end(Buffer.alloc(300_000))
    if (request.url === '/slow') return undefined
    if (request.url?.includes('/hu/')) return response.end(key)
    return response.writeHead(404).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  parts = {
    resolve: (name) => Promise.resolve(names.get(name) ?? []),
    authorities: [authority.certificate],
    // only what passed the check is routed
    route: () => ({ host: '127.0.0.1', port }),
    timeoutMillis: 500,
  }
  for (const name of ['keys.example', 'openpgpkey.city.example', 'other.example']) names.set(name, [PUBLIC])
})
after(() => {
  server.closeAllConnections()
  server.close()
})

it('knows which addresses are of the Internet', () => {
  for (const address of [PUBLIC, '1.1.1.1', '2606:4700::1111', '2a00:1450::1'])
    assert.ok(isPublicAddress(address), address)
  const not = [
    '127.0.0.1', '127.1', '2130706433', '0.0.0.0', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1',
    '224.0.0.1', '255.255.255.255', '192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '192.0.0.8', '240.0.0.1',
    '::', '::1', '::ffff:127.0.0.1', '::ffff:1.1.1.1', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::101:101', '64:ff9b:1::1',
    '2002:7f00:1::', '2001:0:1::1', '2001:db8::1', '3fff::1', 'fc00::1', 'fd12::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1',
    '5f00::1', '100::1', 'x', '',
  ] // prettier-ignore
  for (const address of not) assert.ok(!isPublicAddress(address), address)
})

it('fetches nothing but https from a name whose addresses are all public', async () => {
  const guard = egress(parts)
  const reasonOf = async (url: string) => {
    const got = await guard.get(new URL(url))
    return got.ok ? got.status : got.reason
  }
  names.set('inside.example', ['10.0.0.1'])
  names.set('mixed.example', [PUBLIC, '127.0.0.1'])
  asked.length = 0
  for (const url of [
    'http://inside.example/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://localhost/',
    'https://inside.example:8443/',
    'https://me@inside.example/',
  ]) {
    // prettier-ignore
    assert.equal(await reasonOf(url), 'not-allowed', url)
  }
  assert.equal(await reasonOf('https://inside.example/'), 'not-public')
  assert.equal(await reasonOf('https://mixed.example/'), 'not-public')
  assert.equal(await reasonOf('https://nowhere.example/'), 'absent')
  assert.deepEqual(asked, [], 'nobody was even asked')
})

it('follows no redirect, takes no large and no slow answer, and trusts no wrong certificate', async () => {
  const guard = egress(parts)
  const reasonOf = async (url: string) => {
    const got = await guard.get(new URL(url))
    return got.ok ? got.status : got.reason
  }
  assert.equal(await reasonOf('https://keys.example/redirect'), 'redirected')
  assert.equal(await reasonOf('https://keys.example/large'), 'too-large')
  assert.equal(await reasonOf('https://keys.example/slow'), 'timed-out')
  assert.equal(await reasonOf('https://keys.example/none'), 404)
  assert.equal(await reasonOf('https://other.example/none'), 'failed', 'the certificate names another host')
  const unknown = await egress({ ...parts, authorities: [] }).get(new URL('https://keys.example/none'))
  assert.deepEqual(unknown, { ok: false, reason: 'failed' }, 'nobody trusts who issued the certificate')
  const deaf = egress({ ...parts, resolve: () => new Promise(() => {}) })
  assert.deepEqual(await deaf.get(new URL('https://keys.example/')), { ok: false, reason: 'timed-out' })
})

it('fetches a key over TLS by the name of its directory', async () => {
  asked.length = 0
  const found = await lookUpWkd('ann@city.example', egress(parts))
  assert.ok(found.ok && Buffer.from(found.body).equals(key))
  assert.match(asked.join(), /^openpgpkey\.city\.example \/\.well-known\/openpgpkey\/city\.example\/hu\/\w{32}\?l=ann$/)
})

it('looks a key up the advanced way, and the direct way only where there is no such name', async () => {
  const fetched: string[] = []
  const answer = (status: number) => ({ ok: true, status, body: key }) as const
  const absent = { ok: false, reason: 'absent' } as const
  const urls = wkdUrls('ann@city.example')
  assert.ok(urls)
  const lookUp = async (advanced: Awaited<ReturnType<ReturnType<typeof egress>['get']>>) => {
    fetched.length = 0
    return await lookUpWkd('ann@city.example', {
      get: (url) => {
        fetched.push(url.href)
        return Promise.resolve(url.href === urls.advanced.href ? advanced : answer(200))
      },
    })
  }
  assert.ok((await lookUp(answer(200))).ok)
  assert.deepEqual(fetched, [urls.advanced.href])
  assert.ok((await lookUp(absent)).ok)
  assert.deepEqual(fetched, [urls.advanced.href, urls.direct.href])
  assert.deepEqual(await lookUp(answer(404)), { ok: false, reason: 'absent' })
  assert.deepEqual(await lookUp({ ok: false, reason: 'not-public' }), { ok: false, reason: 'failed' })
  assert.deepEqual(fetched, [urls.advanced.href], 'a failure is no absence')
})

it('a key that is found is a suggestion, and of one’s own verified addresses only', async () => {
  const found: string[] = []
  await using home = await siteWithKeys({
    get: (url) => {
      found.push(url.hostname)
      return Promise.resolve({ ok: true, status: 200, body: key })
    },
  })
  const owner = await home.owner('ann')
  await assert.rejects(lookUpKey(home.context, { owner, address: 'bob@city.example' }), {
    code: 'address_not_verified',
  })
  assert.deepEqual(found, [])
  assert.equal((await lookUpKey(home.context, { owner, address: 'ann@city.example' })).outcome, 'added')
  const [row] = await home.certificates('ann')
  assert.deepEqual([row?.origin, row?.proven_micros, await home.pinned('ann')], ['wkd', null, undefined])
  const ann = await home.people.visitor('ann')
  await ann.get('/account/keys/add')
  const again = await ann.post('/account/keys/look-up', { address: 'ann@city.example' })
  assert.match(again.text, /The key was on file/)
})
