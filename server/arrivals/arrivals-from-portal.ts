import { normalAddress } from '../../mail/openpgp/user-address.ts'
import { isMemberState, type MemberState } from '../../policies/member-state.ts'
import type { ArrivalOptions, Arrivals, GroupArrival, LeftBehind, MembershipArrival, VouchArrival } from './arrival.ts'
import { groupsFromPortal, hasAdministrator } from './groups-from-portal.ts'
import { cleanLine, cleanText, someTime } from './none.ts'
import { peopleFromPortal } from './people-from-portal.ts'
import type { FoundKeys } from './people-sources.ts'
import { pair, type Present, triple } from './present.ts'
import type { PortalRow, PortalRows } from './read-portal.ts'
import { sharedThere } from './shared-there.ts'

/**
 * Decides everything that an import would do: nothing is written, and the same rows give the same decision.
 * @param keys of members' addresses, read out of their keyrings
 */
export function arrivalsFromPortal(
  rows: PortalRows,
  present: Present,
  options: ArrivalOptions,
  keys: FoundKeys,
  nowMicros: number,
): Arrivals {
  const left: LeftBehind[] = []
  const leave = (row: LeftBehind) => void left.push(row)
  const stateOf = (state: string | null): MemberState | undefined => {
    const word = state ?? ''
    return options.states.get(word) ?? (isMemberState(word) ? word : undefined)
  }
  const candidates = groupsFromPortal(rows, present, options, leave)
  const names = new Set(candidates.map(({ there }) => there))
  const inGroups = rows.tables.member_trustgroup.filter((row) => names.has(row.trustgroup ?? ''))
  const memberships = Map.groupBy(inGroups, (row) => row.member ?? '')
  const everywhere = Map.groupBy(rows.tables.member_trustgroup, (row) => row.member ?? '')
  const shared = sharedThere(rows, keys)
  const sources = { rows, present, options, keys, shared, nowMicros, memberships, everywhere, stateOf, left: leave }
  const decided = peopleFromPortal(sources)
  const accounts = new Map(decided.map((person) => [person.there, person]))
  const { administrator } = options
  const helper = decided.find(({ accountNo }) => accountNo !== undefined && accountNo === administrator?.accountNo)
  const comes = (member: string) => accounts.has(member)
  const { groups, lonely } = administered(candidates, inGroups, { administrator, helper, comes, stateOf, leave })
  const here = new Map(groups.map((group) => [group.there, group]))
  const both: Both = { accounts, groups: here, present, stateOf, nowMicros, leave, members: memberRows(rows) }
  const come = membershipsOf(both, inGroups)
  const vouched = vouchesOf(both, rows.tables.member_vouch, come)
  const byVoucher = oldestVoucher(vouched.vouches)
  const wanted = come.fresh.map((each) => {
    const voucher = byVoucher.get(`${each.group} ${each.person}`)
    return {
      ...each,
      // whoever was asked to administer it and is a member anyway
      isAdministrator: each.isAdministrator || (lonely.has(each.group) && each.person === helper?.there),
      admitted: voucher === undefined ? ('import' as const) : ('nomination' as const),
      nominator: each.state === 'nominated' || each.state === 'vetted' ? voucher : undefined,
    }
  })
  const used = new Set([...wanted.map(({ person }) => person), ...come.known.map(([person]) => person)])
  return {
    groups,
    // whose groups all stay behind has nothing to come for
    people: decided.filter((person) => used.has(person.there) || person.how === 'known'),
    memberships: wanted,
    vouches: vouched.vouches,
    marks: vouched.marks,
    left,
    known: { memberships: come.known.length, vouches: vouched.known },
  }
}

interface Administration extends Pick<ArrivalOptions, 'administrator'> {
  /** Who that administrator is there. */
  readonly helper: { readonly there: string } | undefined
  readonly comes: (member: string) => boolean
  readonly stateOf: (state: string | null) => MemberState | undefined
  readonly leave: (row: LeftBehind) => void
}

/**
 * No group is ever without an administrator.
 * @returns the groups that come, and of them those that bring none of their own
 */
function administered(
  candidates: readonly GroupArrival[],
  inGroups: readonly PortalRow<'member_trustgroup'>[],
  { administrator, helper, comes, stateOf, leave }: Administration,
): { readonly groups: readonly GroupArrival[]; readonly lonely: ReadonlySet<string> } {
  const byGroup = Map.groupBy(inGroups, (row) => row.trustgroup ?? '')
  const lonely = new Set<string>()
  const groups = candidates.flatMap((group) => {
    const rows = byGroup.get(group.there) ?? []
    if (group.how !== 'new' || hasAdministrator(rows, comes, stateOf)) return [group]
    lonely.add(group.there)
    const own = rows.filter((row) => row.member === helper?.there)
    if (administrator && own.length === 0) return [{ ...group, needsAdministrator: true }]
    if (
      hasAdministrator(
        own.map((row) => ({ ...row, admin: true })),
        comes,
        stateOf,
      )
    )
      return [group]
    leave({
      what: 'group',
      which: group.there,
      code: 'no-administrator',
      reason:
        own.length > 0
          ? `has no administrator who comes and can see it, and ${administrator?.name ?? ''}, who comes as a member, cannot either: give --administrator ACCOUNT of somebody else here`
          : 'has no administrator who comes and can see it: give --administrator ACCOUNT of somebody here',
    })
    return []
  })
  return { groups, lonely }
}

