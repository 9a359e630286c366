import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, describe, it } from 'node:test'
import { getCiphers } from 'node:tls'
import { tlsOptions } from '../../server/tls/options.ts'
import { makeAuthority } from '../support/certificates.ts'
import { startServer, talk, temporaryFolder, tlsConfig } from './server.ts'

const authority = await makeAuthority('Server authority')
// an RSA key, because with any other no client could ask for RSA key exchange
const rsa = await authority.issue({ name: 'localhost', usage: 'server', keyType: 'RSA' })
const folder = temporaryFolder()
const options = tlsOptions(tlsConfig(folder.path, { certificateFile: rsa.certificate, keyFile: rsa.key }), folder.path)
const ours = await startServer(options)
const careless = await startServer({
  cert: rsa.certificate,
  key: rsa.key,
  minVersion: 'TLSv1',
  ciphers: 'ALL:@SECLEVEL=0',
})
after(async () => {
  await ours[Symbol.asyncDispose]()
  await careless[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

describe('G03 G04 versions', () => {
  it('G03 a TLS 1.2 client connects', async () => {
    const { protocol } = await talk(ours.port, {
      maxVersion: 'TLSv1.2',
      ca: authority.certificate,
      rejectUnauthorized: true,
    })
    assert.equal(protocol, 'TLSv1.2')
  })

  it('G04 a TLS 1.3 client connects', async () => {
    const { protocol } = await talk(ours.port, {
      minVersion: 'TLSv1.3',
      ca: authority.certificate,
      rejectUnauthorized: true,
    })
    assert.equal(protocol, 'TLSv1.3')
  })

  it('a TLS 1.1 client is refused', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const
    assert.equal((await talk(careless.port, old)).protocol, 'TLSv1.1')
    await assert.rejects(talk(ours.port, old), /protocol version/)
  })

  it('G04 no early data is offered', async (t) => {
    const { error, output } = await openssl(['s_client', '-connect', `127.0.0.1:${ours.port}`, '-tls1_3'])
    if (error === 'ENOENT') return t.skip('the openssl command is not installed')
    const offers = output.split('\n').filter((line) => line.includes('Max Early Data'))
    assert.ok(offers.length > 0, output)
    for (const offer of offers) assert.match(offer, /Max Early Data: 0$/)
  })
})

describe('G05 ciphers of TLS 1.2', () => {
  const offered = getCiphers().filter((name) => !name.startsWith('tls_'))

  it('of all ciphers that a client can ask for, only ECDHE with AEAD is taken', async () => {
    const taken: string[] = []
    for (const name of offered) {
      const only = { maxVersion: 'TLSv1.2', ciphers: `${name.toUpperCase()}:@SECLEVEL=0` } as const
      const answer = await talk(ours.port, only).catch(() => undefined)
      if (answer) taken.push(answer.cipher)
    }
    assert.deepEqual(taken.toSorted(), [
      'ECDHE-RSA-AES128-GCM-SHA256',
      'ECDHE-RSA-AES256-GCM-SHA384',
      'ECDHE-RSA-CHACHA20-POLY1305',
    ])
  })

  for (const cipher of ['AES128-GCM-SHA256', 'AES256-SHA', 'ECDHE-RSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA256']) {
    it(`${cipher} is refused though the client could speak it`, async () => {
      const only = { maxVersion: 'TLSv1.2', ciphers: `${cipher}:@SECLEVEL=0` } as const
      assert.equal((await talk(careless.port, only)).cipher, cipher)
      await assert.rejects(talk(ours.port, only), /handshake failure/)
    })
  }

  it('the order of the server decides', async () => {
    const ciphers = 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384'
    assert.equal((await talk(ours.port, { maxVersion: 'TLSv1.2', ciphers })).cipher, 'ECDHE-RSA-AES256-GCM-SHA384')
  })
})

/** Runs openssl until it has read the end of its input. */
function openssl(args: readonly string[]): Promise<{ readonly error: unknown; readonly output: string }> {
  return new Promise((resolve) => {
    const child = execFile('openssl', args, { timeout: 10_000 }, (error, output) =>
      resolve({ error: error?.code, output }),
    )
    child.stdin?.on('error', () => undefined)
    // the tickets of TLS 1.3 come with the answer, and the server closes after it
    child.stdin?.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  })
}
