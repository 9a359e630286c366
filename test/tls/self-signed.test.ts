import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { it } from 'node:test'
import { tlsOptions } from '../../server/tls/options.ts'
import { ensureSelfSigned } from '../../server/tls/self-signed.ts'
import { startServer, talk, temporaryFolder } from './server.ts'

const NOW = '2030-01-01T00:00:00.000000Z'
const DAY = 86_400_000
const daysLater = (days: number) => new Date(Date.parse(NOW) + days * DAY)
const read = (path: string) => new X509Certificate(readFileSync(path))

it('the certificate is a P-256 one for this machine, valid for 397 days, with a key only the owner can read', async () => {
  using folder = temporaryFolder()
  const made = await ensureSelfSigned(folder.path, ['intel.example', '192.0.2.7'], NOW)
  const certificate = read(made.certificateFile)
  for (const name of ['localhost', hostname(), 'intel.example']) assert.equal(certificate.checkHost(name), name)
  for (const address of ['127.0.0.1', '::1', '192.0.2.7']) assert.equal(certificate.checkIP(address), address)
  assert.equal(certificate.validToDate.getTime(), daysLater(397).getTime())
  assert.equal(certificate.ca, false)
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1')
  assert.equal(made.fingerprint256, certificate.fingerprint256)
  assert.equal(statSync(made.keyFile).mode & 0o777, 0o600)
})

it('it is kept until less than 30 days are left', async () => {
  using folder = temporaryFolder()
  const { fingerprint256 } = await ensureSelfSigned(folder.path, [], NOW)
  assert.equal((await ensureSelfSigned(folder.path, [], daysLater(367))).fingerprint256, fingerprint256)
  assert.notEqual((await ensureSelfSigned(folder.path, [], daysLater(368))).fingerprint256, fingerprint256)
})

it('a broken file, the key of another certificate or a missing name lead to a new one', async () => {
  using folder = temporaryFolder()
  using other = temporaryFolder()
  const made = await ensureSelfSigned(folder.path, [], NOW)
  const foreign = await ensureSelfSigned(other.path, [], NOW)
  const changes = [
    () => writeFileSync(made.certificateFile, 'half a fi'),
    () => writeFileSync(made.keyFile, readFileSync(foreign.keyFile)),
  ]
  let { fingerprint256 } = made
  for (const change of changes) {
    change()
    const again = await ensureSelfSigned(folder.path, [], NOW)
    assert.notEqual(again.fingerprint256, fingerprint256)
    fingerprint256 = again.fingerprint256
  }
  assert.notEqual((await ensureSelfSigned(folder.path, ['new.example'], NOW)).fingerprint256, fingerprint256)
})

it('a client that trusts the certificate connects', async () => {
  using folder = temporaryFolder()
  const made = await ensureSelfSigned(folder.path, [], new Date())
  await using server = await startServer(tlsOptions({ tls: { selfSigned: true } }, folder.path))
  const trusting = { ca: readFileSync(made.certificateFile), rejectUnauthorized: true }
  assert.equal((await talk(server.port, trusting)).protocol, 'TLSv1.3')
  await assert.rejects(talk(server.port, { rejectUnauthorized: true }), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
})

it('it is made where code generation is forbidden, and nothing is printed', () => {
  using folder = temporaryFolder()
  const module = new URL('../../server/tls/self-signed.ts', import.meta.url).href
  const script = `const { ensureSelfSigned } = await import(${JSON.stringify(module)})
    await ensureSelfSigned(${JSON.stringify(folder.path)}, [], '${NOW}')`
  const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', script]
  assert.equal(execFileSync(process.execPath, flags, { encoding: 'utf8' }), '')
  assert.ok(statSync(`${folder.path}/tls/self-signed.crt`).isFile())
})
