import { normalAddress } from '../../mail/openpgp/user-address.ts'
import type { MemberState } from '../../policies/member-state.ts'
import { cleanLine, someText } from './none.ts'
import type { PeopleSources } from './people-sources.ts'
import type { PortalRow } from './read-portal.ts'

/** Only somebody who has been in can have read the mail that their address was confirmed with. */
const HAS_BEEN_IN: ReadonlySet<MemberState> = new Set<MemberState>(['active', 'inactive', 'soonidle', 'idle'])
const SECOND = 1_000_000

/** An address of somebody who comes. */
export interface UsableAddress {
  readonly address: string
  readonly verified: boolean
}

/**
 * Addresses with what they are worth here: verified there, and of somebody who has been in, since the first address of a
 * nominee is stored as verified without any proof.
 */
export function addressesOf(
  { left, stateOf, everywhere, shared }: Pick<PeopleSources, 'left' | 'stateOf' | 'everywhere' | 'shared'>,
  member: PortalRow<'member'>,
  emails: readonly PortalRow<'member_email'>[],
): readonly UsableAddress[] {
  const there = member.ident ?? ''
  const isIn = (everywhere.get(there) ?? []).some((row) => HAS_BEEN_IN.has(stateOf(row.state) ?? 'nominated'))
  const wasIn = isIn || (member.activity ?? 0) > (member.entered ?? 0) + SECOND
  const usable = new Map<string, UsableAddress>()
  for (const row of emails) {
    const text = someText(row.email)
    if (text === undefined) continue
    const address = normalAddress(text)
    if (address === undefined) {
      left({
        what: 'address',
        which: `${there}: ${cleanLine(text, 254)}`,
        code: 'no-address',
        reason: 'is no mail address',
      })
      continue
    }
    if (row.verified === true && shared.addresses.has(address)) {
      const reason = 'is that of several members there: it comes unconfirmed'
      left({ what: 'address', which: `${there}: ${address}`, code: 'address-shared', reason })
    }
    usable.set(address, { address, verified: row.verified === true && wasIn && !shared.addresses.has(address) })
  }
  return [...usable.values()]
}

/** Accounts here that have an address of this person: one that they have proven there, or use for a group. */
export function ownersOf(
  { present }: Pick<PeopleSources, 'present'>,
  usable: readonly UsableAddress[],
  own: readonly PortalRow<'member_trustgroup'>[],
): {
  readonly accounts: readonly number[]
  /** Whether each such address is proven here, and one of them there too: then both are one person. */
  readonly provenHere: boolean
  readonly provenThere: boolean
} {
  const used = new Set(own.map((row) => normalAddress(row.email ?? '')))
  const accounts = new Set<number>()
  let [provenHere, provenThere] = [true, false]
  for (const { address, verified } of usable) {
    if (!verified && !used.has(address)) continue
    const byProof = present.verified.get(address)
    const owner = byProof ?? present.mail.get(address)
    if (owner === undefined) continue
    accounts.add(owner)
    if (byProof === undefined) provenHere = false
    else if (verified) provenThere = true
  }
  return { accounts: [...accounts], provenHere, provenThere }
}

/** Whether somebody else has proven an address. */
export function isOfAnother(
  { present }: Pick<PeopleSources, 'present'>,
  address: string,
  accountNo: number | undefined,
): boolean {
  const owner = present.verified.get(address)
  return owner !== undefined && owner !== accountNo
}

/** Where notices of the site go: the address of most groups, and of those the oldest membership's. */
export function mainAddress(
  usable: readonly UsableAddress[],
  own: readonly PortalRow<'member_trustgroup'>[],
): string | undefined {
  const counts = new Map<string, number>()
  for (const row of own.toSorted((a, b) => (a.entered ?? 0) - (b.entered ?? 0))) {
    const address = normalAddress(row.email ?? '')
    if (address !== undefined) counts.set(address, (counts.get(address) ?? 0) + 1)
  }
  const rank = (each: UsableAddress) => (each.verified ? 1000 : 0) + (counts.get(each.address) ?? 0)
  const order = [...counts.keys()]
  const place = (address: string) => (order.includes(address) ? order.indexOf(address) : order.length)
  return usable.toSorted((a, b) => rank(b) - rank(a) || place(a.address) - place(b.address))[0]?.address
}
