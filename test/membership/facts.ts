import { DEFAULT_POLICY, type GroupPolicy } from '../../policies/group-policy.ts'
import type { MembershipFacts } from '../../policies/membership.ts'

/** Microseconds of a day. */
export const DAY = 86_400_000_000
/** The moment that facts are as of, unless a test says otherwise. */
export const NOW = 2000 * DAY

/** Facts of somebody whom nothing stands in the way of, but for what a test says. */
export function factsOf(
  policy: Partial<GroupPolicy> = {},
  facts: Partial<Omit<MembershipFacts, 'policy'>> = {},
): MembershipFacts {
  return {
    policy: { ...DEFAULT_POLICY, ...policy },
    nowMicros: NOW,
    enteredMicros: NOW,
    byNomination: true,
    wasApproved: true,
    vouches: 5,
    organisations: 5,
    vouchesGiven: 5,
    key: { state: 'good', expiresMicros: undefined },
    activityMicros: NOW,
    awaySinceMicros: undefined,
    approvals: 2,
    concerns: 0,
    belowSinceMicros: undefined,
    ...facts,
  }
}
