import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { tlsOptions } from '../../server/tls/options.ts'
import { makeAuthority, type Wanted } from '../support/certificates.ts'
import { startServer, talk, temporaryFolder, tlsConfig } from './server.ts'

const root = await makeAuthority('Client root')
const stranger = await makeAuthority('Another root')
const impostor = await makeAuthority('Client root')
const pair = await (await makeAuthority('Server authority')).issue({ name: 'localhost', usage: 'server' })
const folder = temporaryFolder()
after(() => folder[Symbol.dispose]())

const good = await root.issue({ name: 'good', usage: 'client' })
const revoked = await root.issue({ name: 'revoked', usage: 'client' })

/** Options of a server that trusts the root, with these revocation lists. */
function options(crl?: string, ca = root.certificate) {
  const texts = { certificateFile: pair.certificate, keyFile: pair.key, clientCaFile: ca }
  return tlsOptions(tlsConfig(folder.path, crl === undefined ? texts : { ...texts, clientCrlFile: crl }), folder.path)
}

const plain = await startServer(options())
const withList = await startServer(options(await root.revoke([revoked.serialNumber])))
after(async () => {
  await plain[Symbol.asyncDispose]()
  await withList[Symbol.asyncDispose]()
})

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  const show = (issued: { readonly certificate: string; readonly key: string }) => ({
    cert: issued.certificate,
    key: issued.key,
    maxVersion,
  })

  describe(`G08 client certificates over ${maxVersion}`, () => {
    it('a good one is verified', async () => {
      const { seen } = await talk(plain.port, show(good))
      assert.deepEqual(seen, { authorized: true, error: null, verified: 'good', resumed: false })
    })

    it('none at all leaves the connection open and nobody verified', async () => {
      const { seen } = await talk(plain.port, { maxVersion })
      assert.equal(seen.authorized, false)
      assert.equal(seen.verified, null)
    })

    const bad: readonly (readonly [string, Wanted, string])[] = [
      ['an expired one', { name: 'a', usage: 'client', fromHours: -9, untilHours: -1 }, 'CERT_HAS_EXPIRED'],
      ['one that is not yet valid', { name: 'a', usage: 'client', fromHours: 1 }, 'CERT_NOT_YET_VALID'],
      ['one for servers only', { name: 'a', usage: 'server' }, 'INVALID_PURPOSE'],
    ]
    for (const [what, wanted, code] of bad) {
      it(`${what} is not verified: ${code}`, async () => {
        const { seen } = await talk(plain.port, show(await root.issue(wanted)))
        assert.deepEqual(seen, { authorized: false, error: code, verified: null, resumed: false })
      })
    }

    it('one of another authority is not verified', async () => {
      const { seen } = await talk(plain.port, show(await stranger.issue({ name: 'a', usage: 'client' })))
      const error = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
      assert.deepEqual(seen, { authorized: false, error, verified: null, resumed: false })
    })

    it('one of an authority that took the name of ours is not verified', async () => {
      // OpenSSL leaves the failed signature in its error queue, for which Node may close the connection
      const answer = await talk(plain.port, show(await impostor.issue({ name: 'a', usage: 'client' }))).catch(
        (error: Error) => error.message,
      )
      if (typeof answer === 'string') assert.match(answer, /without an answer/)
      else assert.equal(answer.seen.verified, null)
    })

    it('a revoked one is not verified when there is a list, its neighbour is', async () => {
      assert.equal((await talk(plain.port, show(revoked))).seen.verified, 'revoked')
      const { seen } = await talk(withList.port, show(revoked))
      assert.deepEqual(seen, { authorized: false, error: 'CERT_REVOKED', verified: null, resumed: false })
      assert.equal((await talk(withList.port, show(good))).seen.verified, 'good')
    })

    it('an expired list refuses everyone', async () => {
      await using server = await startServer(options(await root.revoke([], -1)))
      assert.equal((await talk(server.port, show(good))).seen.error, 'CRL_HAS_EXPIRED')
    })

    it('resumption does not turn a session without a certificate into a verified one', async () => {
      const first = await talk(plain.port, { maxVersion })
      const { seen } = await talk(plain.port, { maxVersion, session: first.session })
      assert.equal(seen.resumed, true)
      assert.equal(seen.verified, null)
    })

    it('resumption keeps the judgement on the certificate', async () => {
      for (const [issued, verified] of [[good, 'good'] as const, [revoked, null] as const]) {
        const first = await talk(withList.port, show(issued))
        const { seen } = await talk(withList.port, { ...show(issued), session: first.session })
        assert.equal(seen.resumed, true)
        assert.equal(seen.verified, verified)
      }
    })
  })
}

it('the second list of a file counts: one per authority in the chain', async () => {
  const middle = await root.subordinate('Client middle')
  const out = await middle.issue({ name: 'out', usage: 'client' })
  const member = await middle.issue({ name: 'in', usage: 'client' })
  const lists = [await root.revoke([]), await middle.revoke([out.serialNumber])].join('\n')
  await using server = await startServer(options(lists, `${root.certificate}\n${middle.certificate}\n`))
  const seen = async (issued: typeof out) =>
    (await talk(server.port, { cert: issued.certificate, key: issued.key })).seen
  assert.equal((await seen(out)).error, 'CERT_REVOKED')
  assert.equal((await seen(member)).verified, 'in')
})

it('a file without certificates or without lists is refused at the start', () => {
  assert.throws(() => options(undefined, 'nothing'), /tls\.client_ca_file holds no "CERTIFICATE" block/)
  assert.throws(() => options('nothing'), /tls\.client_crl_file holds no "X509 CRL" block/)
})
