import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GroupPolicy } from '../../policies/group-policy.ts'
import { CAPABILITIES, MEMBER_STATES, type MemberState, statesThat } from '../../policies/member-state.ts'
import { type MembershipEvent, type MembershipFacts, settled, transition } from '../../policies/membership.ts'
import { DAY, factsOf, NOW } from './facts.ts'

type Facts = Partial<Omit<MembershipFacts, 'policy'>>

/** Where a membership ends up, now that its facts are these. */
function comesTo(from: MemberState, policy: Partial<GroupPolicy> = {}, facts: Facts = {}): MemberState {
  return settled(from, factsOf(policy, facts)).at(-1)?.state ?? from
}

/** Every state that an act brings to this one, `none` for where there is no membership. */
function whence(event: MembershipEvent, facts = factsOf()): Readonly<Record<string, string>> {
  const from = [undefined, ...MEMBER_STATES].map((state) => [state, transition(state, event, facts)] as const)
  return Object.fromEntries(
    from.flatMap(([state, next]) => (next.ok ? [[state ?? 'none', next.state ?? 'none'] as const] : [])),
  )
}

/** From each of these states to one. */
function allTo(states: readonly string[], to: string): Readonly<Record<string, string>> {
  return Object.fromEntries(states.map((state) => [state, to]))
}

const LIVING = ['nominated', 'vetted', 'approved', 'active', 'inactive', 'soonidle', 'idle', 'failed']
const TIMED: Partial<GroupPolicy> = { canTimeOut: true, maxInactivityDays: 180, idleGuardDays: 7 }

describe('the ten states', () => {
  const may = (capability: 'login' | 'see' | 'send' | 'receive' | 'hidden') => statesThat(capability).join(' ')

  it('let members do what Ops-Trust’s table says', () => {
    assert.equal(may('login'), 'approved active inactive soonidle idle')
    assert.equal(may('see'), 'active inactive soonidle idle')
    assert.equal(may('send'), 'active inactive soonidle idle')
    assert.equal(may('receive'), 'active soonidle')
    assert.equal(may('hidden'), 'failed blocked')
  })

  it('receive implies see, send implies see, see implies login', () => {
    for (const state of MEMBER_STATES) {
      const { login, see, send, receive, hidden } = CAPABILITIES[state]
      assert.ok((!receive && !send) || see, state)
      assert.ok(!see || login, state)
      assert.ok(!hidden || !login, state)
    }
  })
})

