import { PortalClient } from '../../test/support/portal-client.ts'
import type { LoadRequest } from '../load/job.ts'
import type { Place } from '../place.ts'
import { interleave, medianOf } from '../rounds.ts'
import { PASSWORD } from '../site.ts'
import type { Row } from './row.ts'

const MEMBERS = 200
const PATH = '/groups/measured/members'
const CONNECTIONS = 2

/** A page of the portal for somebody who has signed in: session, permission, 200 rows from the database, gzip. */
export const portalPage: Row = {
  name: 'portal-page',
  async run(bench) {
    const { place: empty } = await bench.empty()
    const place = await empty.clone()
    await fillGroup(place)
    await using server = await bench.serve(place)
    const client = new PortalClient(`http://127.0.0.1:${server.port}`)
    await client.signIn('poller', PASSWORD)
    const rows = (await client.get(PATH)).text.match(/<tr\b/g)?.length ?? 0
    if (rows <= MEMBERS) throw new Error(`${PATH} has ${rows} rows: it is to have ${MEMBERS} and a heading`)
    const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const request: LoadRequest = { method: 'GET', path: PATH, cookie, encoding: 'gzip', status: 200 }
    const job = { connections: CONNECTIONS, millis: bench.options.roundMillis, requests: [request] }
    const sides = { page: () => bench.measure(server, job) }
    await sides.page()
    const measured = await interleave(bench.options.rounds, sides)
    const bytes = medianOf(measured.page, (round) => round.bytes / round.requests)
    const database = medianOf(measured.page, (round) => (round.processor.database * 1000) / round.requests)
    return [
      {
        name: 'portal_page',
        work: `signed-in page with a table of ${MEMBERS} rows, processor time of the server`,
        value: medianOf(measured.page, (round) => (round.processor.server * 1000) / round.requests),
        unit: 'ms',
        target: { of: 'value', atMost: 5 },
        detail: `${(bytes / 1000).toFixed(1)} kB by gzip, ${database.toFixed(2)} ms of the database beside it`,
      },
    ]
  },
}

/** A trust group with so many members, and `poller` its administrator. */
async function fillGroup(place: Place): Promise<void> {
  const account = `insert into account (name, role, display_name, email, created_micros)
    select 'member-' || n, 'member', 'Member number ' || n, 'member-' || n || '@example.org', 1
      from generate_series(1, ${MEMBERS - 1}) n`
  const group = `insert into trust_group (name, title, created_micros) values ('measured', 'Measured', 1)`
  const membership = `insert into membership (group_no, account_no, roles, created_micros)
    select group_no, account_no, case a.name when 'poller' then 'group-administrator' else '' end, 1
      from trust_group, account a where a.name like 'member-%' or a.name = 'poller'`
  for (const text of [account, group, membership]) await place.rows(text)
}
