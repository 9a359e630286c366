import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { escapedValue, isBelow, normalDn, personDn } from '../../server/auth/ldap/dn.ts'
import { idOf } from '../../server/auth/ldap/entry.ts'

it('escapes every name to letters, digits and hex pairs', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const escaped = escapedValue(name)
      assert.match(escaped, /^(?:[A-Za-z0-9]|\\[0-9a-f]{2})*$/)
      const bytes = escaped.replaceAll(
        /\\(..)|([A-Za-z0-9])/g,
        (_, hex?: string, letter?: string) => hex ?? Buffer.from(letter ?? '').toString('hex'),
      )
      assert.equal(Buffer.from(bytes, 'hex').toString(), Buffer.from(name).toString())
    }),
  )
  assert.equal(personDn('uid={name},dc=x', '$& a,b'), 'uid=\\24\\26\\20a\\2cb,dc=x')
})

it('knows one DN by its many spellings', () => {
  const normal = 'cn=soc,ou=groups,dc=city'
  for (const spelling of ['CN=SOC, OU=Groups ,DC=city', 'cn = soc,ou=groups,dc=city', 'cn=\\73oc,ou=groups,dc=city']) {
    assert.equal(normalDn(spelling), normal)
  }
  assert.equal(normalDn('CN=B+OU=a,dc=x'), normalDn('ou=A+cn=b,DC=X'))
  assert.equal(normalDn('cn=a\\,b,dc=x'), normalDn('cn=a\\2cb,dc=x'))
  assert.notEqual(normalDn('cn=a\\,dc=x'), normalDn('cn=a,dc=x'))
  assert.equal(normalDn('cn=Zo\\c3\\ab'), 'cn=zoë')
})

it('knows what lies below a base', () => {
  assert.ok(isBelow('cn=a,ou=g,dc=x', 'OU=g, DC=x'))
  assert.ok(isBelow('ou=g,dc=x', 'ou=g,dc=x'))
  assert.ok(!isBelow('cn=a,ou=notg,dc=x', 'g,dc=x'))
  assert.ok(!isBelow('cn=a\\,ou=g\\,dc=x', 'ou=g,dc=x'))
})

it('writes the GUID of Active Directory as its tools do', () => {
  const bytes = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
  assert.equal(idOf({ dn: '', objectguid: bytes }, 'objectGUID'), '33221100-5544-7766-8899-aabbccddeeff')
  // bytes that happen to be text come as a text
  const ascii = Buffer.from('0123456789abcdef')
  assert.equal(idOf({ dn: '', objectGUID: ascii.toString() }, 'objectGUID'), '33323130-3534-3736-3839-616263646566')
  assert.equal(idOf({ dn: '', objectGUID: 'short' }, 'objectGUID'), undefined)
})

it('takes as an id one value, of bytes or text', () => {
  assert.equal(idOf({ dn: '', id: Buffer.from([0xff, 1]) }, 'id'), 'hex:ff01')
  assert.equal(idOf({ dn: '', id: 'hex:ff01' }, 'id'), `hex:${Buffer.from('hex:ff01').toString('hex')}`)
  assert.equal(
    idOf({ dn: '', id: 'A0A0A0A0-0000-4000-8000-00000000000A' }, 'id'),
    'a0a0a0a0-0000-4000-8000-00000000000a',
  )
  assert.equal(idOf({ dn: '', id: 'aB' }, 'id'), 'aB')
  for (const value of [[], ['a', 'b'], '']) assert.equal(idOf({ dn: '', id: value }, 'id'), undefined)
})
