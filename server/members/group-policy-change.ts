import {
  checkedPolicy,
  type GroupPolicy,
  type PolicyProblem,
  policyFrom,
  policyJson,
} from '../../policies/group-policy.ts'
import { BadRequestError, ConflictError } from '../errors.ts'
import { raiseAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Database } from '../storage/database.ts'
import { groupNamed } from './group-rows.ts'
import type { MembersContext } from './memberships.ts'
import { type By, mustMay } from './permission.ts'
import { type Rehearsal, rehearsePolicy } from './rehearse-policy.ts'
import { type Moved, settle } from './settle.ts'

/** Rules of a group that are wanted: what differs from those that it has. */
export interface PolicyChange {
  readonly group: string
  readonly changes: Readonly<Record<string, unknown>>
}

/** The rules of a group as they are, and as they would be. */
export interface RehearsedPolicy {
  readonly before: GroupPolicy
  readonly after: GroupPolicy
  readonly rehearsal: Rehearsal
}

/** A policy that cannot be: every attribute with what is wrong. */
export class PolicyError extends BadRequestError {
  readonly problems: readonly PolicyProblem[]
  constructor(problems: readonly PolicyProblem[]) {
    super('bad_policy', problems.map(({ key, problem }) => `${key}: ${problem}`).join('; '))
    this.problems = problems
  }
}

/**
 * Shows what would follow from other rules; saves nothing.
 * @throws {PolicyError}
 */
export async function rehearseGroupPolicy(
  context: { readonly database: Database; readonly clock: MembersContext['clock'] },
  wanted: By & PolicyChange,
): Promise<RehearsedPolicy> {
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'set-group', { row: group, nowMicros })
    const before = policyFrom(group.policy)
    const after = mustBePolicy(wanted.changes, before)
    return { before, after, rehearsal: await rehearsePolicy(trx, group.group_no, after, nowMicros) }
  })
}

/**
 * Gives a group other rules: they count at once, and every membership that they move moves in the same transaction.
 * @param wanted.seen the rules that the person had before their eyes, as {@link policyJson}; undefined for none
 * @returns who moved
 * @throws {PolicyError}
 * @throws {ConflictError} code `policy_changed` when the rules are others by now than those that were seen
 */
export async function changeGroupPolicy(
  context: MembersContext,
  wanted: By & PolicyChange & { readonly seen?: string | undefined },
): Promise<readonly Moved[]> {
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'set-group', { row: group, nowMicros })
    const before = policyFrom(group.policy)
    if (wanted.seen !== undefined && wanted.seen !== policyJson(before)) {
      throw new ConflictError('policy_changed', 'the rules were changed meanwhile: look at them again')
    }
    const after = mustBePolicy(wanted.changes, before)
    const changed = changedRules(before, after)
    if (changed.length === 0) return []
    await trx
      .updateTable('trust_group')
      .set({ policy: policyJson(after) })
      .where('group_no', '=', group.group_no)
      .execute()
    const said = changed.map(({ key, from, to }) => `${key}: ${from} → ${to}`).join('; ')
    await recordAudit(trx, nowMicros, [
      { kind: 'policy_changed', actor: wanted.actor, detail: { group: group.name, rules: said } },
    ])
    const members = await trx
      .selectFrom('membership')
      .select('account_no')
      .where('group_no', '=', group.group_no)
      .orderBy('account_no')
      .execute()
    const accounts = members.map((row) => row.account_no)
    return await settle(trx, context, { groupNo: group.group_no, accounts, actor: wanted.actor, nowMicros })
  })
}

/** What differs between two policies, in words of the log. */
export function changedRules(
  before: GroupPolicy,
  after: GroupPolicy,
): readonly { readonly key: string; readonly from: string; readonly to: string }[] {
  const were = new Map<string, unknown>(Object.entries(before))
  return Object.entries(after)
    .filter(([key, value]) => were.get(key) !== value)
    .map(([key, value]) => ({ key, from: String(were.get(key)), to: String(value) }))
}

function mustBePolicy(changes: PolicyChange['changes'], base: GroupPolicy): GroupPolicy {
  const checked = checkedPolicy(changes, base)
  if (!checked.ok) throw new PolicyError(checked.problems)
  return checked.policy
}
