import { normalAddress } from '../../mail/openpgp/user-address.ts'
import type { MemberState } from '../../policies/member-state.ts'
import { isTimeZone } from '../site/time-zone.ts'
import type { ArrivalOptions, LeftBehind, PersonArrival, ProfileArrival } from './arrival.ts'
import { freeName } from './free-name.ts'
import { cleanLine, cleanText, someText, someTime } from './none.ts'
import { KEY_REASONS, type OwnKey } from './own-key.ts'
import { portraitFrom } from './portrait.ts'
import type { Present } from './present.ts'
import type { PortalRow, PortalRows } from './read-portal.ts'

/** Keys by {@link keyOf} of member and address, found before anything is decided. */
export type FoundKeys = ReadonlyMap<string, OwnKey>

/** A member's address as a key. */
export function keyOf(member: string, address: string): string {
  return `${member} ${address}`
}

/** Only somebody who has been in can have read the mail that their address was confirmed with. */
const HAS_BEEN_IN: ReadonlySet<MemberState> = new Set<MemberState>(['active', 'inactive', 'soonidle', 'idle'])
const SKILLS: ReadonlySet<string> = new Set(['native', 'expert', 'intermediate', 'basic'])
const SECOND = 1_000_000

/** What people are decided from. */
export interface PeopleSources {
  readonly rows: PortalRows
  readonly present: Present
  readonly options: ArrivalOptions
  readonly keys: FoundKeys
  readonly nowMicros: number
  /** Their memberships in groups that come, by member. */
  readonly memberships: ReadonlyMap<string, readonly PortalRow<'member_trustgroup'>[]>
  readonly stateOf: (state: string | null) => MemberState | undefined
  readonly left: (row: LeftBehind) => void
}

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
  for (const member of rows.tables.member) {
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
      profile: profileOf(sources, member, languages.get(there) ?? []),
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
    timeZone: zoneOf(sources, there, member.tz_info),
  }
  const nothing = { addresses: [], keys: [], picture: undefined, email: undefined, role: 'member' } as const
  if (known !== undefined) {
    const here = present.accounts.get(known)?.name ?? there
    return { ...shared, ...nothing, how: 'known', accountNo: known, here }
  }
  const usable = addressesOf(sources, member, own, emails)
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
    if (!owners.proven) {
      const reason = `has an address of the account ${here}, which has not proven it: let its owner verify it there first`
      return stay(sources, there, 'address-not-proven-here', reason)
    }
    if (account?.active !== true) return stay(sources, there, 'account-suspended', `the account ${here} is suspended`)
    if (taken.has(owner)) return stay(sources, there, 'account-used', `somebody else came to the account ${here} already`)
    // what the member says of themself here stays; addresses and keys that are new come along
    const merged = usable.map((each) => ({ ...each, verified: each.verified && !isOfAnother(sources, each.address, owner) }))
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
    role: options.administrators && shared.sysadmin ? 'administrator' : 'member',
    email: mainAddress(usable, own),
    addresses: usable,
    picture: pictureOf(sources, there, member.image),
    keys: keysOf(sources, there, usable, undefined),
  }
}

function nameOf(member: PortalRow<'member'>): string {
  const parts = [someText(member.name_first), someText(member.name_last)].filter((part) => part !== undefined)
  return someText(member.descr) ?? (parts.length > 0 ? parts.join(' ') : (member.ident ?? ''))
}

interface UsableAddress {
  readonly address: string
  readonly verified: boolean
}

/**
 * Addresses with what they are worth here: verified there, and of somebody who has been in, since the first address of a
 * nominee is stored as verified without any proof.
 */
function addressesOf(
  { left, stateOf, rows }: PeopleSources,
  member: PortalRow<'member'>,
  _own: readonly PortalRow<'member_trustgroup'>[],
  emails: readonly PortalRow<'member_email'>[],
): readonly UsableAddress[] {
  const there = member.ident ?? ''
  const everywhere = rows.tables.member_trustgroup.filter((row) => row.member === there)
  const isIn = everywhere.some((row) => HAS_BEEN_IN.has(stateOf(row.state) ?? 'nominated'))
  const wasIn = isIn || (member.activity ?? 0) > (member.entered ?? 0) + SECOND
  const usable = new Map<string, UsableAddress>()
  for (const row of emails) {
    const text = someText(row.email)
    if (text === undefined) continue
    const address = normalAddress(text)
    if (address === undefined) {
      left({ what: 'address', which: `${there}: ${cleanLine(text, 254)}`, code: 'no-address', reason: 'is no mail address' })
      continue
    }
    usable.set(address, { address, verified: row.verified === true && wasIn })
  }
  return [...usable.values()]
}