describe('the table of transitions', () => {
  it('∅, failed → nominated: by a nomination; whom the group blocked, or who died, is refused', () => {
    assert.deepEqual(whence('nominate'), { none: 'nominated', failed: 'nominated' })
  })

  it('∅, failed → approved: an administrator adds somebody without a nomination', () => {
    assert.deepEqual(whence('add'), { none: 'approved', failed: 'approved' })
  })

  it('failed → nominated: portal: also by any new vouch; ours: by a nomination only', () => {
    assert.equal(comesTo('failed', {}, { vouches: 20, organisations: 20, approvals: 2 }), 'failed')
  })

  it('nominated → vetted: vouches received ≥ targetInvouch', () => {
    assert.equal(comesTo('nominated', { targetInvouch: 3 }, { vouches: 2 }), 'nominated')
    assert.equal(comesTo('nominated', { targetInvouch: 3 }, { vouches: 3 }), 'vetted')
    assert.equal(comesTo('nominated', { targetInvouch: 3 }, { vouches: 4 }), 'vetted')
  })

  it('nominated → vetted: targetInvouch 0 means that the nomination, being a vouch, is enough', () => {
    assert.equal(comesTo('nominated', { targetInvouch: 0 }, { vouches: 1 }), 'vetted')
    assert.equal(comesTo('nominated', { targetInvouch: 0 }, { vouches: 0 }), 'failed')
  })

  it('nominated → vetted: portal: any vouches; ours: from distinctOrganisations organisations, where the group says so', () => {
    const policy = { targetInvouch: 2, distinctOrganisations: 2 }
    assert.equal(comesTo('nominated', policy, { vouches: 2, organisations: 1 }), 'nominated')
    assert.equal(comesTo('nominated', policy, { vouches: 2, organisations: 2 }), 'vetted')
    assert.equal(comesTo('nominated', { targetInvouch: 2 }, { vouches: 2, organisations: 1 }), 'vetted')
  })

  it('nominated → vetted: enough vouches at the last moment count, as in the portal’s order of passes', () => {
    const late = { enteredMicros: NOW - 100 * DAY }
    assert.equal(comesTo('nominated', { maxVouchDays: 30, targetInvouch: 2 }, { ...late, vouches: 2 }), 'vetted')
  })

  it('vetted → approved: by an administrator, never by itself', () => {
    assert.equal(comesTo('vetted', { approvals: 1 }, { approvals: 2, vouches: 20 }), 'vetted')
    assert.deepEqual(whence('approve'), { vetted: 'approved' })
  })

  it('vetted → approved: portal: whatever the vouches are now; ours: they must still be enough', () => {
    const policy = { targetInvouch: 3, distinctOrganisations: 2 }
    assert.deepEqual(transition('vetted', 'approve', factsOf(policy, { vouches: 2, organisations: 1 })), {
      ok: false,
      reasons: ['vouches-wanted', 'organisations-wanted'],
    })
    assert.equal(comesTo('vetted', policy, { vouches: 2 }), 'vetted', 'it waits for another vouch')
  })

  it('vetted → approved: portal: one administrator; ours: two where the group says so', () => {
    assert.deepEqual(transition('vetted', 'approve', factsOf({ approvals: 2 }, { approvals: 1 })), {
      ok: false,
      reasons: ['approval'],
    })
    assert.ok(transition('vetted', 'approve', factsOf({ approvals: 2 }, { approvals: 2 })).ok)
  })

  it('vetted → approved: not while there is a concern that nobody has settled', () => {
    assert.deepEqual(transition('vetted', 'approve', factsOf({}, { concerns: 1 })), {
      ok: false,
      reasons: ['concerns-settled'],
    })
  })

  for (const from of ['approved', 'inactive'] as const) {
    it(`${from} → active: a key, or no pgpRequired`, () => {
      assert.equal(comesTo(from, { pgpRequired: true }, { key: { state: 'none' } }), from)
      assert.equal(comesTo(from, { pgpRequired: true }, { key: { state: 'revoked' } }), from)
      assert.equal(comesTo(from, { pgpRequired: true }), 'active')
      assert.equal(comesTo(from, { pgpRequired: false }, { key: { state: 'none' } }), 'active')
    })

    it(`${from} → active: vouches given ≥ minOutvouch, or no pleaseVouch`, () => {
      const few = { vouchesGiven: 1 }
      assert.equal(comesTo(from, { pleaseVouch: true, minOutvouch: 2 }, few), from)
      assert.equal(comesTo(from, { pleaseVouch: true, minOutvouch: 1 }, few), 'active')
      assert.equal(comesTo(from, { pleaseVouch: false, minOutvouch: 2 }, few), 'active')
    })

    it(`${from} → active: portal: minInvouch is never looked at; ours: vouches received ≥ minInvouch`, () => {
      assert.equal(comesTo(from, { minInvouch: 3 }, { vouches: 2, belowSinceMicros: NOW }), from)
      assert.equal(comesTo(from, { minInvouch: 3 }, { vouches: 3 }), 'active')
    })
  }

  for (const from of ['active', 'soonidle', 'idle'] as const) {
    it(`${from} → inactive: no key and pgpRequired`, () => {
      assert.equal(comesTo(from, { pgpRequired: true }, { key: { state: 'none' } }), 'inactive')
      assert.equal(comesTo(from, { pgpRequired: true }, { key: { state: 'revoked' } }), 'inactive')
      assert.equal(comesTo(from, { pgpRequired: false }, { key: { state: 'revoked' } }), 'active')
    })

    it(`${from} → inactive: vouches given < minOutvouch and pleaseVouch`, () => {
      assert.equal(comesTo(from, { pleaseVouch: true, minOutvouch: 3 }, { vouchesGiven: 2 }), 'inactive')
      assert.equal(comesTo(from, { pleaseVouch: false, minOutvouch: 3 }, { vouchesGiven: 2 }), 'active')
    })
  }

  it('nominated → failed: more than maxVouchDays since the nomination', () => {
    const waits = (days: number, more = 0) =>
      comesTo(
        'nominated',
        { targetInvouch: 2, maxVouchDays: 30 },
        { vouches: 1, enteredMicros: NOW - days * DAY - more },
      )
    assert.equal(waits(29), 'nominated')
    assert.equal(waits(30), 'nominated')
    assert.equal(waits(30, 1), 'failed')
  })

  for (const from of ['nominated', 'vetted', 'approved'] as const) {
    it(`${from} → failed: no vouches received`, () => {
      assert.equal(comesTo(from, {}, { vouches: 0, organisations: 0 }), 'failed')
    })

    it(`${from} → failed: portal: whoever came without a nomination too; ours: not whom administrators let in`, () => {
      assert.equal(transition(from, 'review', factsOf({}, { vouches: 0, byNomination: false })).ok, from === 'approved')
      assert.notEqual(comesTo(from, {}, { vouches: 0, byNomination: false }), 'failed')
    })
  }

  it('active → soonidle: canTimeOut and nothing for longer than maxInactivity − idleGuard', () => {
    const quiet = (micros: number) => comesTo('active', TIMED, { activityMicros: NOW - micros })
    assert.equal(quiet(173 * DAY), 'active')
    assert.equal(quiet(173 * DAY + 1), 'soonidle')
    assert.equal(comesTo('active', { ...TIMED, canTimeOut: false }, { activityMicros: 0 }), 'active')
  })

  for (const from of ['active', 'soonidle'] as const) {
    it(`${from} → idle: canTimeOut and nothing for longer than maxInactivity`, () => {
      const quiet = (micros: number) => comesTo(from, TIMED, { activityMicros: NOW - micros })
      assert.equal(quiet(180 * DAY), 'soonidle')
      assert.equal(quiet(180 * DAY + 1), 'idle')
    })
  }

  for (const from of ['soonidle', 'idle'] as const) {
    it(`${from} → active: activity again, or canTimeOut off`, () => {
      assert.equal(comesTo(from, TIMED), 'active')
      assert.equal(comesTo(from, { ...TIMED, canTimeOut: false }, { activityMicros: 0 }), 'active')
    })
  }

  it('idle → soonidle: where a longer maxInactivity leaves a few days', () => {
    assert.equal(comesTo('idle', { ...TIMED, maxInactivityDays: 200 }, { activityMicros: NOW - 195 * DAY }), 'soonidle')
  })

  it('soonidle: idleGuardDays 0 warns nobody, maxInactivityDays 0 makes nobody idle', () => {
    const quiet = { activityMicros: NOW - 180 * DAY }
    assert.equal(comesTo('active', { ...TIMED, idleGuardDays: 0 }, quiet), 'active')
    assert.equal(comesTo('active', { ...TIMED, idleGuardDays: 0 }, { activityMicros: NOW - 181 * DAY }), 'idle')
    assert.equal(comesTo('active', { ...TIMED, maxInactivityDays: 0 }, { activityMicros: 0 }), 'active')
  })

  it('any → blocked: by an administrator; not who is remembered as dead', () => {
    assert.deepEqual(whence('block'), allTo(LIVING, 'blocked'))
  })

  it('blocked → approved: by an administrator; also who was remembered as dead by mistake', () => {
    assert.deepEqual(whence('reinstate'), allTo(['blocked', 'deceased'], 'approved'))
  })

  it('blocked → approved: portal: also a nominee whom nobody approved; ours: they fail, and may be nominated again', () => {
    const neverIn = factsOf({}, { wasApproved: false })
    assert.deepEqual(whence('reinstate', neverIn), allTo(['blocked', 'deceased'], 'failed'))
  })

  it('any → deceased: portal: by hand in the database; ours: an act of an administrator', () => {
    assert.deepEqual(whence('memorialise'), allTo([...LIVING, 'blocked'], 'deceased'))
  })

  it('leave: portal: there is only block; ours: whoever was let in may go', () => {
    assert.deepEqual(whence('leave'), allTo(statesThat('login'), 'none'))
  })

  it('remove: portal: there is only block; ours: an administrator ends any membership, which blocks nobody', () => {
    assert.deepEqual(whence('remove'), allTo(MEMBER_STATES, 'none'))
  })

  it('failed, blocked and deceased are left by no rule and no time', () => {
    for (const state of ['failed', 'blocked', 'deceased'] as const) {
      for (const vouches of [0, 9]) assert.equal(comesTo(state, TIMED, { vouches, activityMicros: 0 }), state)
    }
  })
})

