import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { Taxii2Client } from '../src/index.ts'
import type { Taxii2ClientOptions, TlsOptions } from '../src/index.ts'
import { authority } from './support/certificates.ts'
import { DISCOVERY, failsWith, serve, testClock } from './support/server.ts'

const ca = await authority('Test CA')
const otherCa = await authority('Other CA')
const serverPair = await ca.issue('server', { ip: '127.0.0.1' })
const clientPair = await ca.issue('member-a')
const { cert, key } = serverPair

function secure(url: string, tls: TlsOptions, options: Partial<Taxii2ClientOptions> = {}): Taxii2Client {
  return new Taxii2Client({ url, tls, clock: testClock(), ...options })
}

async function discover(url: string, tls: TlsOptions): Promise<string> {
  using client = secure(url, tls)
  return (await client.discovery()).title
}

describe('TLS', () => {
  it('K02 verifies the chain: unknown authority, expired, other name are refused', async () => {
    await using server = await serve(() => ({ json: DISCOVERY }), { cert, key })
    assert.equal(await discover(server.origin, { ca: ca.cert }), 'Test server')
    await assert.rejects(discover(server.origin, {}), failsWith('tls', { retryable: false }))
    await assert.rejects(discover(server.origin, { ca: otherCa.cert }), failsWith('tls'))
    for (const pair of [
      await ca.issue('server', { ip: '127.0.0.1', expired: true }),
      await ca.issue('server', { ip: '192.0.2.1' }),
    ]) {
      await using bad = await serve(() => ({ json: DISCOVERY }), { cert: pair.cert, key: pair.key })
      await assert.rejects(discover(bad.origin, { ca: ca.cert }), failsWith('tls', { retryable: false }))
      assert.equal(bad.seen.length, 0)
    }
  })

  it('K02 verifies even where the environment says not to', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      await using server = await serve(() => ({ json: DISCOVERY }), { cert, key })
      await assert.rejects(discover(server.origin, { ca: otherCa.cert }), failsWith('tls'))
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
    }
  })

  it('K02 refuses TLS 1.1, speaks 1.2 and 1.3', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    await using ancient = await serve(() => ({ json: DISCOVERY }), { cert, key, ...old })
    await assert.rejects(discover(ancient.origin, { ca: ca.cert }), failsWith('tls'))
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      await using server = await serve(() => ({ json: DISCOVERY }), {
        cert,
        key,
        minVersion: version,
        maxVersion: version,
      })
      assert.equal(await discover(server.origin, { ca: ca.cert }), 'Test server')
    }
    await using twelve = await serve(() => ({ json: DISCOVERY }), { cert, key, maxVersion: 'TLSv1.2' })
    await assert.rejects(discover(twelve.origin, { ca: ca.cert, minVersion: 'TLSv1.3' }), failsWith('tls'))
  })

  it('K02 pins the certificate or the public key, on top of the verification', async () => {
    await using server = await serve(() => ({ json: DISCOVERY }), { cert, key })
    const { certificateSha256, publicKeySha256 } = serverPair
    const colons = certificateSha256.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:')
    const base64 = Buffer.from(publicKeySha256, 'hex').toString('base64')
    const wrong = '00'.repeat(32)
    for (const pins of [
      { certificateSha256: [wrong, certificateSha256] },
      { certificateSha256: [colons] },
      { publicKeySha256: [base64] },
      { certificateSha256: [wrong], publicKeySha256: [publicKeySha256] },
    ]) {
      assert.equal(await discover(server.origin, { ca: ca.cert, pins }), 'Test server')
    }
    for (const pins of [{ certificateSha256: [wrong] }, { publicKeySha256: [certificateSha256] }]) {
      await assert.rejects(discover(server.origin, { ca: ca.cert, pins }), failsWith('pin-mismatch'))
    }
    await assert.rejects(discover(server.origin, { pins: { publicKeySha256: [publicKeySha256] } }), failsWith('tls'))
    assert.throws(() => secure(server.origin, { pins: {} }), failsWith('bad-option'))
    assert.throws(() => secure(server.origin, { pins: { publicKeySha256: ['AAAA'] } }), failsWith('bad-option'))
  })

  it('K03 shows a client certificate and a password together', async () => {
    const mutual = { cert, key, ca: ca.cert, requestCert: true, rejectUnauthorized: true }
    await using server = await serve(({ message, headers }) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an HTTPS server has no other sockets
      const { subject } = (message.socket as TLSSocket).getPeerCertificate()
      return { json: { title: `${String(subject.CN)} ${headers.authorization}` } }
    }, mutual)
    const tls = { ca: ca.cert, certificate: clientPair.cert, key: clientPair.key }
    using client = secure(server.origin, tls, {
      authentication: { kind: 'basic', username: 'alice', password: 'pä:ss' },
    })
    const basic = Buffer.from('alice:pä:ss').toString('base64')
    assert.equal((await client.discovery()).title, `member-a Basic ${basic}`)
    await assert.rejects(discover(server.origin, { ca: ca.cert }), failsWith('tls', { retryable: false }))
  })

  it('K03 keeps the client certificate from other origins', async () => {
    const asking = { cert, key, ca: ca.cert, requestCert: true, rejectUnauthorized: false }
    await using other = await serve(({ message }) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an HTTPS server has no other sockets
      const certificate = (message.socket as TLSSocket).getPeerCertificate()
      const title = Object.keys(certificate).length === 0 ? 'nobody' : certificate.subject.CN
      return { json: { title, max_content_length: 1 } }
    }, asking)
    const tls = { ca: ca.cert, certificate: clientPair.cert, key: clientPair.key }
    using client = secure('https://127.0.0.1:1/', tls)
    assert.equal((await client.apiRoot(`${other.origin}/r/`).read()).title, 'nobody')
    using trusting = secure('https://127.0.0.1:1/', tls, { trustedOrigins: [other.origin] })
    assert.equal((await trusting.apiRoot(`${other.origin}/r/`).read()).title, 'member-a')
  })

  it('K03 sends Basic, bearer and API-key headers', async () => {
    await using server = await serve(
      ({ headers }) => ({ json: { title: headers.authorization ?? headers['x-key'] } }),
      {
        cert,
        key,
      },
    )
    let count = 0
    const fresh = async (): Promise<string> => `token-${(count += 1)}`
    for (const [authentication, expected] of [
      [{ kind: 'basic', username: 'a', password: 'b' }, 'Basic YTpi'],
      [{ kind: 'bearer', token: 'abc.def' }, 'Bearer abc.def'],
      [{ kind: 'bearer', token: fresh }, 'Bearer token-1'],
      [{ kind: 'api-key', header: 'X-Key', value: 'k' }, 'k'],
    ] as const) {
      using client = secure(server.origin, { ca: ca.cert }, { authentication })
      assert.equal((await client.discovery()).title, expected)
    }
  })
})
