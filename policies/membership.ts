import type { GroupPolicy } from './group-policy.ts'
import { CAPABILITIES, MEMBER_STATES, type MemberState, statesThat } from './member-state.ts'

/** Everything that the rules of a trust group look at for one membership, as of one moment. */
export interface MembershipFacts {
  readonly policy: GroupPolicy
  readonly nowMicros: number
  /** When the nomination was made, or the member was added. */
  readonly enteredMicros: number
  /** Whether the member came by a nomination: whom administrators let in otherwise is not measured by vouches received. */
  readonly byNomination: boolean
  /** Whether the group has let the member in, whatever came after; false for somebody who was only ever nominated. */
  readonly wasApproved: boolean
  /** Vouches received that count (see vouch-count.ts). */
  readonly vouches: number
  /** Organisations that they come from. */
  readonly organisations: number
  /** Vouches given that have not expired. */
  readonly vouchesGiven: number
  readonly key: KeyFact
  /** Last activity in this group. */
  readonly activityMicros: number
  /** When the member went away; undefined for who is there. The idle clock stands still from then on. */
  readonly awaySinceMicros: number | undefined
  /** Administrators who have approved the open nomination. */
  readonly approvals: number
  /** Concerns that nobody has settled. Only administrators may learn of them. */
  readonly concerns: number
  /** Since when there are fewer vouches than the group wants; undefined when there are enough. */
  readonly belowSinceMicros: number | undefined
}

/** What there is of an OpenPGP certificate for a membership. One that nobody has proven to hold is none. */
export type KeyFact =
  | { readonly state: 'none' | 'revoked' }
  | { readonly state: 'good'; readonly expiresMicros: number | undefined }
  | { readonly state: 'expired'; readonly sinceMicros: number }

/** What happens to a membership. `review` is every change of facts, time among them. */
export type MembershipEvent =
  'nominate' | 'add' | 'approve' | 'review' | 'block' | 'reinstate' | 'memorialise' | 'leave' | 'remove'

/** The rules, by the names that reasons and explanations use. */
export const MEMBERSHIP_RULES = [
  'vouches-wanted',
  'organisations-wanted',
  'in-time',
  'still-vouched-for',
  'approval',
  'concerns-settled',
  'key',
  'vouches-given',
  'vouches-kept',
  'activity',
] as const
export type MembershipRule = (typeof MEMBERSHIP_RULES)[number]

/** Why something does not happen: a rule that is not met, or that the state does not know the event. */
export type Reason = MembershipRule | 'not-from-this-state'

/** What becomes of a membership; a state of undefined: there is none. */
export type Transition =
  | { readonly ok: true; readonly state: MemberState | undefined; readonly because: readonly MembershipRule[] }
  | { readonly ok: false; readonly reasons: readonly Reason[] }

const DAY = 86_400_000_000

/** Acts of people that need no rule but the state itself: from where, and where to. */
const ACTS: Readonly<
  Record<
    Exclude<MembershipEvent, 'review' | 'approve'>,
    { readonly from: readonly (MemberState | undefined)[]; readonly to: MemberState | undefined }
  >
> = {
  nominate: { from: [undefined, 'failed'], to: 'nominated' },
  add: { from: [undefined, 'failed'], to: 'approved' },
  block: {
    from: ['nominated', 'vetted', 'approved', 'active', 'inactive', 'soonidle', 'idle', 'failed'],
    to: 'blocked',
  },
  reinstate: { from: ['blocked', 'deceased'], to: 'approved' },
  memorialise: {
    from: ['nominated', 'vetted', 'approved', 'active', 'inactive', 'soonidle', 'idle', 'failed', 'blocked'],
    to: 'deceased',
  },
  leave: { from: statesThat('login'), to: undefined },
  remove: { from: MEMBER_STATES, to: undefined },
}

/**
 * One step of a membership. A review takes one rule's step at most; {@link settled} repeats it until nothing changes.
 * @param state undefined where there is no membership
 */
export function transition(state: MemberState | undefined, event: MembershipEvent, facts: MembershipFacts): Transition {
  if (event === 'review') return review(state, facts)
  if (event === 'approve') {
    if (state !== 'vetted') return { ok: false, reasons: ['not-from-this-state'] }
    const reasons = unmet(facts, ['vouches-wanted', 'organisations-wanted', 'concerns-settled', 'approval'])
    return reasons.length > 0 ? { ok: false, reasons } : { ok: true, state: 'approved', because: ['approval'] }
  }
  const act = ACTS[event]
  if (!act.from.includes(state)) return { ok: false, reasons: ['not-from-this-state'] }
  // a block must not be a way around approval: who was only nominated may be nominated again
  if (event === 'reinstate' && !facts.wasApproved) return { ok: true, state: 'failed', because: ['approval'] }
  return { ok: true, state: act.to, because: [] }
}

