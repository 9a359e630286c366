/**
 * The rules by which a trust group lets people in and keeps them: attributes of Ops-Trust with their names' meaning, and
 * ours. Days are whole; what 0 means is said at each.
 */
export interface GroupPolicy {
  /** Whether members may nominate; administrators always may. */
  readonly nominationsOpen: boolean
  /** Whether only administrators of the group may vouch. */
  readonly vouchByAdministratorsOnly: boolean
  /** Vouches received for nominated → vetted. 0: a nomination alone is enough, since it is the first vouch. */
  readonly targetInvouch: number
  /** Vouches received that a member needs to become and stay active. 0: none. */
  readonly minInvouch: number
  /** Days between falling below minInvouch and becoming inactive. 0: at once. */
  readonly invouchGraceDays: number
  /** Vouches given that a member needs to become and stay active, where `pleaseVouch` is set. 0: none. */
  readonly minOutvouch: number
  /** Whether minOutvouch counts. */
  readonly pleaseVouch: boolean
  /** Days after which a nomination fails that was not vetted. 0: never. */
  readonly maxVouchDays: number
  /** Whether a member needs a good OpenPGP certificate to become and stay active. */
  readonly pgpRequired: boolean
  /** Days that an expired certificate still counts. 0: none. */
  readonly keyGraceDays: number
  /** Whether members become idle. */
  readonly canTimeOut: boolean
  /** Days without activity in this group until a member is idle. 0: never, as if `canTimeOut` were off. */
  readonly maxInactivityDays: number
  /** Days before that in which a member is warned (soonidle). 0: no warning. */
  readonly idleGuardDays: number
  /** Days that a vouch counts until it must be renewed. 0: it never expires. */
  readonly vouchDays: number
  /** Organisations that the vouches for a nominee must come from at least. 0 and 1: any. */
  readonly distinctOrganisations: number
  /** Whether vouches of people who only vouch for each other count as one. */
  readonly ringDetection: boolean
  /** Administrators who must approve a nominee: 1 or 2. */
  readonly approvals: number
  /** What members see of each other's vouches; administrators see all. */
  readonly vouchVisibility: 'counts' | 'names' | 'comments'
}

/** What a new group has. Where the defaults of Ops-Trust are traps, ours differ: docs/membership.md says how. */
export const DEFAULT_POLICY: GroupPolicy = {
  nominationsOpen: true,
  vouchByAdministratorsOnly: false,
  targetInvouch: 2,
  minInvouch: 0,
  invouchGraceDays: 14,
  minOutvouch: 0,
  pleaseVouch: true,
  maxVouchDays: 0,
  pgpRequired: false,
  keyGraceDays: 14,
  canTimeOut: false,
  maxInactivityDays: 180,
  idleGuardDays: 7,
  vouchDays: 0,
  distinctOrganisations: 0,
  ringDetection: true,
  approvals: 1,
  vouchVisibility: 'comments',
}

/** An attribute's name. */
export type PolicyKey = keyof GroupPolicy

/** How the attributes look, in the order of the page: a whole number up to `max`, yes or no, or one of some words. */
export const POLICY_SHAPE: Readonly<Record<PolicyKey, { readonly max: number } | 'flag' | readonly string[]>> = {
  nominationsOpen: 'flag',
  vouchByAdministratorsOnly: 'flag',
  targetInvouch: { max: 20 },
  distinctOrganisations: { max: 10 },
  ringDetection: 'flag',
  approvals: { max: 2 },
  maxVouchDays: { max: 3650 },
  pleaseVouch: 'flag',
  minOutvouch: { max: 100 },
  minInvouch: { max: 20 },
  invouchGraceDays: { max: 365 },
  vouchDays: { max: 3650 },
  pgpRequired: 'flag',
  keyGraceDays: { max: 365 },
  canTimeOut: 'flag',
  maxInactivityDays: { max: 3650 },
  idleGuardDays: { max: 365 },
  vouchVisibility: ['counts', 'names', 'comments'],
}

/** What is wrong with a policy: an attribute and a sentence without a full stop. */
export interface PolicyProblem {
  readonly key: string
  readonly problem: string
}

/**
 * Checks a whole policy, given the attributes that differ from a base.
 * @returns the policy, or everything that is wrong with it
 */
export function checkedPolicy(
  changes: Readonly<Record<string, unknown>>,
  base: GroupPolicy = DEFAULT_POLICY,
):
  | { readonly ok: true; readonly policy: GroupPolicy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] } {
  const problems: PolicyProblem[] = []
  for (const [key, value] of Object.entries(changes)) {
    const problem = problemOf(key, value)
    if (problem !== undefined) problems.push({ key, problem })
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every key and value was just checked
  const policy = { ...base, ...changes } as GroupPolicy
  if (problems.length === 0) problems.push(...contradictionsOf(policy))
  return problems.length > 0 ? { ok: false, problems } : { ok: true, policy }
}

/** Reads the policy column of a group; what is not a policy of ours is passed over, attribute by attribute. */
export function policyFrom(json: string): GroupPolicy {
  const stored: unknown = JSON.parse(json)
  const known = Object.entries(stored ?? {}).filter(([key, value]) => problemOf(key, value) === undefined)
  return { ...DEFAULT_POLICY, ...Object.fromEntries(known) }
}

/** A policy as the column keeps it: whole, so that a later change of a default changes no group that is there. */
export function policyJson(policy: GroupPolicy): string {
  return JSON.stringify(Object.fromEntries(Object.entries(policy).sort(([a], [b]) => (a < b ? -1 : 1))))
}

function problemOf(key: string, value: unknown): string | undefined {
  const shape = Object.entries(POLICY_SHAPE).find(([name]) => name === key)?.[1]
  if (shape === undefined) return 'there is no such rule'
  if (shape === 'flag') return typeof value === 'boolean' ? undefined : 'say yes or no'
  if ('max' in shape) {
    const least = key === 'approvals' ? 1 : 0
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= shape.max
    return fits ? undefined : `write a whole number from ${least} to ${shape.max}`
  }
  return typeof value === 'string' && shape.includes(value) ? undefined : `choose one of ${shape.join(', ')}`
}

function contradictionsOf(policy: GroupPolicy): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const times = policy.canTimeOut && policy.maxInactivityDays > 0
  if (times && policy.idleGuardDays >= policy.maxInactivityDays) {
    problems.push({ key: 'idleGuardDays', problem: 'the warning must be shorter than the time until members are idle' })
  }
  if (policy.distinctOrganisations > Math.max(policy.targetInvouch, 1)) {
    problems.push({
      key: 'distinctOrganisations',
      problem: 'it takes at least as many vouches as organisations: raise the vouches to be vetted first',
    })
  }
  if (policy.vouchByAdministratorsOnly && policy.pleaseVouch && policy.minOutvouch > 0) {
    problems.push({
      key: 'minOutvouch',
      problem: 'members cannot vouch where only administrators may: write 0, or let members vouch',
    })
  }
  return problems
}
