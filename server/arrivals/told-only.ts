import { normalAddress } from '../../mail/openpgp/user-address.ts'
import { CAPABILITIES, isMemberState } from '../../policies/member-state.ts'
import type { Arrivals } from './arrival.ts'
import { cleanLine } from './none.ts'
import type { ArrivalReport } from './report.ts'
import type { PortalRows } from './read-portal.ts'

const FACTORS: ReadonlySet<string> = new Set(['TOTP', 'HOTP', 'SOTP'])

/** What of another portal is told of in the report and does not come: lists, second factors, edited states. */
export function toldOnly(
  rows: PortalRows,
  arrivals: Arrivals,
): Pick<ArrivalReport, 'states_that_differ' | 'lists' | 'second_factors'> {
  return {
    states_that_differ: statesThatDiffer(rows),
    lists: listsOf(rows),
    // the secrets stay there: whoever had an active factor enrols again at the first sign-in
    second_factors: arrivals.people
      .filter(({ how, factors }) => how !== 'known' && factors.length > 0)
      .map(({ here, factors }) => ({
        account: here,
        kinds: factors,
        ...(factors.some((kind) => !FACTORS.has(kind)) && { unknown: factors.filter((kind) => !FACTORS.has(kind)) }),
      })),
  }
}

/** A site may have edited what its states let members do. */
function statesThatDiffer({ tables }: PortalRows): readonly object[] {
  return tables.member_state.flatMap((row) => {
    const state = row.ident ?? ''
    if (!isMemberState(state)) return [{ state: cleanLine(state, 40), known: false }]
    const ours = CAPABILITIES[state]
    const there = {
      login: row.can_login === true,
      see: row.can_see === true,
      send: row.can_send === true,
      receive: row.can_recv === true,
      hidden: row.hidden === true,
    }
    const differs = Object.entries(there).filter(([name, value]) =>
      Object.entries(ours).some(([key, own]) => key === name && own !== value),
    )
    return differs.length === 0 ? [] : [{ state, known: true, there: Object.fromEntries(differs) }]
  })
}

/** Lists with how many are subscribed, and how many of them would get mail: a subscription alone is no delivery. */
function listsOf({ tables }: PortalRows): readonly object[] {
  const members = new Map(tables.member.map((row) => [row.ident, row]))
  const receives = new Map(tables.member_state.map((row) => [row.ident, row.can_recv === true]))
  const verified = new Set(
    tables.member_email
      .filter((row) => row.verified === true)
      .map((row) => `${row.member} ${normalAddress(row.email ?? '')}`),
  )
  const memberships = new Map(tables.member_trustgroup.map((row) => [`${row.member} ${row.trustgroup}`, row]))
  return tables.mailinglist.map((list) => {
    const subscribed = tables.member_mailinglist.filter(
      (row) => row.lhs === list.lhs && row.trustgroup === list.trustgroup,
    )
    const reached = subscribed.filter((row) => {
      const member = members.get(row.member)
      const membership = memberships.get(`${row.member} ${row.trustgroup}`)
      return (
        member?.no_email !== true &&
        member?.furlough !== true &&
        membership !== undefined &&
        receives.get(membership.state) === true &&
        verified.has(`${row.member} ${normalAddress(membership.email ?? '')}`)
      )
    })
    return {
      list: list.lhs,
      group: list.trustgroup,
      title: cleanLine(list.descr ?? '', 200),
      encrypted: list.always_crypt === true,
      computed: list.virtual === true,
      subscribed: subscribed.length,
      reached: reached.length,
    }
  })
}