/** The states that a membership goes through, now that its facts are these; empty when it stays where it is. */
export function settled(
  state: MemberState,
  facts: MembershipFacts,
): readonly { readonly state: MemberState; readonly because: readonly MembershipRule[] }[] {
  const steps: { state: MemberState; because: readonly MembershipRule[] }[] = []
  for (let at = state; steps.length <= ACTIVE_LIFE;) {
    const next = review(at, facts)
    if (!next.ok || next.state === undefined) return steps
    steps.push({ state: next.state, because: next.because })
    at = next.state
  }
  throw new Error(`the rules of membership go round in circles from ${state}`)
}

/** More steps than any chain of reviews can have: nominated, vetted | approved, active, soonidle | idle, inactive. */
const ACTIVE_LIFE = 6

function review(state: MemberState | undefined, facts: MembershipFacts): Transition {
  switch (state) {
    case 'nominated': {
      const missing = unmet(facts, ['vouches-wanted', 'organisations-wanted'])
      if (!isMet('still-vouched-for', facts)) return to('failed', ['still-vouched-for'])
      if (missing.length === 0) return to('vetted', ['vouches-wanted'])
      return isMet('in-time', facts) ? stays(missing) : to('failed', ['in-time'])
    }
    case 'vetted':
      if (!isMet('still-vouched-for', facts)) return to('failed', ['still-vouched-for'])
      return stays([...unmet(facts, ['vouches-wanted', 'organisations-wanted']), 'approval'])
    case 'approved':
    case 'inactive': {
      if (state === 'approved' && !isMet('still-vouched-for', facts)) return to('failed', ['still-vouched-for'])
      const missing = unmet(facts, ['key', 'vouches-given', 'vouches-kept'])
      return missing.length === 0 ? to('active', ['key', 'vouches-given', 'vouches-kept']) : stays(missing)
    }
    case 'active':
    case 'soonidle':
    case 'idle': {
      const lost = (
        [
          ['key', keyLost],
          ['vouches-given', givenLost],
          ['vouches-kept', keptLost],
        ] as const
      )
        .filter(([, isLost]) => isLost(facts))
        .map(([rule]) => rule)
      if (lost.length > 0) return to('inactive', lost)
      const wanted = byClock(facts)
      return wanted === state ? stays([]) : to(wanted, ['activity'])
    }
    case 'failed':
    case 'blocked':
    case 'deceased':
    case undefined:
      return stays([])
  }
}

/** Whether a rule is met, for somebody who wants to get further. */
export function isMet(rule: MembershipRule, facts: MembershipFacts): boolean {
  const { policy, nowMicros } = facts
  switch (rule) {
    case 'vouches-wanted':
      return facts.vouches >= Math.max(policy.targetInvouch, 1)
    case 'organisations-wanted':
      return facts.organisations >= policy.distinctOrganisations
    case 'in-time':
      return policy.maxVouchDays === 0 || nowMicros - facts.enteredMicros <= policy.maxVouchDays * DAY
    case 'still-vouched-for':
      return !facts.byNomination || facts.vouches > 0
    case 'approval':
      return facts.approvals >= policy.approvals
    case 'concerns-settled':
      return facts.concerns === 0
    case 'key':
      return !policy.pgpRequired || facts.key.state === 'good'
    case 'vouches-given':
      return !givenLost(facts)
    case 'vouches-kept':
      return !facts.byNomination || facts.vouches >= policy.minInvouch
    case 'activity':
      return byClock(facts) === 'active'
  }
}

/** For a member who is active: an expired certificate counts for the days of grace, a revoked one never. */
function keyLost({ policy, key, nowMicros }: MembershipFacts): boolean {
  if (!policy.pgpRequired || key.state === 'good') return false
  return key.state !== 'expired' || nowMicros - key.sinceMicros >= policy.keyGraceDays * DAY
}

function givenLost({ policy, vouchesGiven }: MembershipFacts): boolean {
  return policy.pleaseVouch && vouchesGiven < policy.minOutvouch
}

/** For a member who is active: never silently, but after the days of grace, of which they are told. */
function keptLost(facts: MembershipFacts): boolean {
  if (isMet('vouches-kept', facts)) return false
  return facts.nowMicros - (facts.belowSinceMicros ?? facts.nowMicros) >= facts.policy.invouchGraceDays * DAY
}

/** What the idle clock says; it stands still while somebody is away. */
function byClock(facts: MembershipFacts): 'active' | 'soonidle' | 'idle' {
  const { idle, soon } = idleMicros(facts)
  const now = facts.awaySinceMicros ?? facts.nowMicros
  if (idle !== undefined && now > idle) return 'idle'
  return soon !== undefined && now > soon ? 'soonidle' : 'active'
}

