import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type CeremonyPlace, ceremonyPlace } from '../../server/auth/passkeys/place.ts'

const NOWHERE: CeremonyPlace = { kind: 'nowhere' }
const here = (rpId: string, origin: string): CeremonyPlace => ({ kind: 'here', rpId, origin })
const elsewhere = (url: string): CeremonyPlace => ({ kind: 'elsewhere', url })

/** Public address, TLS of our own, header Host, and what passkeys are then bound to. */
const CASES: readonly (readonly [string | undefined, boolean, string | undefined, CeremonyPlace])[] = [
  ['https://portal.example.org', false, 'portal.example.org', here('portal.example.org', 'https://portal.example.org')],
  ['https://portal.example.org:8443/x', true, undefined, here('portal.example.org', 'https://portal.example.org:8443')],
  // what a client says does not count
  ['https://portal.example.org', false, 'evil.example', here('portal.example.org', 'https://portal.example.org')],
  ['https://portal.example.org', false, 'localhost:8080', here('portal.example.org', 'https://portal.example.org')],
  ['https://192.0.2.7', true, '192.0.2.7', NOWHERE],
  ['http://127.0.0.1:8080', false, 'localhost:8080', here('localhost', 'http://localhost:8080')],
  ['http://127.0.0.1:8080', false, '127.0.0.1:8080', elsewhere('http://localhost:8080')],
  [undefined, false, 'localhost:8080', here('localhost', 'http://localhost:8080')],
  [undefined, true, 'localhost:8443', here('localhost', 'https://localhost:8443')],
  [undefined, false, '127.0.0.1:8080', elsewhere('http://localhost:8080')],
  [undefined, false, '[::1]:8080', elsewhere('http://localhost:8080')],
  [undefined, false, 'portal.example.org', NOWHERE],
  [undefined, false, 'localhost.evil.example', NOWHERE],
  [undefined, false, 'evil.example@localhost', NOWHERE],
  [undefined, false, 'localhost:99999', NOWHERE],
  [undefined, false, '', NOWHERE],
  [undefined, false, undefined, NOWHERE],
]

describe('where passkeys are bound to', () => {
  for (const [publicUrl, tls, host, place] of CASES) {
    it(`${publicUrl ?? 'no public address'}, ${tls ? 'TLS' : 'no TLS'}, Host: ${host}`, () => {
      const config = { ...(publicUrl !== undefined && { publicUrl }), tls: { selfSigned: tls } }
      assert.deepEqual(ceremonyPlace(config, host), place)
    })
  }
})
