import { DEFAULT_POLICY } from '../../policies/group-policy.ts'
import { policyQuery } from '../../server/portal/groups/policy-form.ts'
import { PortalClient } from '../../test/support/portal-client.ts'
import type { LoadRequest } from '../load/job.ts'
import { fabricatePeople, LARGEST, MANY, USUAL } from '../people.ts'
import type { Result } from '../result.ts'
import { medianOf } from '../rounds.ts'
import { PASSWORD } from '../site.ts'
import type { Row } from './row.ts'

const CONNECTIONS = 2
const STRICTER = { ...DEFAULT_POLICY, minInvouch: 5, invouchGraceDays: 0 }

/** A page of a group, as its administrator asks for it. */
interface Measured {
  readonly name: string
  readonly work: string
  readonly path: string
  /** Milliseconds of the server's processor. */
  readonly atMost: number
  /** Rows of tables that the page must have, its heading among them. */
  readonly rows: number
}

const PAGES: readonly Measured[] = [
  {
    name: 'directory_page',
    work: 'directory page of 200 of 2000 members',
    path: `/groups/${LARGEST}/members`,
    atMost: 5,
    rows: 200,
  },
  {
    name: 'vouching_panel',
    work: 'Vouching Control Panel in a group of 2000',
    path: `/groups/${LARGEST}/vouching`,
    atMost: 5,
    rows: 20,
  },
  {
    name: 'policy_dry_run',
    work: 'what a stricter policy would do to a group of 300',
    path: `/groups/${USUAL}/settings/rehearsal?${policyQuery(STRICTER)}`,
    atMost: 50,
    rows: 2,
  },
]

/** Pages of trust groups among 10,000 people, 200 groups and 200,000 vouches. */
export const groupPages: Row = {
  name: 'group-pages',
  async run(bench) {
    const { place: empty } = await bench.empty()
    const place = await empty.clone()
    await fabricatePeople(place, MANY, Date.now() * 1000)
    await using server = await bench.serve(place)
    const client = new PortalClient(`http://127.0.0.1:${server.port}`)
    await client.signIn('poller', PASSWORD)
    const results: Result[] = []
    for (const each of PAGES) {
      const { status, text } = await client.get(each.path)
      const rows = text.match(/<tr\b/g)?.length ?? 0
      if (status !== 200 || rows < each.rows) throw new Error(`${each.path}: ${status} with ${rows} rows`)
      const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const request: LoadRequest = { method: 'GET', path: each.path, cookie, encoding: 'gzip', status: 200 }
      const job = { connections: CONNECTIONS, millis: bench.options.roundMillis, requests: [request] }
      await bench.measure(server, job)
      const rounds = []
      for (let round = 0; round < bench.options.rounds; round += 1) rounds.push(await bench.measure(server, job))
      const bytes = medianOf(rounds, (round) => round.bytes / round.requests)
      const database = medianOf(rounds, (round) => (round.processor.database * 1000) / round.requests)
      results.push({
        name: each.name,
        work: `${each.work}, processor time of the server`,
        value: medianOf(rounds, (round) => (round.processor.server * 1000) / round.requests),
        unit: 'ms',
        target: { of: 'value', atMost: each.atMost },
        detail: `${(bytes / 1000).toFixed(1)} kB by gzip, ${database.toFixed(2)} ms of the database beside it`,
      })
    }
    return results
  },
}
