import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { it } from 'node:test'
import { addressOfGenerator, counterOf } from '../../server/auth/factors/one-time-code.ts'
import { noOathtool, oathtool } from './person.ts'

it('codes by time are those of oathtool', { skip: noOathtool }, () => {
  for (const seconds of [59, 1_111_111_109, 1_234_567_890, 1_795_334_400, 2_000_000_000, 4_102_444_800]) {
    const secret = randomBytes(20)
    const code = oathtool('totp', secret, { seconds })
    const source = { kind: 'totp', secret, lastCounter: -1 } as const
    assert.equal(counterOf(code, source, seconds * 1_000_000), Math.floor(seconds / 30))
    assert.equal(counterOf(code, source, (seconds + 90) * 1_000_000), undefined)
    assert.equal(counterOf(code, { ...source, lastCounter: Math.floor(seconds / 30) }, seconds * 1_000_000), undefined)
  }
})

it('codes by count are those of oathtool', { skip: noOathtool }, () => {
  const secret = randomBytes(20)
  for (const counter of [0, 1, 9, 255, 65_536, 2_147_483_648]) {
    const code = oathtool('hotp', secret, { counter })
    assert.equal(counterOf(code, { kind: 'hotp', secret, lastCounter: counter - 1 }, 0), counter)
    assert.equal(counterOf(code, { kind: 'hotp', secret, lastCounter: counter - 10 }, 0), counter)
    assert.equal(counterOf(code, { kind: 'hotp', secret, lastCounter: counter }, 0), undefined)
  }
})

it('the vectors of RFC 4226 appendix D', () => {
  const secret = Buffer.from('12345678901234567890')
  const codes = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489']
  for (const [counter, code] of codes.entries()) {
    assert.equal(counterOf(code, { kind: 'hotp', secret, lastCounter: counter - 1 }, 0), counter)
  }
})

it('what is no code is none', () => {
  const source = { kind: 'totp', secret: randomBytes(20), lastCounter: -1 } as const
  for (const text of ['', '12345', '1234567', 'abcdef', '12 456', '12a456', '１２３４５６', '-12345', '1e5000']) {
    assert.equal(counterOf(text, source, 1_795_334_400_000_000), undefined)
  }
})

it('the address says what apps need', () => {
  const secret = Buffer.from('12345678901234567890')
  const names = { site: 'Puget Sound: region', account: 'alice' }
  const totp = new URL(addressOfGenerator({ kind: 'totp', secret }, names))
  assert.equal(totp.host, 'totp')
  assert.equal(totp.searchParams.get('secret'), 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
  assert.equal(totp.searchParams.get('period'), '30')
  assert.equal(totp.searchParams.get('issuer'), 'Puget Sound: region')
  const hotp = new URL(addressOfGenerator({ kind: 'hotp', secret }, names))
  assert.equal(hotp.host, 'hotp')
  assert.equal(hotp.searchParams.get('counter'), '0')
})
