import type { Place } from './place.ts'

/** How many people there are, and how many members each group has, the largest first. */
export interface PeopleSize {
  readonly people: number
  readonly groups: readonly number[]
  /** Vouches that each member tries to give; a few fall on the same people. */
  readonly vouchesEach: number
}

/** The numbers of the issue: 10,000 people in 200 groups with 40,000 memberships and 200,000 vouches. */
export const MANY: PeopleSize = {
  people: 10_000,
  groups: [2000, ...times(9, 500), ...times(40, 300), ...times(150, 143)],
  vouchesEach: 6,
}

/** The largest group, and one of usual size; `poller` administers both. */
export const LARGEST = 'group-001'
export const USUAL = 'group-020'

const DAY = 86_400_000_000

function times(count: number, members: number): readonly number[] {
  return Array.from({ length: count }, () => members)
}

/** A number below `below` that looks random and is the same in each run. */
function any(below: number, of: string, salt: number): string {
  return `((hashint8extended((${of})::bigint, ${salt}) & 2147483647) % ${below})::int`
}

function oneOf(words: readonly string[], of: string, salt: number): string {
  return `(array[${words.map((word) => `'${word}'`).join()}])[1 + ${any(words.length, of, salt)}]`
}

const FIRST = ['Ada', 'Bela', 'Chidi', 'Dora', 'Emil', 'Fatima', 'Gita', 'Hugo', 'Ines', 'Jun', 'Kofi', 'Lena', 'Mateo']
const LAST = ['Abbott', 'Brook', 'Castle', 'Dale', 'Elm', 'Field', 'Grove', 'Heath', 'Isle', 'Knoll', 'Lake', 'Marsh']
const TOWNS = ['Harbour', 'Mill', 'Hill', 'Lake', 'Forest', 'Bridge', 'Castle', 'Meadow', 'Quarry', 'Island']
const KINDS = ['City', 'County', 'Hospital', 'University', 'Port', 'Water', 'Grid', 'School Board']
const AIRPORTS = ['ATL', 'BOS', 'CDG', 'DEN', 'FRA', 'JFK', 'LHR', 'MAD', 'NRT', 'SFO']
const LANGUAGES = ['en:native', 'en:expert es:native', 'fr:native en:basic', 'de:native en:expert', 'es:native']
const ZONES = ['Europe/Berlin', 'America/Denver', 'America/New_York', 'Asia/Tokyo', 'Africa/Accra', 'UTC']
const POLICIES = [
  '{"minInvouch":2,"targetInvouch":3}',
  '{"canTimeOut":true,"maxInactivityDays":365,"targetInvouch":3}',
  '{"minOutvouch":1,"pgpRequired":true}',
  '{"maxVouchDays":60,"targetInvouch":4,"vouchDays":730}',
  '{"approvals":2,"distinctOrganisations":2,"targetInvouch":3}',
]
const STATES = [
  'nominated',
  'nominated',
  'vetted',
  'approved',
  'inactive',
  'idle',
  'failed',
  'blocked',
  'deceased',
  ...times(41, 0).map(() => 'active'),
]
const STANDING = `('approved', 'active', 'inactive', 'soonidle', 'idle', 'deceased')`

