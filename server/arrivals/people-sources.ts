import type { MemberState } from '../../policies/member-state.ts'
import type { ArrivalOptions } from './arrival.ts'
import type { OwnKey } from './own-key.ts'
import type { Present } from './present.ts'
import type { Leave } from './profile-from-portal.ts'
import type { PortalRow, PortalRows } from './read-portal.ts'
import type { SharedThere } from './shared-there.ts'

/** Keys by {@link keyOf} of member and address, found before anything is decided. */
export type FoundKeys = ReadonlyMap<string, OwnKey>

/** A member's address as a key. */
export function keyOf(member: string, address: string): string {
  return `${member} ${address}`
}

/** What people are decided from. */
export interface PeopleSources {
  readonly rows: PortalRows
  readonly present: Present
  readonly options: ArrivalOptions
  readonly keys: FoundKeys
  readonly shared: SharedThere
  readonly nowMicros: number
  /** Their memberships in groups that come, by member. */
  readonly memberships: ReadonlyMap<string, readonly PortalRow<'member_trustgroup'>[]>
  /** All their memberships, also in groups that stay behind. */
  readonly everywhere: ReadonlyMap<string, readonly PortalRow<'member_trustgroup'>[]>
  readonly stateOf: (state: string | null) => MemberState | undefined
  readonly left: Leave
}
