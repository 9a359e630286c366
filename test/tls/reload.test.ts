import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { tlsOptions } from '../../server/tls/options.ts'
import { reloadableTls } from '../../server/tls/reload.ts'
import { makeAuthority } from '../support/certificates.ts'
import { startServer, talk, temporaryFolder, tlsConfig } from './server.ts'

const authority = await makeAuthority('Authority')
const first = await authority.issue({ name: 'localhost', usage: 'server' })
const second = await authority.issue({ name: 'localhost', usage: 'server' })
const client = await authority.issue({ name: 'client', usage: 'client' })

async function start(folder: string) {
  const config = tlsConfig(folder, {
    certificateFile: first.certificate,
    keyFile: first.key,
    clientCaFile: authority.certificate,
    clientCrlFile: await authority.revoke([]),
  })
  const running = await startServer(tlsOptions(config, folder))
  return { running, tls: reloadableTls(running.server, config, folder) }
}

const show = { cert: client.certificate, key: client.key }

it('unchanged files are left alone', async () => {
  using folder = temporaryFolder()
  const { running, tls } = await start(folder.path)
  await using _ = running
  assert.deepEqual(tls.reloadIfChanged(), { outcome: 'unchanged' })
})

it('a new certificate is served, with the same limits as before', async () => {
  using folder = temporaryFolder()
  const { running, tls } = await start(folder.path)
  await using _ = running
  writeFileSync(join(folder.path, 'certificateFile'), second.certificate)
  const failed = tls.reloadIfChanged()
  assert.equal(failed.outcome, 'failed', 'the key is still the old one')
  assert.equal((await talk(running.port, show)).seen.verified, 'client', 'the server goes on with the old pair')
  writeFileSync(join(folder.path, 'keyFile'), second.key)
  assert.deepEqual(tls.reloadIfChanged(), { outcome: 'reloaded' })
  assert.deepEqual(tls.reloadIfChanged(), { outcome: 'unchanged' })
  assert.equal((await talk(running.port, show)).seen.verified, 'client')
  const weak = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0' } as const
  await assert.rejects(talk(running.port, weak), /handshake failure/)
})

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  it(`a client that is revoked meanwhile cannot resume its ${maxVersion} session`, async () => {
    using folder = temporaryFolder()
    const { running, tls } = await start(folder.path)
    await using _ = running
    const before = await talk(running.port, { ...show, maxVersion })
    assert.equal(before.seen.verified, 'client')
    writeFileSync(join(folder.path, 'clientCrlFile'), await authority.revoke([client.serialNumber]))
    assert.deepEqual(tls.reloadIfChanged(), { outcome: 'reloaded' })
    const { seen } = await talk(running.port, { ...show, maxVersion, session: before.session })
    assert.deepEqual(seen, { authorized: false, error: 'CERT_REVOKED', verified: null, resumed: false })
  })
}

it('a file that has gone leaves the server as it was', async () => {
  using folder = temporaryFolder()
  const { running, tls } = await start(folder.path)
  await using _ = running
  rmSync(join(folder.path, 'keyFile'))
  assert.equal(tls.reloadIfChanged().outcome, 'failed')
  assert.equal((await talk(running.port, show)).seen.verified, 'client')
})
