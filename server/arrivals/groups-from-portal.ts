import { CAPABILITIES, type MemberState } from '../../policies/member-state.ts'
import type { ArrivalOptions, GroupArrival, LeftBehind } from './arrival.ts'
import { cleanLine, cleanText, someText } from './none.ts'
import { plainName } from './plain-name.ts'
import { policyFromPortal } from './policy-from-portal.ts'
import type { Present } from './present.ts'
import type { PortalRow, PortalRows } from './read-portal.ts'

/** As names of groups are here. */
const NAME = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/

/** Decides which groups come, by their names alone; whether each has an administrator is known when people are. */
export function groupsFromPortal(
  rows: PortalRows,
  present: Present,
  options: ArrivalOptions,
  left: (row: LeftBehind) => void,
): readonly GroupArrival[] {
  const groups: GroupArrival[] = []
  const taken = new Set<string>()
  const attestations = Map.groupBy(rows.tables.attestations, (row) => row.trustgroup ?? '')
  for (const row of rows.tables.trustgroup) {
    const there = row.ident ?? ''
    if (options.groups && !options.groups.has(there)) continue
    const stay = (code: string, reason: string) => left({ what: 'group', which: there, code, reason })
    const asked = options.groups?.get(there)
    const before = present.groups.get(there)
    const here = before?.name ?? asked ?? there
    const groupNo = before?.groupNo ?? present.named.get(here)
    if (!NAME.test(here)) {
      stay('bad-group-name', `cannot be called ${here} here: give --group ${there}=NAME`)
      continue
    }
    if (taken.has(here)) {
      stay('group-name-twice', `would be called ${here}, as another that comes`)
      continue
    }
    if (!before && groupNo !== undefined && asked === undefined) {
      stay(
        'group-name-taken',
        `the group ${here} is here already: give --group ${there}=${here} to bring its people into that one, or --group ${there}=OTHER`,
      )
      continue
    }
    taken.add(here)
    const { policy, differs } = policyFromPortal(row)
    groups.push({
      there,
      here,
      how: before ? 'known' : groupNo === undefined ? 'new' : 'into',
      groupNo,
      title: cleanLine(someText(row.descr) ?? there, 100),
      policy,
      differs,
      attestations: attestationsOf(attestations.get(there) ?? []),
      fields: fieldsOf(rows, there),
      needsAdministrator: false,
    })
  }
  return groups
}

/** Attestations by names that are different here too. */
function attestationsOf(rows: readonly PortalRow<'attestations'>[]): GroupArrival['attestations'] {
  const found = new Map<string, string>()
  for (const row of rows) {
    const [ident, text] = [someText(row.ident), someText(row.descr)]
    if (ident === undefined || text === undefined) continue
    const name = plainName(ident, '-')
    found.set(found.has(name) ? `${name.slice(0, 26)}-${found.size + 1}` : name, cleanText(text, 500))
  }
  return [...found].map(([name, text]) => ({ name, text }))
}

/** Kinds of details that members of a group have. */
function fieldsOf(rows: PortalRows, group: string): GroupArrival['fields'] {
  const members = new Set(
    rows.tables.member_trustgroup.filter((row) => row.trustgroup === group).map((row) => row.member),
  )
  const used = new Set(rows.tables.member_details.filter((row) => members.has(row.member)).map((row) => row.type))
  const fields = new Map(
    rows.tables.member_detail_types.flatMap(({ type, display_name }) =>
      type !== null && used.has(type)
        ? [[plainName(type, '_'), cleanLine(someText(display_name) ?? type, 100)] as const]
        : [],
    ),
  )
  return [...fields].map(([name, label]) => ({ name, label }))
}

/** Whether somebody administers a group who can. */
export function hasAdministrator(
  memberships: readonly PortalRow<'member_trustgroup'>[],
  comes: (member: string) => boolean,
  stateOf: (state: string | null) => MemberState | undefined,
): boolean {
  return memberships.some((row) => {
    const state = stateOf(row.state)
    return row.admin === true && state !== undefined && CAPABILITIES[state].see && comes(row.member ?? '')
  })
}
