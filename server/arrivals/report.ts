import type { MemberState } from '../../policies/member-state.ts'
import type { Arrivals, LeftBehind } from './arrival.ts'
import type { PortalRows } from './read-portal.ts'

/** A membership that the rules will move at the next review. */
export interface Move {
  readonly group: string
  readonly account: string
  readonly from: MemberState
  readonly to: MemberState
  readonly because: readonly string[]
}

/** What an import does, or would do. Everything in it may be shown to the operator; no secret of the source is. */
export interface ArrivalReport {
  readonly done: boolean
  readonly source: {
    readonly name: string
    readonly kind: string
    readonly version: number | null
    readonly zone: string
    readonly missing_columns: readonly string[]
    /** The other portal's own name and mail domain, where it has them. */
    readonly title: string | null
    readonly email_domain: string | null
    /** Whether everybody there needs a second factor. */
    readonly demands_second_factor: boolean
  }
  readonly counts: Readonly<Record<string, number>>
  readonly groups: readonly object[]
  readonly people: readonly object[]
  readonly memberships: readonly object[]
  readonly keys: readonly object[]
  /** Capabilities of states that are others there than here. */
  readonly states_that_differ: readonly object[]
  readonly left_behind: readonly LeftBehind[]
  readonly next_review: readonly Move[]
  /** Those who move when the days of grace are over, unless something is done. */
  readonly after_grace: readonly Move[]
  readonly second_factors: readonly object[]
  readonly lists: readonly object[]
  readonly history: { readonly statements: number; readonly sentences: number }
  readonly system_administrators: readonly string[]
  readonly mail_bounced: readonly string[]
  readonly welcome_links: number
}

/** What else a report tells than the plan itself. */
export interface Outlook {
  readonly nextReview: readonly Move[]
  readonly afterGrace: readonly Move[]
  readonly welcomes: number
}

/** The report of a plan; lists and factors are told of and do not come. */
export function reportOf(
  rows: PortalRows,
  arrivals: Arrivals,
  { source, zone, done }: { readonly source: string; readonly zone: string; readonly done: boolean },
  outlook: Outlook,
  details: Pick<ArrivalReport, 'states_that_differ' | 'lists' | 'second_factors'>,
): ArrivalReport {
  const { groups, people, memberships, vouches, marks, left, known } = arrivals
  const config = new Map(rows.tables.config.map((row) => [row.key, row.value]))
  const here = new Map(people.map((person) => [person.there, person.here]))
  const names = new Map(groups.map((group) => [group.there, group.here]))
  const isComing = people.filter(({ how }) => how !== 'known')
  return {
    done,
    source: {
      name: source,
      kind: rows.shape.kind,
      version: rows.shape.version ?? null,
      zone,
      missing_columns: rows.shape.missing,
      title: config.get('name') ?? null,
      email_domain: config.get('email_domain') ?? null,
      demands_second_factor: config.get('require2fa') === 'yes',
    },
    counts: {
      groups_new: groups.filter(({ how }) => how === 'new').length,
      groups_joined: groups.filter(({ how }) => how === 'into').length,
      people_new: people.filter(({ how }) => how === 'new').length,
      people_merged: people.filter(({ how }) => how === 'merged').length,
      people_known: people.filter(({ how }) => how === 'known').length,
      memberships: memberships.length,
      memberships_known: known.memberships,
      vouches: vouches.length,
      vouches_known: known.vouches,
      dunno_marks: marks.length,
      keys: isComing.reduce((sum, { keys }) => sum + keys.length, 0),
      left_behind: left.length,
    },
    groups: groups.map(
      ({ there, here: name, how, title, policy, differs, attestations, fields, needsAdministrator }) => ({
        there,
        here: name,
        how,
        title,
        ...(how === 'new' && { policy, differs, attestations: attestations.map((each) => each.name) }),
        fields: fields.map((each) => each.name),
        ...(needsAdministrator && { administrator_added: true }),
        states: countBy(memberships.filter((each) => each.group === there).map(({ state }) => state)),
      }),
    ),
    people: people.map((person) => ({
      there: person.there,
      here: person.here,
      how: person.how,
      uuid: person.uuid,
      name: person.displayName,
      ...(person.how !== 'known' && { addresses: person.addresses }),
      ...(person.role === 'administrator' && { site_administrator: true }),
      ...(person.how === 'known' && person.there !== person.here && { renamed_there: true }),
    })),
    memberships: memberships.map((each) => ({
      account: here.get(each.person),
      group: names.get(each.group),
      state: each.state,
      admitted: each.admitted,
      group_administrator: each.isAdministrator,
      address: each.address ?? null,
      ...(each.nominator !== undefined && { nominator: here.get(each.nominator) }),
    })),
    keys: isComing.flatMap((person) =>
      person.keys.map(({ address, certificate }) => ({
        account: person.here,
        address,
        fingerprint: certificate.fingerprint,
        expires: dayOf(certificate.expiresMicros),
        problems: certificate.problems,
      })),
    ),
    left_behind: left,
    next_review: outlook.nextReview,
    after_grace: outlook.afterGrace,
    history: rows.history,
    system_administrators: isComing.filter(({ sysadmin }) => sysadmin).map((person) => person.here),
    mail_bounced: isComing.filter(({ mailBounced }) => mailBounced).map((person) => person.here),
    welcome_links: outlook.welcomes,
    ...details,
  }
}

/** How often each word occurs. */
export function countBy(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

function dayOf(micros: number | undefined): string | null {
  return micros === undefined ? null : new Date(micros / 1000).toISOString().slice(0, 10)
}
