import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { connect, getCiphers, type ConnectionOptions } from 'node:tls'
import { addCertificate } from '../../server/site/accounts.ts'
import { type Issued, makeAuthority, type Wanted } from '../support/certificates.ts'
import { TAXII } from '../support/site.ts'
import { ask } from './exchange.ts'
import { openRegion } from './region.ts'

const folder = await mkdtemp(join(tmpdir(), 'vouchsafe-conformance-'))
const servers = await makeAuthority('Server authority')
const clients = await makeAuthority('Client authority')
const strangers = await makeAuthority('Client authority of others')
// an RSA key, so that a client could ask for RSA key exchange at all
const pair = await servers.issue({ name: 'localhost', usage: 'server', keyType: 'RSA' })
const good = await clients.issue({ name: 'member', usage: 'client' })
const revoked = await clients.issue({ name: 'member', usage: 'client' })
const region = await openRegion({
  settings: {
    'tls.certificate_file': await file('server.crt', pair.certificate),
    'tls.key_file': await file('server.key', pair.key),
    'tls.client_ca_file': await file('clients.crt', clients.certificate),
    'tls.client_crl_file': await file('clients.crl', await clients.revoke([revoked.serialNumber])),
  },
})
after(async () => {
  await region.close()
  await rm(folder, { recursive: true })
})
const port = Number(new URL(region.site.url).port)
const ca = servers.certificate

it('G03 a client with TLS 1.2 is served', async () => {
  assert.match(region.site.url, /^https:/)
  assert.equal((await handshake({ maxVersion: 'TLSv1.2' })).protocol, 'TLSv1.2')
  const answer = await region.ask('/taxii2/', { headers: region.basic, tls: { ca, maxVersion: 'TLSv1.2' } })
  assert.equal(answer.status, 200)
})

it('G04 a client with TLS 1.3 is served', async () => {
  assert.equal((await handshake({ minVersion: 'TLSv1.3' })).protocol, 'TLSv1.3')
  const answer = await region.ask('/taxii2/', { headers: region.bearer, tls: { ca, minVersion: 'TLSv1.3' } })
  assert.equal(answer.status, 200)
})

it('G04 no session ticket allows early data', async (t) => {
  const output = await openssl(['s_client', '-connect', `127.0.0.1:${port}`, '-tls1_3'])
  if (output === undefined) return t.skip('the openssl command is not installed')
  const offers = output.split('\n').filter((line) => line.includes('Max Early Data'))
  assert.ok(offers.length > 0, output)
  for (const offer of offers) assert.match(offer, /Max Early Data: 0$/)
})

it('G05 of all ciphers of TLS 1.2 only ECDHE with AEAD is taken', async () => {
  const taken: string[] = []
  for (const name of getCiphers().filter((cipher) => !cipher.startsWith('tls_'))) {
    const only = { maxVersion: 'TLSv1.2', ciphers: `${name.toUpperCase()}:@SECLEVEL=0` } as const
    const answer = await handshake(only).catch(() => undefined)
    if (answer) taken.push(answer.cipher)
  }
  assert.deepEqual(taken.toSorted(), [
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ])
})

it('G08 a good client certificate signs in, over TLS 1.2 and 1.3', async () => {
  await register(good)
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const answer = await region.ask(region.root, { headers: { accept: TAXII }, tls: { ...shown(good), maxVersion } })
    assert.equal(answer.status, 200)
  }
})

it('G08 a verified certificate that belongs to no account does not sign in', async () => {
  assert.equal(await statusWith(await clients.issue({ name: 'member', usage: 'client' })), 401)
})

it('G08 a revoked certificate does not sign in', async () => {
  await register(revoked)
  assert.equal(await statusWith(revoked), 401)
})

const bad: readonly (readonly [string, Wanted, typeof clients])[] = [
  ['of another authority', { name: 'member', usage: 'client' }, strangers],
  ['that has expired', { name: 'member', usage: 'client', fromHours: -9, untilHours: -1 }, clients],
  ['that is not yet valid', { name: 'member', usage: 'client', fromHours: 1 }, clients],
  ['for servers only', { name: 'member', usage: 'server' }, clients],
]
for (const [what, wanted, authority] of bad) {
  it(`G08 a certificate ${what} does not sign in`, async () => {
    const issued = await authority.issue(wanted)
    // known by its fingerprint, so that only the verification stands in the way
    await register(issued)
    assert.equal(await statusWith(issued), 401)
  })
}

async function register({ certificate }: Issued): Promise<void> {
  const hex = new X509Certificate(certificate).fingerprint256.replaceAll(':', '')
  const fingerprint = Buffer.from(hex, 'hex')
  await addCertificate(region.site.context, { actor: 'test', name: 'member', fingerprint })
}

function shown({ certificate, key }: Issued) {
  return { ca, cert: certificate, key }
}

async function statusWith(issued: Issued): Promise<number> {
  return (await ask(region.rootUrl, { headers: { accept: TAXII }, tls: shown(issued) })).status
}

async function handshake(options: ConnectionOptions) {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca, ...options })
  try {
    await once(socket, 'secureConnect')
    return { protocol: socket.getProtocol(), cipher: socket.getCipher().name }
  } finally {
    socket.destroy()
  }
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

/** Runs openssl until it has read the end of its input; undefined when there is no such command. */
function openssl(args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = execFile('openssl', args, { timeout: 10_000 }, (error, output) =>
      resolve(error?.code === 'ENOENT' ? undefined : output),
    )
    child.stdin?.on('error', () => undefined)
    // the tickets of TLS 1.3 come with the answer, and the server closes after it
    child.stdin?.write('GET /taxii2/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  })
}
