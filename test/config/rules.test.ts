import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadConfig } from '../../server/config/load.ts'

function missing(): never {
  throw Object.assign(new Error('no file'), { code: 'ENOENT' })
}

/** The keys that are reported, with their messages. */
function problems(env: Readonly<Record<string, string>>): string[] {
  const loaded = loadConfig(env, { readFile: missing })
  return loaded.ok ? [] : loaded.problems.map(({ key, message }) => `${key} ${message}`)
}

const CERTIFICATE = { VOUCHSAFE_TLS_CERTIFICATE_FILE: 'a.crt' }
const KEY = { VOUCHSAFE_TLS_KEY_FILE: 'a.key' }
const OPEN = { VOUCHSAFE_LISTEN_HOST: '0.0.0.0' }
const SELF_SIGNED = { VOUCHSAFE_TLS_SELF_SIGNED: 'true' }

describe('plain HTTP', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost', '::ffff:127.0.0.1']) {
    it(`is spoken on ${host}`, () => assert.deepEqual(problems({ VOUCHSAFE_LISTEN_HOST: host }), []))
  }

  for (const host of ['0.0.0.0', '::', '192.0.2.1', '128.0.0.1', 'intel.example', 'localhost.example']) {
    it(`is refused on ${host} with the three ways out`, () => {
      const [problem = '', ...rest] = problems({ VOUCHSAFE_LISTEN_HOST: host })
      assert.deepEqual(rest, [])
      for (const fix of [/^listen_host /, /tls\.certificate_file/, /trusted_proxies/, /127\.0\.0\.1/]) {
        assert.match(problem, fix)
      }
    })
  }

  it('each of the three ways out works', () => {
    assert.deepEqual(problems({ ...OPEN, ...CERTIFICATE, ...KEY }), [])
    assert.deepEqual(problems({ ...OPEN, ...SELF_SIGNED }), [])
    assert.deepEqual(problems({ ...OPEN, VOUCHSAFE_TRUSTED_PROXIES: '192.0.2.1' }), [])
  })

  it('an empty list of proxies trusts nobody', () => {
    assert.equal(problems({ ...OPEN, VOUCHSAFE_TRUSTED_PROXIES: ' , ' }).length, 1)
  })

  it('a wrong list of proxies is reported as such, not as plain HTTP too', () => {
    assert.match(problems({ ...OPEN, VOUCHSAFE_TRUSTED_PROXIES: 'x y' }).join(), /^trusted_proxies must be [^;]*$/)
  })
})

const broken: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  ['a certificate without its key', CERTIFICATE, /^tls\.key_file is missing/],
  ['a key without its certificate', KEY, /^tls\.certificate_file is missing/],
  ['a self-signed certificate beside another', { ...SELF_SIGNED, ...CERTIFICATE, ...KEY }, /^tls\.self_signed is true/],
  ['client certificates without TLS', { VOUCHSAFE_TLS_CLIENT_CA_FILE: 'ca' }, /^tls\.client_ca_file needs TLS/],
  ['a directory without its suffix', { VOUCHSAFE_DIRECTORY_SOCKET: 's' }, /^directory\.suffix is missing/],
  ['a suffix without a socket', { VOUCHSAFE_DIRECTORY_SUFFIX: 'dc=x' }, /^directory\.socket is missing/],
  [
    'a path that no socket can have',
    { VOUCHSAFE_DIRECTORY_SUFFIX: 'dc=x', VOUCHSAFE_DIRECTORY_SOCKET: `/${'x'.repeat(107)}` },
    /^directory\.socket is longer than the 107 bytes/,
  ],
  ['a suffix that needs escapes', { VOUCHSAFE_DIRECTORY_SUFFIX: 'dc=a\\,b' }, /^directory\.suffix must be a DN/],
  [
    'a CRL without authorities',
    { ...SELF_SIGNED, VOUCHSAFE_TLS_CLIENT_CRL_FILE: 'c' },
    /^tls\.client_crl_file does nothing/,
  ],
  [
    'less room unpacked than packed',
    { VOUCHSAFE_TAXII_MAX_UNPACKED_LENGTH: '1 MiB' },
    /^taxii\.max_unpacked_length is 1048576, less than/,
  ],
  [
    'headers slower than the request',
    { VOUCHSAFE_LIMITS_HEADERS_SECONDS: '16' },
    /^limits\.headers_seconds is 16, more/,
  ],
]
for (const [what, env, message] of broken) {
  it(`${what} is refused`, () => {
    const found = problems(env)
    assert.equal(found.length, 1, found.join('\n'))
    assert.match(found.join(), message)
  })
}