function idleMicros({ policy, activityMicros }: MembershipFacts): {
  readonly soon: number | undefined
  readonly idle: number | undefined
} {
  if (!policy.canTimeOut || policy.maxInactivityDays === 0) return { soon: undefined, idle: undefined }
  const idle = activityMicros + policy.maxInactivityDays * DAY
  return { soon: idle - policy.idleGuardDays * DAY, idle }
}

function unmet(facts: MembershipFacts, rules: readonly MembershipRule[]): readonly MembershipRule[] {
  return rules.filter((rule) => !isMet(rule, facts))
}

function to(state: MemberState, because: readonly MembershipRule[]): Transition {
  return { ok: true, state, because }
}

function stays(reasons: readonly Reason[]): Transition {
  return { ok: false, reasons }
}

/** One rule as it bears on a membership: what it wants, what there is, who can mend it, by when. */
export interface Requirement {
  readonly rule: MembershipRule
  readonly met: boolean
  /** What there is and what is wanted, where the rule counts something. */
  readonly have?: number
  readonly need?: number
  /** When the next thing happens by itself: a grace or a time limit ends. */
  readonly byMicros?: number
  readonly fixedBy: 'member' | 'vouchers' | 'administrators'
}

/**
 * Every rule that bears on a membership in its state: the answer to "why am I in this state, what mends it, by when".
 * Concerns are left out: who may see them asks for them.
 */
export function requirements(state: MemberState, facts: MembershipFacts): readonly Requirement[] {
  const { policy } = facts
  const all: Requirement[] = []
  const isNominee = state === 'nominated' || state === 'vetted'
  const hasEntered = CAPABILITIES[state].login
  if (isNominee) {
    const need = Math.max(policy.targetInvouch, 1)
    all.push(requirement('vouches-wanted', facts, { have: facts.vouches, need, fixedBy: 'vouchers' }))
    if (policy.distinctOrganisations > 1) {
      const counted = { have: facts.organisations, need: policy.distinctOrganisations }
      all.push(requirement('organisations-wanted', facts, { ...counted, fixedBy: 'vouchers' }))
    }
    const counted = { have: facts.approvals, need: policy.approvals }
    all.push(requirement('approval', facts, { ...counted, fixedBy: 'administrators' }))
  }
  if (state === 'nominated' && policy.maxVouchDays > 0) {
    const byMicros = facts.enteredMicros + policy.maxVouchDays * DAY
    all.push(requirement('in-time', facts, { byMicros, fixedBy: 'vouchers' }))
  }
  if (hasEntered && policy.pgpRequired) {
    all.push(requirement('key', facts, { ...keyDeadline(state, facts), fixedBy: 'member' }))
  }
  if (hasEntered && policy.pleaseVouch && policy.minOutvouch > 0) {
    const counted = { have: facts.vouchesGiven, need: policy.minOutvouch }
    all.push(requirement('vouches-given', facts, { ...counted, fixedBy: 'member' }))
  }
  if (hasEntered && facts.byNomination && policy.minInvouch > 0) {
    const byMicros =
      facts.belowSinceMicros === undefined || !CAPABILITIES[state].see || state === 'inactive'
        ? undefined
        : facts.belowSinceMicros + policy.invouchGraceDays * DAY
    const counted = { have: facts.vouches, need: policy.minInvouch, ...(byMicros !== undefined && { byMicros }) }
    all.push(requirement('vouches-kept', facts, { ...counted, fixedBy: 'vouchers' }))
  }
  const { idle } = idleMicros(facts)
  if (hasEntered && state !== 'approved' && idle !== undefined) {
    const runs = state === 'active' || state === 'soonidle'
    const still = facts.awaySinceMicros === undefined && runs && { byMicros: idle }
    all.push(requirement('activity', facts, { ...still, fixedBy: 'member' }))
  }
  return all
}

function requirement(
  rule: MembershipRule,
  facts: MembershipFacts,
  rest: Omit<Requirement, 'rule' | 'met'>,
): Requirement {
  return { rule, met: isMet(rule, facts), ...rest }
}

/** An active member may lean on an expired key for the days of grace; before that, its own expiry is the date to know. */
function keyDeadline(state: MemberState, { key, policy }: MembershipFacts): { readonly byMicros?: number } {
  if (key.state === 'good' && key.expiresMicros !== undefined) return { byMicros: key.expiresMicros }
  const isActive = CAPABILITIES[state].see && state !== 'inactive'
  return key.state === 'expired' && isActive ? { byMicros: key.sinceMicros + policy.keyGraceDays * DAY } : {}
}
