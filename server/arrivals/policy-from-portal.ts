import { checkedPolicy, DEFAULT_POLICY, type GroupPolicy, POLICY_SHAPE } from '../../policies/group-policy.ts'
import type { PortalRow } from './read-portal.ts'

/** A rule that means something else here than it did there, in a sentence. */
export interface PolicyDifference {
  readonly attribute: string
  readonly there: string
  readonly here: string
  readonly meaning: string
}

const DAY = 86_400

/** The policy of a group as our rules have it, and what of it differs from what the portal did. */
export function policyFromPortal(row: PortalRow<'trustgroup'>): {
  readonly policy: GroupPolicy
  readonly differs: readonly PolicyDifference[]
} {
  const differs: PolicyDifference[] = []
  const differ = (attribute: string, there: unknown, here: unknown, meaning: string) => {
    differs.push({ attribute, there: String(there), here: String(here), meaning })
  }
  const whole = (attribute: keyof typeof POLICY_SHAPE, name: string, value: number | null): number => {
    const shape = POLICY_SHAPE[attribute]
    const max = typeof shape === 'object' && 'max' in shape ? shape.max : 0
    const fit = Math.min(Math.max(Math.round(value ?? 0), 0), max)
    if (value !== null && fit !== value) differ(name, value, fit, `here it is a whole number up to ${max}`)
    return fit
  }
  const days = (attribute: 'maxInactivityDays' | 'idleGuardDays', name: string, seconds: number | null): number =>
    whole(attribute, name, seconds === null ? null : seconds / DAY)

  const maxVouchDays = whole('maxVouchDays', 'max_vouchdays', row.max_vouchdays)
  if (maxVouchDays === 0) {
    differ('max_vouchdays', 0, 0, 'there 0 failed every nomination on the next day; here it means never')
  }
  const minInvouch = whole('minInvouch', 'min_invouch', row.min_invouch)
  if (minInvouch > 0) {
    const grace = DEFAULT_POLICY.invouchGraceDays
    differ(
      'min_invouch',
      minInvouch,
      minInvouch,
      `there nothing acted on it; here it counts, after ${grace} days of grace`,
    )
  }
  if (row.pgp_required === true) {
    const grace = DEFAULT_POLICY.keyGraceDays
    differ('pgp_required', true, true, `there an expired key counted for ever; here for ${grace} days`)
  }
  const canTimeOut = row.can_time_out === true
  const maxInactivityDays = days('maxInactivityDays', 'max_inactivity', row.max_inactivity)
  let idleGuardDays = days('idleGuardDays', 'idle_guard', row.idle_guard)
  if (canTimeOut && maxInactivityDays === 0) {
    differ('max_inactivity', 0, 0, 'there 0 made everybody idle at once; here it means never')
  }
  if (canTimeOut && maxInactivityDays > 0 && idleGuardDays >= maxInactivityDays) {
    differ('idle_guard', idleGuardDays, maxInactivityDays - 1, 'the warning must be shorter than the time until idle')
    idleGuardDays = maxInactivityDays - 1
  }
  if (canTimeOut) {
    differ(
      'activity',
      'one for all groups',
      'one for each',
      'from now on activity in one group counts in that group only',
    )
  }
  const read = {
    nominationsOpen: row.nom_enabled !== false,
    vouchByAdministratorsOnly: row.vouch_adminonly === true,
    targetInvouch: whole('targetInvouch', 'target_invouch', row.target_invouch),
    minInvouch,
    minOutvouch: whole('minOutvouch', 'min_outvouch', row.min_outvouch),
    pleaseVouch: row.please_vouch !== false,
    maxVouchDays,
    pgpRequired: row.pgp_required === true,
    canTimeOut,
    maxInactivityDays,
    idleGuardDays,
    // the portal knew no rings: switched on, it could take away what counted there
    ringDetection: false,
  }
  const checked = checkedPolicy(read)
  if (checked.ok) return { policy: checked.policy, differs }
  // rules that contradict each other could stand side by side there, since nothing acted on some of them
  const mended = Object.fromEntries(checked.problems.map(({ key }) => [key, 0]))
  for (const { key, problem } of checked.problems) {
    const there = Object.entries(read).find(([name]) => name === key)?.[1]
    differ(snakeCase(key), there, 0, problem)
  }
  const again = checkedPolicy({ ...read, ...mended })
  if (!again.ok) throw new Error(`a policy was made that the rules refuse: ${JSON.stringify(again.problems)}`)
  return { policy: again.policy, differs }
}

function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