/** The statements that make them; `$1` is the moment that the fabricated past leads up to. */
function statements({ people, groups, vouchesEach }: PeopleSize): readonly string[] {
  const past = (most: number, of: string, salt: number) => `$1::bigint - ${any(most, of, salt)} * ${DAY}::bigint`
  return [
    `insert into account (name, password_hash, role, display_name, email, time_zone, created_micros)
       select 'person-' || lpad(n::text, 5, '0'), 'nobody signs in with this', 'member',
              ${oneOf(FIRST, 'n', 1)} || ' ' || ${oneOf(LAST, 'n', 2)},
              'person-' || lpad(n::text, 5, '0') || '@' || lower(${oneOf(TOWNS, 'n', 3)}) || '.example', ${oneOf(ZONES, 'n', 4)},
              $1::bigint - 700 * ${DAY}::bigint
         from generate_series(1, ${people}) n`,
    `insert into account_address (account_no, address, created_micros, verified_micros)
       select account_no, email, created_micros, created_micros from account where name like 'person-%' and $1::bigint > 0`,
    `insert into profile (account_no, affiliation, airport, languages, phone, biography, changed_micros)
       select account_no, ${oneOf(TOWNS, 'account_no', 3)} || ' ' || ${oneOf(KINDS, 'account_no', 5)},
              ${oneOf(AIRPORTS, 'account_no', 6)}, ${oneOf(LANGUAGES, 'account_no', 7)}, '+1 555 ' || account_no,
              'Looks after the network.', $1::bigint
         from account where name like 'person-%'`,
    `insert into certificate (account_no, fingerprint, body, addresses, algorithm, key_micros, expires_micros, origin,
                              added_micros, checked_micros, proven_micros)
       select account_no, upper(md5(account_no::text)) || lpad(account_no::text, 8, '0'), '\\x00', email, 'ed25519',
              created_micros, case when account_no % 3 = 0 then $1::bigint + ${any(400, 'account_no', 8)} * ${DAY}::bigint end,
              'upload', created_micros, $1::bigint, created_micros
         from account where name like 'person-%' and account_no % 5 <> 0`,
    `insert into trust_group (name, title, purpose, policy, created_micros)
       select 'group-' || lpad(n::text, 3, '0'), 'Fabricated group ' || n, '', ${oneOf(POLICIES, 'n', 9)},
              $1::bigint - 700 * ${DAY}::bigint
         from generate_series(1, ${groups.length}) n`,
    `create table fabricated as
       select g.group_no, i, size, a.account_no, g.group_no * 100000 + i as seed
         from unnest('{${groups.join()}}'::int[]) with ordinality as s(size, n)
         join trust_group g on g.name = 'group-' || lpad(s.n::text, 3, '0')
        cross join lateral generate_series(0, s.size - 1) i
         join account a on a.name = 'person-' || lpad((1 + (s.n * 37 + i * 7) % ${people})::text, 5, '0')
        where $1::bigint > 0`,
    `insert into membership (group_no, account_no, roles, created_micros, state, active, admitted, state_micros,
                             activity_micros, certificate_no)
       select f.group_no, f.account_no, case when i < 2 then 'group-administrator' when i < 5 then 'coordinator' else '' end,
              ${past(600, 'seed', 10)}, s.state, s.state in ('active', 'inactive', 'soonidle', 'idle'),
              case when i < 5 then 'founder' when ${any(4, 'seed', 11)} = 0 then 'administrator' else 'nomination' end,
              ${past(300, 'seed', 12)}, ${past(200, 'seed', 13)}, c.certificate_no
         from fabricated f
        cross join lateral (select case when i < 5 then 'active' else ${oneOf(STATES, 'seed', 14)} end as state) s
         left join certificate c on c.account_no = f.account_no`,
    `insert into nomination (group_no, account_no, nominator_no, name, affiliation, email, made_micros, ended_micros, outcome)
       select m.group_no, m.account_no, n.account_no, a.display_name, '', a.email, ${past(50, 'f.seed', 15)},
              case when m.state not in ('nominated', 'vetted') then $1::bigint end,
              case when m.state = 'failed' then 'failed' when m.state not in ('nominated', 'vetted') then 'approved' end
         from fabricated f join membership m using (group_no, account_no) join account a using (account_no)
         join fabricated n on n.group_no = f.group_no and n.i = ${any(5, 'f.seed', 16)}
        where m.admitted = 'nomination'`,
    `insert into membership_history (group_no, account_no, at_micros, event, from_state, to_state, actor)
       select group_no, account_no, created_micros, 'nominate', null, 'nominated', 'person-00001' from membership
        where admitted = 'nomination'
       union all
       select group_no, account_no, created_micros, 'approve', 'vetted', 'approved', 'person-00001' from membership
        where state in ${STANDING} and $1::bigint > 0
       union all
       select group_no, account_no, state_micros, 'review', 'approved', state, 'system' from membership
        where state not in ('nominated', 'approved')`,
    `insert into vouch (group_no, voucher_no, vouchee_no, text, attested, made_micros, expires_micros)
       select f.group_no, f.account_no, t.account_no, 'We have worked together for some years.',
              '[{"name":"met","version":1},{"name":"trust","version":1},{"name":"fate","version":1}]',
              ${past(500, 'f.seed * 10 + k', 17)},
              case when ${any(3, 'f.seed', 18)} = 0 then $1::bigint + ${any(700, 'f.seed * 10 + k', 19)} * ${DAY}::bigint end
         from fabricated f
         join membership own on own.group_no = f.group_no and own.account_no = f.account_no and own.state in ${STANDING}
        cross join generate_series(1, ${vouchesEach} + (f.i % 10 = 0)::int) k
         join fabricated t on t.group_no = f.group_no
              and t.i = (f.i + 1 + (hashint8extended(f.seed * 10 + k, 20) & 2147483647) % (f.size - 1)) % f.size
         join membership m on m.group_no = t.group_no and m.account_no = t.account_no
              and (m.state in ${STANDING} or (m.state = 'vetted' and k < 4) or (m.state = 'nominated' and k = 1))
       on conflict do nothing`,
    `insert into vouch_mark (group_no, voucher_no, vouchee_no, marked_micros)
       select f.group_no, p.account_no, f.account_no, $1::bigint
         from fabricated f, account p, trust_group g
        where p.name = 'poller' and g.group_no = f.group_no and g.name = '${LARGEST}' and f.i % 10 = 9`,
    `insert into membership (group_no, account_no, roles, created_micros, state_micros, activity_micros, admitted)
       select g.group_no, a.account_no, 'group-administrator', $1::bigint, $1::bigint, $1::bigint, 'founder'
         from trust_group g, account a where a.name = 'poller' and g.name in ('${LARGEST}', '${USUAL}')`,
    `update site set access_generation = access_generation + 1 where $1::bigint > 0`,
  ]
}

/**
 * Fabricates people, trust groups, memberships in every state, vouches, nominations, profiles, certificates and history: rows
 * only, and the same in each run. Names are made up, addresses end in `.example`. `poller` must be there.
 */
export async function fabricatePeople(place: Place, size: PeopleSize, nowMicros: number): Promise<void> {
  for (const text of statements(size)) await place.rows(text, [nowMicros])
  await place.rows('drop table fabricated')
  await place.rows('vacuum analyze')
}
