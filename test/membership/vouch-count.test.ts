import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MEMBER_STATES } from '../../policies/member-state.ts'
import { counts, countVouches, mayStand, organisationKey, type StandingVouch } from '../../policies/vouch-count.ts'
import { NOW } from './facts.ts'

function vouch(voucherNo: number, rest: Partial<StandingVouch> = {}): StandingVouch {
  return { voucherNo, expiresMicros: undefined, voucherState: 'active', organisation: `Town ${voucherNo}`, ...rest }
}

describe('whether a vouch counts', () => {
  it('depends on the standing of its voucher: let in, or remembered as dead', () => {
    const standing = MEMBER_STATES.filter((state) => counts(vouch(1, { voucherState: state }), NOW))
    assert.deepEqual(standing, ['approved', 'active', 'inactive', 'soonidle', 'idle', 'deceased'])
    assert.deepEqual(standing, MEMBER_STATES.filter(mayStand))
  })

  it('ends with the membership of its voucher', () => {
    assert.equal(counts(vouch(1, { voucherState: undefined }), NOW), false)
  })

  it('ends at the moment that it expires', () => {
    const at = [NOW - 1, NOW, NOW + 1].map((expiresMicros) => counts(vouch(1, { expiresMicros }), NOW))
    assert.deepEqual(at, [false, false, true])
  })
})

describe('what vouches amount to', () => {
  it('nothing, where there is none that counts', () => {
    assert.deepEqual(countVouches([], NOW), { vouches: 0, organisations: 0 })
    const none = [vouch(1, { voucherState: 'blocked' }), vouch(2, { expiresMicros: 0 })]
    assert.deepEqual(countVouches(none, NOW), { vouches: 0, organisations: 0 })
  })

  it('one for each voucher, whatever number of rows', () => {
    assert.deepEqual(countVouches([vouch(1), vouch(1), vouch(2)], NOW), { vouches: 2, organisations: 2 })
  })

  it('one for each ring', () => {
    const rings = new Map([
      [1, 0],
      [2, 0],
      [3, 4],
    ])
    assert.equal(countVouches([vouch(1), vouch(2), vouch(3), vouch(4)], NOW, rings).vouches, 3)
    const numbers = new Map([[1, 4]])
    assert.equal(countVouches([vouch(1), vouch(4)], NOW, numbers).vouches, 2, 'the number of a ring is nobody’s number')
  })

  it('organisations that differ in case, blanks and width only are one', () => {
    assert.equal(organisationKey('  Harbour\u00a0 Town  '), organisationKey('harbour town'))
    assert.equal(organisationKey('Ｈarbour Town'), organisationKey('harbour town'))
    assert.notEqual(organisationKey('Harbour Town'), organisationKey('Harbour City'))
    const three = [vouch(1, { organisation: 'Harbour Town' }), vouch(2, { organisation: 'HARBOUR  TOWN' }), vouch(3)]
    assert.deepEqual(countVouches(three, NOW), { vouches: 3, organisations: 2 })
  })

  it('whoever names no organisation adds none', () => {
    const blank = (voucherNo: number) => vouch(voucherNo, { organisation: ' ' })
    assert.deepEqual(countVouches([vouch(1), blank(2), blank(3)], NOW), { vouches: 3, organisations: 1 })
    assert.deepEqual(countVouches([blank(2), blank(3)], NOW), { vouches: 2, organisations: 1 })
  })
})
