import type { Certificate } from '../../mail/openpgp/certificate.ts'
import type { GroupPolicy } from '../../policies/group-policy.ts'
import type { MemberState } from '../../policies/member-state.ts'
import type { PolicyDifference } from './policy-from-portal.ts'

/** How people, groups and states of another portal are to come. */
export interface ArrivalOptions {
  /** Name of the other portal, by which its people are known in a later run. */
  readonly source: string
  /** Names of groups there, and here; undefined: all, by the same names. */
  readonly groups: ReadonlyMap<string, string | undefined> | undefined
  /** What states mean that we do not know. */
  readonly states: ReadonlyMap<string, MemberState>
  /** Whether somebody comes to the account here that has proven to read their address. */
  readonly mergeByAddress: boolean
  /** Whether administrators of the whole system there are made site administrators here. */
  readonly administrators: boolean
  /** Account here that administers groups which bring no administrator of their own. */
  readonly administrator: { readonly accountNo: number; readonly name: string } | undefined
}

/** Something that does not come, and why. */
export interface LeftBehind {
  readonly what:
    'group' | 'person' | 'address' | 'membership' | 'vouch' | 'key' | 'picture' | 'time-zone' | 'language' | 'detail'
  /** By its names there. */
  readonly which: string
  /** A word for programs. */
  readonly code: string
  /** A sentence for people, without a full stop. */
  readonly reason: string
}

/** A group that comes. */
export interface GroupArrival {
  readonly there: string
  readonly here: string
  readonly how: 'new' | 'known' | 'into'
  readonly groupNo: number | undefined
  readonly title: string
  readonly policy: GroupPolicy
  readonly differs: readonly PolicyDifference[]
  readonly attestations: readonly { readonly name: string; readonly text: string }[]
  /** Custom fields for what members say of themselves there. */
  readonly fields: readonly { readonly name: string; readonly label: string }[]
  /** Whether {@link ArrivalOptions.administrator} is to administer it. */
  readonly needsAdministrator: boolean
}

/** What a person says of themself. */
export interface ProfileArrival {
  readonly affiliation: string
  readonly airport: string
  readonly languages: string
  readonly phone: string
  readonly sms: string
  readonly im: string
  readonly postal: string
  readonly biography: string
  readonly ssh_key: string
  readonly hide_email: boolean
}

/** A person who comes. */
export interface PersonArrival {
  readonly there: string
  readonly uuid: string
  readonly how: 'new' | 'known' | 'merged'
  readonly accountNo: number | undefined
  /** Name of the account. */
  readonly here: string
  readonly displayName: string
  readonly role: 'member' | 'administrator'
  readonly email: string | undefined
  readonly timeZone: string
  readonly enteredMicros: number
  readonly away: boolean
  readonly addresses: readonly { readonly address: string; readonly verified: boolean }[]
  readonly profile: ProfileArrival
  readonly picture: { readonly mediaType: string; readonly body: Uint8Array } | undefined
  readonly keys: readonly { readonly address: string; readonly certificate: Certificate }[]
  readonly details: ReadonlyMap<string, string>
  /** For the report. */
  readonly factors: readonly string[]
  readonly sysadmin: boolean
  readonly mailBounced: boolean
}

/** A membership that comes. */
export interface MembershipArrival {
  readonly person: string
  readonly group: string
  readonly state: MemberState
  readonly isAdministrator: boolean
  readonly admitted: 'nomination' | 'import'
  readonly enteredMicros: number
  readonly activityMicros: number
  readonly address: string | undefined
  /** Who gave the oldest vouch to somebody who is still a nominee. */
  readonly nominator: string | undefined
}

/** A vouch, or a private mark, that comes; `voucher` and `vouchee` are names there. */
export interface VouchArrival {
  readonly group: string
  readonly voucher: string
  readonly vouchee: string
  readonly text: string
  readonly madeMicros: number
  /** The nomination that it was for has failed. */
  readonly isOver: boolean
}

/** Everything that an import would do, decided before it does anything. */
export interface Arrivals {
  readonly groups: readonly GroupArrival[]
  readonly people: readonly PersonArrival[]
  readonly memberships: readonly MembershipArrival[]
  readonly vouches: readonly VouchArrival[]
  readonly marks: readonly VouchArrival[]
  readonly left: readonly LeftBehind[]
  /** Counts of what is here from an earlier run, and stays as it is. */
  readonly known: { readonly memberships: number; readonly vouches: number }
}
