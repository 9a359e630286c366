import { can } from '../../../policies/can.ts'
import type { Action } from '../../../policies/roles.ts'
import type { GroupVisit } from '../visit.ts'

/** Whether a page shows the way to something: what is refused anyway is not offered. */
export function may(visit: GroupVisit, action: Action): boolean {
  const { actor, access, group, membership, nowMicros } = visit
  const brokenGlass = access.hasBrokenGlass(actor.accountNo, group.groupNo, nowMicros)
  return can(actor, action, { kind: 'group', membership, brokenGlass, secondFactor: group.secondFactor }).ok
}
