import { type Actor as Person, can, type Permit, type Subject } from '../../policies/can.ts'
import { type Action, GROUP_ROLES, type GroupRole, ruleOf } from '../../policies/roles.ts'
import { OPERATOR } from '../admin/operator.ts'
import { NotFoundError, RoleError, SecondFactorError } from '../errors.ts'
import type { Actor } from '../site/site.ts'
import { run, type Transaction } from '../storage/database.ts'

/** Who does something. The operator at the machine may do everything: whoever has the machine has the site. */
export interface By extends Actor {
  readonly as: Person | 'operator'
}

/** The operator at the machine, for the audit and for every decision. */
export const BY_OPERATOR: By = { actor: OPERATOR, as: 'operator' }

/** A trust group as it was just loaded. */
export interface GroupRow {
  readonly group_no: number
  readonly name: string
  readonly title: string
  readonly second_factor: boolean
  /** JSON; policies/group-policy.ts reads it. */
  readonly policy: string
}

/**
 * Decides again inside the transaction, on what the rows say now: between the page and the act the actor may have been
 * suspended, or have lost the role. Call it after raiseAccess, which makes changes of rights wait for each other.
 * @param group that the act is about; the actor's own membership in it is loaded here
 * @throws {NotFoundError} for what the actor may not know to exist, {SecondFactorError}, {RoleError}
 */
export async function mustMay(
  trx: Transaction,
  { as }: By,
  action: Action,
  group?: { readonly row: GroupRow; readonly nowMicros: number },
): Promise<void> {
  if (as === 'operator') return
  const account = await trx
    .selectFrom('account')
    .select(['active', 'role'])
    .where('account_no', '=', as.accountNo)
    .executeTakeFirst()
  const person: Person = {
    ...as,
    active: account?.active ?? false,
    siteAdministrator: account?.role === 'administrator',
  }
  const subject: Subject = group ? await groupSubject(trx, person, group) : { kind: 'site' }
  mustBePermitted(can(person, action, subject), action)
}

/**
 * Lets nothing pass that was not permitted.
 * @param what is said not to be there, where the actor may not know that it is
 * @throws {NotFoundError}, {SecondFactorError}, {RoleError}
 */
export function mustBePermitted(permit: Permit, action: Action, what = 'this page'): void {
  if (permit.ok) return
  if (permit.reason === 'absent') throw new NotFoundError(what)
  if (permit.reason === 'second-factor') throw new SecondFactorError()
  throw new RoleError(ruleOf(action).meaning)
}

/** Roles as a membership keeps them: words in a line. What is no role is passed over. */
export function rolesIn(line: string): ReadonlySet<GroupRole> {
  const words = line.split(' ')
  return new Set(GROUP_ROLES.filter((role) => words.includes(role)))
}

async function groupSubject(
  trx: Transaction,
  person: Person,
  { row, nowMicros }: { readonly row: GroupRow; readonly nowMicros: number },
): Promise<Subject> {
  const membership = await trx
    .selectFrom('membership')
    .select(['state', 'roles'])
    .where('group_no', '=', row.group_no)
    .where('account_no', '=', person.accountNo)
    .executeTakeFirst()
  const glass = await run(
    trx,
    `select 1 from break_glass
      where group_no = $1::int and account_no = $2::int and ended_micros is null and expires_micros > $3::bigint limit 1`,
    [row.group_no, person.accountNo, nowMicros],
  )
  return {
    kind: 'group',
    membership: membership && { state: membership.state, roles: rolesIn(membership.roles) },
    brokenGlass: glass.rows.length > 0,
    secondFactor: row.second_factor,
  }
}
