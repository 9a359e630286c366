import fc from 'fast-check'
import { checkedPolicy, DEFAULT_POLICY, type GroupPolicy } from '../../policies/group-policy.ts'

const days = (most: number) => fc.oneof(fc.constant(0), fc.integer({ min: 1, max: most }))
const few = fc.integer({ min: 0, max: 3 })

/** Policies that a group can have, with numbers small enough for a few people and some months to meet them. */
export const policies: fc.Arbitrary<GroupPolicy> = fc
  .record({
    nominationsOpen: fc.boolean(),
    vouchByAdministratorsOnly: fc.boolean(),
    targetInvouch: few,
    minInvouch: few,
    invouchGraceDays: days(20),
    minOutvouch: few,
    pleaseVouch: fc.boolean(),
    maxVouchDays: days(40),
    pgpRequired: fc.boolean(),
    keyGraceDays: days(20),
    canTimeOut: fc.boolean(),
    maxInactivityDays: days(60),
    idleGuardDays: days(50),
    vouchDays: days(90),
    distinctOrganisations: few,
    ringDetection: fc.boolean(),
    approvals: fc.integer({ min: 1, max: 2 }),
    vouchVisibility: fc.constantFrom('counts' as const, 'names' as const, 'comments' as const),
  })
  .map((policy) => {
    const sound = {
      ...policy,
      distinctOrganisations: Math.min(policy.distinctOrganisations, Math.max(policy.targetInvouch, 1)),
      idleGuardDays: policy.maxInactivityDays === 0 ? 0 : Math.min(policy.idleGuardDays, policy.maxInactivityDays - 1),
      minOutvouch: policy.vouchByAdministratorsOnly ? 0 : policy.minOutvouch,
    }
    if (!checkedPolicy(sound, DEFAULT_POLICY).ok) throw new Error(`no policy: ${JSON.stringify(sound)}`)
    return sound
  })