/** Accounts here that have an address which this person has proven there, or uses for a group. */
function ownersOf(
  { present }: PeopleSources,
  usable: readonly UsableAddress[],
  own: readonly PortalRow<'member_trustgroup'>[],
): { readonly accounts: readonly number[]; readonly proven: boolean } {
  const used = new Set(own.map((row) => normalAddress(row.email ?? '')))
  const accounts = new Set<number>()
  let proven = true
  for (const { address, verified } of usable) {
    if (!verified && !used.has(address)) continue
    const byProof = present.verified.get(address)
    const byMail = present.mail.get(address)
    if (byProof !== undefined) accounts.add(byProof)
    else if (byMail !== undefined) {
      accounts.add(byMail)
      proven = false
    }
  }
  return { accounts: [...accounts], proven }
}

function isOfAnother({ present }: PeopleSources, address: string, accountNo: number | undefined): boolean {
  const owner = present.verified.get(address)
  return owner !== undefined && owner !== accountNo
}

/** Where notices of the site go: the address of most groups, and of those the oldest membership's. */
function mainAddress(
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

function keysOf(
  { keys, present, left }: PeopleSources,
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

function zoneOf({ left }: PeopleSources, there: string, text: string | null): string {
  const zone = someText(text)
  if (zone === undefined || isTimeZone(zone)) return zone ?? ''
  const reason = 'is no name of a time zone, such as Europe/Amsterdam'
  left({ what: 'time-zone', which: `${there}: ${cleanLine(zone, 60)}`, code: 'no-zone', reason })
  return ''
}

function pictureOf({ left }: PeopleSources, there: string, image: string | null): PersonArrival['picture'] {
  const base64 = someText(image)
  if (base64 === undefined) return undefined
  const portrait = portraitFrom(base64)
  if (portrait.ok) return portrait
  left({ what: 'picture', which: there, code: 'no-picture', reason: portrait.reason })
  return undefined
}

/** Trident writes another row each time: the newest of a kind counts. */
function newestDetails(rows: readonly PortalRow<'member_details'>[]): ReadonlyMap<string, string> {
  const sorted = rows.toSorted((a, b) => (a.entered ?? 0) - (b.entered ?? 0))
  return new Map(
    sorted.flatMap((row) => {
      const [type, value] = [someText(row.type), someText(row.value)]
      return type === undefined || value === undefined ? [] : [[type, cleanLine(value, 500)]]
    }),
  )
}

function profileOf(
  { left }: PeopleSources,
  member: PortalRow<'member'>,
  languages: readonly PortalRow<'member_language_skill'>[],
): ProfileArrival {
  const there = member.ident ?? ''
  const line = (text: string | null) => cleanLine(someText(text) ?? '', 200)
  const spoken = languages.flatMap((row) => {
    const [code, skill] = [row.language ?? '', row.skill ?? '']
    if (/^[a-z]{2}$/.test(code) && SKILLS.has(skill)) return [`${code}:${skill}`]
    const which = `${there}: ${cleanLine(`${code} ${skill}`, 60)}`
    left({ what: 'language', which, code: 'no-language', reason: 'is no language of ISO 639-1 with a skill that we know' })
    return []
  })
  const airport = (someText(member.airport) ?? '').toUpperCase()
  return {
    // the nomination page of the portal fills in the domain of the address
    affiliation: line(member.affiliation).replace(/^@/, ''),
    airport: /^[A-Z]{3}$/.test(airport) ? airport : '',
    languages: spoken.toSorted().join(' '),
    phone: line(member.tel_info),
    sms: line(member.sms_info),
    im: cleanText(someText(member.im_info) ?? '', 500),
    postal: cleanText(someText(member.post_info) ?? '', 1000),
    biography: cleanText(someText(member.bio_info) ?? '', 4000),
    ssh_key: cleanText(someText(member.ssh_key) ?? '', 4000),
    hide_email: member.hide_email === true,
  }
}
