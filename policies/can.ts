import { CAPABILITIES, type MemberState } from './member-state.ts'
import { type Action, type GroupRole, type Role, ruleOf } from './roles.ts'
import { rankOf, type Tlp } from './tlp.ts'

/** Who wants something, as of now. */
export interface Actor {
  readonly accountNo: number
  /** False for a suspended account: it may nothing. */
  readonly active: boolean
  readonly siteAdministrator: boolean
  /** Whether this sign-in was proven by more than one factor, or by a passkey. */
  readonly secondFactor: boolean
}

/** What it is wanted with: the row that was just loaded and is about to be shown or changed. */
export type Subject =
  | { readonly kind: 'site' }
  | { readonly kind: 'self'; readonly accountNo: number }
  | {
      readonly kind: 'group'
      /** The actor's own membership; undefined for an outsider. */
      readonly membership: { readonly state: MemberState; readonly roles: ReadonlySet<GroupRole> } | undefined
      /** Whether the actor has broken the glass of this group and the hour is not over. */
      readonly brokenGlass: boolean
      /** Whether the group demands a second factor. */
      readonly secondFactor: boolean
      /** Label of the content, where there is content. */
      readonly label?: Tlp
    }

/** The answer, with a reason that is safe to show to the actor. */
export type Permit =
  | { readonly ok: true }
  /** `absent`: the actor may not know that there is anything. */
  | { readonly ok: false; readonly reason: 'absent' | 'role' | 'label' | 'second-factor' }

const GRANTED: Permit = { ok: true }

/**
 * Decides every question of authorisation by the matrix of {@link ruleOf}. What the matrix does not name is refused; a
 * subject of another kind than the action is about is refused too.
 */
export function can(actor: Actor, action: Action, subject: Subject): Permit {
  const rule = ruleOf(action)
  if (!actor.active || rule.about !== subject.kind) return refused('absent')
  if (subject.kind === 'self') return subject.accountNo === actor.accountNo ? GRANTED : refused('absent')
  const roles = rolesOf(actor, subject)
  if (subject.kind === 'group') {
    if (roles.length === 0) return refused('absent')
    if (subject.secondFactor && !actor.secondFactor) return refused('second-factor')
  }
  const limits = roles.map((role) => rule.roles[role]).filter((limit) => limit !== undefined)
  if (limits.length === 0) return refused('role')
  const label = subject.kind === 'group' ? subject.label : undefined
  // content without a label is not content of any rule: a rule with a label needs one to compare
  const enough = limits.some(
    (limit) => limit === true || (label !== undefined && rankOf(label) >= 0 && rankOf(label) <= rankOf(limit)),
  )
  return enough ? GRANTED : refused('label')
}

function rolesOf(actor: Actor, subject: Exclude<Subject, { kind: 'self' }>): readonly Role[] {
  if (subject.kind === 'site') return actor.siteAdministrator ? ['site-administrator'] : ['member']
  const own = rolesIn(subject.membership)
  return subject.brokenGlass && actor.siteAdministrator ? [...own, 'break-glass'] : own
}

/** A membership is worth what its state lets one do; roles count for those who see the group. */
function rolesIn(membership: Extract<Subject, { kind: 'group' }>['membership']): readonly Role[] {
  if (!membership) return []
  const { see, login } = CAPABILITIES[membership.state]
  if (see) return ['member', ...membership.roles]
  return login ? ['newcomer'] : []
}

function refused(reason: Exclude<Permit, { ok: true }>['reason']): Permit {
  return { ok: false, reason }
}
