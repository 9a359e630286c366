import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  checkedPolicy,
  DEFAULT_POLICY,
  type GroupPolicy,
  POLICY_SHAPE,
  policyFrom,
  policyJson,
} from '../../policies/group-policy.ts'
import { policies } from './policies.ts'

/** Which attributes are wrong. */
function wrong(changes: Readonly<Record<string, unknown>>, base?: GroupPolicy): readonly string[] {
  const checked = checkedPolicy(changes, base)
  return checked.ok ? [] : checked.problems.map(({ key }) => key)
}

describe('the policy of a group', () => {
  it('has a shape and a default for every attribute, and the defaults are right', () => {
    assert.deepEqual(Object.keys(POLICY_SHAPE).toSorted(), Object.keys(DEFAULT_POLICY).toSorted())
    assert.deepEqual(checkedPolicy({}), { ok: true, policy: DEFAULT_POLICY })
    assert.deepEqual(wrong({ ...DEFAULT_POLICY }), [])
  })

  it('by default is no trap: portal: nominations fail at once, minInvouch is nothing, a key is for ever', () => {
    const { maxVouchDays, pgpRequired, canTimeOut, minInvouch, minOutvouch } = DEFAULT_POLICY
    assert.deepEqual([maxVouchDays, pgpRequired, canTimeOut, minInvouch, minOutvouch], [0, false, false, 0, 0])
  })

  it('refuses what is no value of an attribute, all of it at once', () => {
    for (const bad of [-1, 1.5, 21, Number.NaN, Number.POSITIVE_INFINITY, '2', null, undefined, true, [2], {}]) {
      assert.deepEqual(wrong({ targetInvouch: bad }), ['targetInvouch'])
    }
    for (const bad of [0, 1, 'yes', null, undefined]) assert.deepEqual(wrong({ pgpRequired: bad }), ['pgpRequired'])
    for (const bad of ['all', 'Names', '', 0, null, ['names']])
      assert.deepEqual(wrong({ vouchVisibility: bad }), ['vouchVisibility'])
    assert.deepEqual(wrong({ approvals: 0 }), ['approvals'])
    assert.deepEqual(wrong({ approvals: 3 }), ['approvals'])
    assert.deepEqual(wrong({ targetInvouch: -1, canTimeOut: 'no', maxVouchDays: 1.5 }), [
      'targetInvouch',
      'canTimeOut',
      'maxVouchDays',
    ])
    for (const key of ['target_invouch', 'constructor', 'toString', '', 'hasOwnProperty'])
      assert.deepEqual(wrong({ [key]: 1 }), [key])
    assert.deepEqual(wrong(JSON.parse('{"__proto__": {"pgpRequired": true}}') as Record<string, unknown>), [
      '__proto__',
    ])
  })

  it('says what may be written', () => {
    const checked = checkedPolicy({ minInvouch: 21, vouchVisibility: 'all', approvals: 0, pgpRequired: 1, other: 1 })
    assert.deepEqual(!checked.ok && checked.problems, [
      { key: 'minInvouch', problem: 'write a whole number from 0 to 20' },
      { key: 'vouchVisibility', problem: 'choose one of counts, names, comments' },
      { key: 'approvals', problem: 'write a whole number from 1 to 2' },
      { key: 'pgpRequired', problem: 'say yes or no' },
      { key: 'other', problem: 'there is no such rule' },
    ])
  })

  it('refuses a warning as long as what it warns of', () => {
    const idle = { canTimeOut: true, maxInactivityDays: 30 }
    assert.deepEqual(wrong({ ...idle, idleGuardDays: 30 }), ['idleGuardDays'])
    assert.deepEqual(wrong({ ...idle, idleGuardDays: 29 }), [])
    assert.deepEqual(wrong({ ...idle, canTimeOut: false, idleGuardDays: 30 }), [])
    assert.deepEqual(wrong({ canTimeOut: true, maxInactivityDays: 0, idleGuardDays: 30 }), [])
    const off = { ...DEFAULT_POLICY, maxInactivityDays: 5, idleGuardDays: 7 }
    assert.deepEqual(wrong({ canTimeOut: true }, off), ['idleGuardDays'], 'it shows when it is switched on')
  })

  it('refuses more organisations than vouches', () => {
    assert.deepEqual(wrong({ targetInvouch: 2, distinctOrganisations: 3 }), ['distinctOrganisations'])
    assert.deepEqual(wrong({ targetInvouch: 3, distinctOrganisations: 3 }), [])
    assert.deepEqual(wrong({ targetInvouch: 0, distinctOrganisations: 1 }), [])
    assert.deepEqual(wrong({ targetInvouch: 1 }, { ...DEFAULT_POLICY, distinctOrganisations: 2 }), [
      'distinctOrganisations',
    ])
  })

  it('refuses to want vouches of members who may not vouch', () => {
    const closed = { vouchByAdministratorsOnly: true, minOutvouch: 1 }
    assert.deepEqual(wrong(closed), ['minOutvouch'])
    assert.deepEqual(wrong({ ...closed, pleaseVouch: false }), [])
    assert.deepEqual(wrong({ ...closed, minOutvouch: 0 }), [])
  })

  it('comes back from its column as it was, and the column has all of it', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const text = policyJson(policy)
        assert.deepEqual(policyFrom(text), policy)
        const stored = JSON.parse(text) as Record<string, unknown>
        assert.deepEqual(Object.keys(stored), Object.keys(DEFAULT_POLICY).toSorted())
        assert.deepEqual(checkedPolicy({ ...policy }), { ok: true, policy })
      }),
    )
    assert.deepEqual(policyFrom('{}'), DEFAULT_POLICY)
  })

  it('reads what it does not know as if it were not there, attribute by attribute', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        assert.deepEqual(policyFrom(text), DEFAULT_POLICY)
      }),
    )
    const text = '{"targetInvouch": 4, "minInvouch": "three", "approvals": 9, "someday": true, "pgpRequired": true}'
    assert.deepEqual(policyFrom(text), { ...DEFAULT_POLICY, targetInvouch: 4, pgpRequired: true })
  })
})
