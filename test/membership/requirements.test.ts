import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GroupPolicy } from '../../policies/group-policy.ts'
import { MEMBER_STATES, type MemberState } from '../../policies/member-state.ts'
import { type MembershipFacts, MEMBERSHIP_RULES, requirements } from '../../policies/membership.ts'
import { DAY, factsOf, NOW } from './facts.ts'

/** A policy in which every rule bears on somebody. */
const STRICT: Partial<GroupPolicy> = {
  targetInvouch: 3,
  distinctOrganisations: 2,
  approvals: 2,
  maxVouchDays: 30,
  minInvouch: 2,
  invouchGraceDays: 14,
  minOutvouch: 1,
  pgpRequired: true,
  keyGraceDays: 10,
  canTimeOut: true,
  maxInactivityDays: 180,
  idleGuardDays: 7,
}

function told(state: MemberState, facts: Partial<Omit<MembershipFacts, 'policy'>> = {}, policy = STRICT) {
  return requirements(state, factsOf(policy, facts))
}

function rule(name: string, ...args: Parameters<typeof told>) {
  return told(...args).find((each) => each.rule === name)
}

describe('what a member is told of the rules', () => {
  it('names the rules that bear on each state, and no other', () => {
    const rules = Object.fromEntries(
      MEMBER_STATES.map((state) => [
        state,
        told(state)
          .map((each) => each.rule)
          .join(' '),
      ]),
    )
    const living = 'key vouches-given vouches-kept activity'
    assert.deepEqual(rules, {
      nominated: 'vouches-wanted organisations-wanted approval in-time',
      vetted: 'vouches-wanted organisations-wanted approval',
      approved: 'key vouches-given vouches-kept',
      active: living,
      inactive: living,
      soonidle: living,
      idle: living,
      failed: '',
      blocked: '',
      deceased: '',
    })
  })

  it('leaves out rules that the group does not have', () => {
    const none = { maxVouchDays: 0, minInvouch: 0, minOutvouch: 0, pgpRequired: false, canTimeOut: false }
    assert.deepEqual(told('active', {}, none), [])
    assert.deepEqual(
      told('nominated', {}, { ...none, distinctOrganisations: 1 }).map((each) => each.rule),
      ['vouches-wanted', 'approval'],
    )
    assert.deepEqual(told('active', {}, { ...none, minOutvouch: 3, pleaseVouch: false }), [])
    assert.deepEqual(told('active', {}, { ...none, canTimeOut: true, maxInactivityDays: 0 }), [])
  })

  it('says what there is, what is wanted, and who can mend it', () => {
    const few = { vouches: 2, organisations: 1, approvals: 1, vouchesGiven: 0 }
    const count = (have: number, need: number) => ({ have, need, met: false })
    assert.deepEqual(rule('vouches-wanted', 'nominated', few), {
      rule: 'vouches-wanted',
      fixedBy: 'vouchers',
      ...count(2, 3),
    })
    assert.deepEqual(rule('organisations-wanted', 'nominated', few), {
      rule: 'organisations-wanted',
      fixedBy: 'vouchers',
      ...count(1, 2),
    })
    assert.deepEqual(rule('approval', 'vetted', few), { rule: 'approval', fixedBy: 'administrators', ...count(1, 2) })
    assert.deepEqual(rule('vouches-given', 'approved', few), {
      rule: 'vouches-given',
      fixedBy: 'member',
      ...count(0, 1),
    })
    assert.equal(rule('vouches-wanted', 'nominated', {}, { targetInvouch: 0 })?.need, 1, 'the nomination is a vouch')
  })

  it('says by when a nomination fails, and that it is over', () => {
    const until = rule('in-time', 'nominated', { enteredMicros: NOW - 10 * DAY })
    assert.deepEqual(until, { rule: 'in-time', met: true, byMicros: NOW + 20 * DAY, fixedBy: 'vouchers' })
    assert.equal(rule('in-time', 'nominated', { enteredMicros: NOW - 31 * DAY })?.met, false)
  })

  it('says until when a good key is good, and until when an expired one is let pass', () => {
    const good = { state: 'good', expiresMicros: NOW + 9 * DAY } as const
    const expired = { state: 'expired', sinceMicros: NOW - 3 * DAY } as const
    assert.deepEqual(rule('key', 'active', { key: good }), {
      rule: 'key',
      met: true,
      byMicros: NOW + 9 * DAY,
      fixedBy: 'member',
    })
    assert.deepEqual(rule('key', 'active', { key: expired }), {
      rule: 'key',
      met: false,
      byMicros: NOW + 7 * DAY,
      fixedBy: 'member',
    })
    for (const state of ['approved', 'inactive'] as const) {
      assert.deepEqual(
        rule('key', state, { key: expired }),
        { rule: 'key', met: false, fixedBy: 'member' },
        'no grace: no date',
      )
    }
    assert.deepEqual(rule('key', 'active', { key: { state: 'revoked' } }), {
      rule: 'key',
      met: false,
      fixedBy: 'member',
    })
  })

  it('says until when too few vouches are let pass, for whom they are', () => {
    const below = { vouches: 1, belowSinceMicros: NOW - DAY }
    const wanted = { rule: 'vouches-kept', met: false, have: 1, need: 2, fixedBy: 'vouchers' }
    for (const state of ['active', 'soonidle', 'idle'] as const) {
      assert.deepEqual(rule('vouches-kept', state, below), { ...wanted, byMicros: NOW + 13 * DAY })
    }
    for (const state of ['approved', 'inactive'] as const) assert.deepEqual(rule('vouches-kept', state, below), wanted)
    assert.equal(rule('vouches-kept', 'active', { ...below, byNomination: false }), undefined)
  })

  it('says when a member falls idle, but not to whom the clock does not run for', () => {
    const quiet = { activityMicros: NOW - 100 * DAY }
    const due = { rule: 'activity', met: true, fixedBy: 'member' }
    assert.deepEqual(rule('activity', 'active', quiet), { ...due, byMicros: NOW + 80 * DAY })
    assert.deepEqual(rule('activity', 'active', { ...quiet, awaySinceMicros: NOW - 50 * DAY }), due)
    assert.deepEqual(rule('activity', 'inactive', quiet), due)
    assert.deepEqual(rule('activity', 'idle', { activityMicros: 0 }), { ...due, met: false })
    assert.deepEqual(rule('activity', 'soonidle', { activityMicros: NOW - 175 * DAY }), {
      ...due,
      met: false,
      byMicros: NOW + 5 * DAY,
    })
  })

  it('never tells of concerns', () => {
    for (const state of MEMBER_STATES) {
      assert.deepEqual(told(state, { concerns: 3 }), told(state), state)
      assert.ok(!told(state, { concerns: 3 }).some((each) => each.rule === 'concerns-settled'))
    }
    assert.ok(MEMBERSHIP_RULES.includes('concerns-settled'))
  })
})
