import { CAPABILITIES } from '../../policies/member-state.ts'
import { addressesOf, isOfAnother, mainAddress, ownersOf, type UsableAddress } from './addresses-from-portal.ts'
import type { PersonArrival } from './arrival.ts'
import { freeName } from './free-name.ts'
import { cleanLine, someText, someTime } from './none.ts'
import { KEY_REASONS } from './own-key.ts'
import { keyOf, type PeopleSources } from './people-sources.ts'
import { newestDetails, pictureOf, profileOf, zoneOf } from './profile-from-portal.ts'
import type { PortalRow } from './read-portal.ts'

/** Decides for everybody who is in a group that comes whether they are new, known, merged, or stay behind. */
export function peopleFromPortal(sources: PeopleSources): readonly PersonArrival[] {
  const { rows, present, memberships } = sources
  const emails = Map.groupBy(rows.tables.member_email, (row) => row.member ?? '')
  const details = Map.groupBy(rows.tables.member_details, (row) => row.member ?? '')
  const languages = Map.groupBy(rows.tables.member_language_skill, (row) => row.member ?? '')
  const factors = Map.groupBy(rows.tables.second_factors, (row) => row.member ?? '')
  const names = new Set(present.names)
  const taken = new Set<number>()
  const people: PersonArrival[] = []
  // what somebody says of themself came with them the first time
  const quiet = () => undefined
  for (const member of rows.tables.member.toSorted((a, b) => ((a.ident ?? '') < (b.ident ?? '') ? -1 : 1))) {
    const there = member.ident ?? ''
    const own = memberships.get(there)
    if (!own) {
      // a selection of groups leaves most people out on purpose
      if (!sources.options.groups) stay(sources, there, 'in-no-group', 'is in no group that comes')
      continue
    }
    const person = decided(sources, member, own, emails.get(there) ?? [], names, taken)
    if (!person) continue
    if (person.accountNo !== undefined) taken.add(person.accountNo)
    names.add(person.here.toLowerCase())
    people.push({
      ...person,
      details: newestDetails(details.get(there) ?? []),
      profile: profileOf(person.how === 'known' ? quiet : sources.left, member, languages.get(there) ?? []),
      factors: [...new Set((factors.get(there) ?? []).filter((row) => row.active).map((row) => row.type ?? ''))],
    })
  }
  return people
}

function stay({ left }: PeopleSources, which: string, code: string, reason: string): undefined {
  left({ what: 'person', which, code, reason })
  return undefined
}

type Decided = Omit<PersonArrival, 'details' | 'profile' | 'factors'>

function decided(
  sources: PeopleSources,
  member: PortalRow<'member'>,
  own: readonly PortalRow<'member_trustgroup'>[],
  emails: readonly PortalRow<'member_email'>[],
  names: ReadonlySet<string>,
  taken: ReadonlySet<number>,
): Decided | undefined {
  const there = member.ident ?? ''
  const { present, options, nowMicros } = sources
  const uuid = someText(member.uuid)?.toLowerCase()
  if (uuid === undefined) return stay(sources, there, 'no-uuid', 'has no uuid, by which a later run would know them')
  const known = present.people.get(uuid)
  const enteredMicros = Math.min(someTime(member.entered) ?? nowMicros, nowMicros)
  const shared = {
    there,
    uuid,
    displayName: cleanLine(nameOf(member), 100),
    enteredMicros,
    away: member.furlough === true,
    sysadmin: member.sysadmin === true,
    mailBounced: member.no_email === true,
    timeZone: known === undefined ? zoneOf(sources.left, there, member.tz_info) : '',
  }
  const nothing = { addresses: [], keys: [], picture: undefined, email: undefined, role: 'member' } as const
  if (known !== undefined) {
    const here = present.accounts.get(known)?.name ?? there
    return { ...shared, ...nothing, how: 'known', accountNo: known, here }
  }
  const usable = addressesOf(sources, member, emails)
  const owners = ownersOf(sources, usable, own)
  const [owner, another] = owners.accounts
  if (another !== undefined) {
    return stay(sources, there, 'several-accounts', 'has addresses of more than one account here: settle that first')
  }
  if (owner !== undefined) {
    const account = present.accounts.get(owner)
    const here = account?.name ?? ''
    if (!options.mergeByAddress) {
      return stay(
        sources,
        there,
        'address-taken',
        `has an address of the account ${here}: give --merge-by-address if both are the same person`,
      )
    }
    if (!owners.provenHere) {
      const reason = `has an address of the account ${here}, which has not proven it: let its owner verify it here first`
      return stay(sources, there, 'address-not-proven-here', reason)
    }
    if (!owners.provenThere) {
      // whoever only names an address there would bring addresses and keys of their own into the account
      const reason = `has an address of the account ${here} and has not proven it there: invite its owner into the group instead`
      return stay(sources, there, 'address-not-proven-there', reason)
    }
    if (account?.active !== true) return stay(sources, there, 'account-suspended', `the account ${here} is suspended`)
    if (taken.has(owner))
      return stay(sources, there, 'account-used', `somebody else came to the account ${here} already`)
    // what the member says of themself here stays; addresses and keys that are new come along
    const merged = usable.map((each) => ({
      ...each,
      verified: each.verified && !isOfAnother(sources, each.address, owner),
    }))
    return {
      ...shared,
      ...nothing,
      how: 'merged',
      accountNo: owner,
      here,
      addresses: merged,
      keys: keysOf(sources, there, merged, owner),
    }
  }
  return {
    ...shared,
    how: 'new',
    accountNo: undefined,
    here: freeName(there, names),
    role: options.administrators && shared.sysadmin && isLetIn(sources, own) ? 'administrator' : 'member',
    email: mainAddress(usable, own),
    addresses: usable,
    picture: pictureOf(sources.left, there, member.image),
    keys: keysOf(sources, there, usable, undefined),
  }
}

/** Whether some group that comes lets somebody in: who was blocked there administers nothing here. */
function isLetIn({ stateOf }: PeopleSources, own: readonly PortalRow<'member_trustgroup'>[]): boolean {
  return own.some((row) => {
    const state = stateOf(row.state)
    return state !== undefined && CAPABILITIES[state].login
  })
}

function nameOf(member: PortalRow<'member'>): string {
  const parts = [someText(member.name_first), someText(member.name_last)].filter((part) => part !== undefined)
  return someText(member.descr) ?? (parts.length > 0 ? parts.join(' ') : (member.ident ?? ''))
}

function keysOf(
  { keys, present, left, shared }: PeopleSources,
  there: string,
  usable: readonly UsableAddress[],
  accountNo: number | undefined,
): PersonArrival['keys'] {
  return usable.flatMap(({ address, verified }) => {
    const found = keys.get(keyOf(there, address))
    if (!found) return []
    const owner = found.ok ? present.fingerprints.get(found.certificate.fingerprint) : undefined
    const reason = !found.ok
      ? found.reason
      : owner !== undefined && owner !== accountNo
        ? 'fingerprint-taken'
        : shared.keys.has(found.certificate.fingerprint)
          ? 'shared'
          : verified
            ? undefined
            : 'address-not-verified'
    if (found.ok && reason === undefined) return [{ address, certificate: found.certificate }]
    if (reason !== undefined) {
      const refusal = !found.ok && found.refusal !== undefined ? ` (${found.refusal})` : ''
      left({ what: 'key', which: `${there} ${address}`, code: reason, reason: KEY_REASONS[reason] + refusal })
    }
    return []
  })
}