describe('consequences of the portal’s rules', () => {
  it('1 portal: losing vouches after activation changes nothing; ours: inactive, after invouchGraceDays', () => {
    const policy = { minInvouch: 3, invouchGraceDays: 14 }
    const below = (micros: number) => comesTo('active', policy, { vouches: 2, belowSinceMicros: NOW - micros })
    assert.equal(below(0), 'active')
    assert.equal(below(14 * DAY - 1), 'active')
    assert.equal(below(14 * DAY), 'inactive')
    assert.equal(
      comesTo('active', { minInvouch: 0 }, { vouches: 0, organisations: 0 }),
      'active',
      'as the portal, by default',
    )
    const added = { vouches: 0, byNomination: false, belowSinceMicros: 0 }
    assert.equal(comesTo('active', policy, added), 'active', 'whom administrators added came by no vouches')
  })

  it('1 invouchGraceDays 0 means at once', () => {
    assert.equal(
      comesTo('active', { minInvouch: 3, invouchGraceDays: 0 }, { vouches: 2, belowSinceMicros: NOW }),
      'inactive',
    )
  })

  it('2 portal: an expired key is a key; ours: for keyGraceDays of who is active, and for nobody who wants to be', () => {
    const policy = { pgpRequired: true, keyGraceDays: 14 }
    const expired = (micros: number) => ({ key: { state: 'expired', sinceMicros: NOW - micros } as const })
    assert.equal(comesTo('active', policy, expired(14 * DAY - 1)), 'active')
    assert.equal(comesTo('active', policy, expired(14 * DAY)), 'inactive')
    assert.equal(comesTo('active', { ...policy, keyGraceDays: 0 }, expired(0)), 'inactive')
    assert.equal(comesTo('approved', policy, expired(1)), 'approved')
    assert.equal(comesTo('inactive', policy, expired(1)), 'inactive')
  })

  it('3 portal: max_vouchdays 0 fails everyone the next day; ours: 0 is never', () => {
    assert.equal(comesTo('nominated', { maxVouchDays: 0 }, { vouches: 1, enteredMicros: 0 }), 'nominated')
  })

  it('4 portal: activity is one value per person; ours: the rules see that of the membership only', () => {
    const [here, there] = [NOW - 200 * DAY, NOW].map((activityMicros) => comesTo('active', TIMED, { activityMicros }))
    assert.deepEqual([here, there], ['idle', 'active'])
  })

  it('5 portal: furlough does not stop the idle clock; ours: it stands still while somebody is away', () => {
    const away = { activityMicros: NOW - 300 * DAY, awaySinceMicros: NOW - 200 * DAY }
    assert.equal(comesTo('active', TIMED, away), 'active')
    assert.equal(comesTo('active', TIMED, { ...away, awaySinceMicros: undefined }), 'idle')
    assert.equal(
      comesTo('idle', TIMED, { ...away, awaySinceMicros: NOW - 100 * DAY }),
      'idle',
      'who was idle before stays it',
    )
  })

  it('6 portal: one pass; ours: until nothing changes', () => {
    const path = settled('inactive', factsOf(TIMED, { activityMicros: NOW - 400 * DAY })).map(({ state }) => state)
    assert.deepEqual(path, ['active', 'idle'])
  })

  it('7 portal: an idle member who drops the key is not moved; ours: rules apply in every state', () => {
    const quiet = { activityMicros: NOW - 400 * DAY, key: { state: 'none' } } as const
    assert.equal(comesTo('idle', { ...TIMED, pgpRequired: true }, quiet), 'inactive')
    assert.equal(comesTo('soonidle', { ...TIMED, pgpRequired: true }, quiet), 'inactive')
  })

  it('8 portal: failing deletes the vouches, so that a new nomination starts from nothing; ours starts as any other', () => {
    assert.equal(transition('failed', 'nominate', factsOf({}, { vouches: 0 })).ok, true)
    assert.equal(comesTo('nominated', { targetInvouch: 2 }, { vouches: 1 }), 'nominated')
  })

  it('a reason is given for each step, and for staying', () => {
    const policy = { pgpRequired: true, minOutvouch: 9, minInvouch: 9, invouchGraceDays: 0 }
    const facts = factsOf(policy, { key: { state: 'none' }, belowSinceMicros: NOW })
    assert.deepEqual(settled('active', facts), [
      { state: 'inactive', because: ['key', 'vouches-given', 'vouches-kept'] },
    ])
    assert.deepEqual(transition('approved', 'review', facts), {
      ok: false,
      reasons: ['key', 'vouches-given', 'vouches-kept'],
    })
    const nominee = factsOf({ targetInvouch: 3, distinctOrganisations: 3 }, { vouches: 1, organisations: 1 })
    const missing = ['vouches-wanted', 'organisations-wanted']
    assert.deepEqual(transition('nominated', 'review', nominee), { ok: false, reasons: missing })
    assert.deepEqual(transition('vetted', 'review', nominee), { ok: false, reasons: [...missing, 'approval'] })
    assert.deepEqual(transition('active', 'nominate', nominee), { ok: false, reasons: ['not-from-this-state'] })
  })
})