interface Both {
  readonly accounts: ReadonlyMap<string, { readonly accountNo: number | undefined }>
  readonly groups: ReadonlyMap<string, GroupArrival>
  readonly present: Present
  readonly stateOf: (state: string | null) => MemberState | undefined
  readonly nowMicros: number
  readonly leave: (row: LeftBehind) => void
  readonly members: ReadonlyMap<string, PortalRow<'member'>>
}

function memberRows(rows: PortalRows): ReadonlyMap<string, PortalRow<'member'>> {
  return new Map(rows.tables.member.map((row) => [row.ident ?? '', row]))
}

interface Come {
  readonly fresh: readonly Omit<MembershipArrival, 'admitted' | 'nominator'>[]
  /** Person and group there of memberships that are here already. */
  readonly known: readonly (readonly [person: string, group: string])[]
}

function membershipsOf(both: Both, rows: readonly PortalRow<'member_trustgroup'>[]): Come {
  const { accounts, groups, present, stateOf, nowMicros, leave, members } = both
  const fresh: Come['fresh'][number][] = []
  const known: Come['known'][number][] = []
  for (const row of rows) {
    const [person, group] = [row.member ?? '', row.trustgroup ?? '']
    const which = `${person} in ${group}`
    const stay = (code: string, reason: string) => leave({ what: 'membership', which, code, reason })
    const account = accounts.get(person)
    const place = groups.get(group)
    if (!place) continue // the group has its own line
    if (!account) {
      stay('person-stays', 'the person does not come')
      continue
    }
    if (account.accountNo !== undefined && place.groupNo !== undefined) {
      const key = pair(place.groupNo, account.accountNo)
      if (present.memberships.has(key)) {
        known.push([person, group])
        continue
      }
      if (present.everMembers.has(key)) {
        stay('ended-here', 'the membership came before and was ended here')
        continue
      }
    }
    const state = stateOf(row.state)
    if (!state) {
      const word = cleanLine(row.state ?? '', 40)
      stay('unknown-state', `the state ${word} is none of ours: give --state ${word}=STATE to say what it means`)
      continue
    }
    const entered = someTime(row.entered) ?? nowMicros
    // the state job of the portal read the one of the member; Trident never kept that of the group
    const activity = Math.max(
      someTime(row.activity) ?? 0,
      someTime(members.get(person)?.activity ?? null) ?? 0,
      entered,
    )
    fresh.push({
      person,
      group,
      state,
      isAdministrator: row.admin === true,
      enteredMicros: Math.min(entered, nowMicros),
      activityMicros: Math.min(activity, nowMicros),
      address: normalAddress(row.email ?? ''),
    })
  }
  return { fresh, known }
}

function vouchesOf(both: Both, rows: readonly PortalRow<'member_vouch'>[], come: Come) {
  const { accounts, groups, present, nowMicros, leave } = both
  const fresh = new Map(come.fresh.map((each) => [`${each.group} ${each.person}`, each.state]))
  const there = new Set([...fresh.keys(), ...come.known.map(([person, group]) => `${group} ${person}`)])
  const vouches: VouchArrival[] = []
  const marks: VouchArrival[] = []
  let known = 0
  for (const row of rows) {
    const [group, voucher, vouchee] = [row.trustgroup ?? '', row.vouchor ?? '', row.vouchee ?? '']
    const place = groups.get(group)
    if (!place) continue
    const which = `${voucher} for ${vouchee} in ${group}`
    if (voucher === vouchee) {
      leave({ what: 'vouch', which, code: 'for-oneself', reason: 'nobody vouches for themself' })
      continue
    }
    const ofVoucher = `${group} ${voucher}`
    const ofVouchee = `${group} ${vouchee}`
    if (!there.has(ofVoucher) || !there.has(ofVouchee)) {
      const who = there.has(ofVoucher) ? vouchee : voucher
      leave({ what: 'vouch', which, code: 'member-stays', reason: `${who} does not come into the group` })
      continue
    }
    const [voucherNo, voucheeNo] = [accounts.get(voucher)?.accountNo, accounts.get(vouchee)?.accountNo]
    const isKnown =
      voucherNo !== undefined &&
      voucheeNo !== undefined &&
      place.groupNo !== undefined &&
      present.vouches.has(triple(place.groupNo, voucherNo, voucheeNo))
    if (isKnown) {
      known += 1
      continue
    }
    const vouch: VouchArrival = {
      group,
      voucher,
      vouchee,
      text: cleanText(row.comment ?? '', 2000),
      madeMicros: Math.min(someTime(row.entered) ?? nowMicros, nowMicros),
      isOver: fresh.get(ofVouchee) === 'failed',
    }
    if (row.positive === true) vouches.push(vouch)
    // a mark is private: whoever took theirs away here does not get it back
    else if (fresh.has(ofVoucher) || fresh.has(ofVouchee)) marks.push({ ...vouch, text: '' })
  }
  return { vouches, marks, known }
}

function oldestVoucher(vouches: readonly VouchArrival[]): ReadonlyMap<string, string> {
  const oldest = new Map<string, VouchArrival>()
  for (const vouch of vouches) {
    const key = `${vouch.group} ${vouch.vouchee}`
    const before = oldest.get(key)
    if (!before || vouch.madeMicros < before.madeMicros) oldest.set(key, vouch)
  }
  return new Map([...oldest].map(([key, vouch]) => [key, vouch.voucher]))
}
