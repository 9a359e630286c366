import { setTimeout as after } from 'node:timers/promises'
import { processMegabytes } from '../processor-time.ts'
import { checked, readsOf } from '../reads.ts'
import type { Row } from './row.ts'

const FIRST_SEED = 300_001
const ENVELOPES = 60
const IDLE_MILLIS = 3000

/** Issue 2 §6: resident memory of the server's process. */
export const memory: Row = {
  name: 'memory',
  async run(bench) {
    const view = await bench.large()
    const place = await view.place.clone()
    const { database, filtered, delta } = readsOf(view)
    await using server = await bench.serve(place)
    await after(IDLE_MILLIS) // the job queue starts after the first answer
    const idle = processMegabytes(server.pid).now
    const { site } = view
    const posts = Array.from({ length: ENVELOPES }, (_, index) => ({
      method: 'POST' as const,
      path: `${site.otherPath}/objects/`,
      authorization: site.writer,
      seed: FIRST_SEED + index,
      status: 202,
    }))
    const { port } = server
    const polls = await checked(delta, port) // one look first: eight first sign-ins at once would be eight password hashes
    const millis = bench.options.roundMillis * 4
    await Promise.all([
      bench.load.run({ port, connections: 4, requests: posts }),
      ...[database, filtered, polls].map(({ requests }) => bench.load.run({ port, connections: 8, millis, requests })),
    ])
    const { peak } = processMegabytes(server.pid)
    await server.stop()
    await place.remove()
    return [
      {
        name: 'memory_idle',
        work: 'resident memory, idle',
        value: idle,
        unit: 'MB',
        target: { of: 'value', atMost: 200 },
      },
      {
        name: 'memory_under_load',
        work: 'the most resident memory with 4 posters and 24 readers',
        value: peak,
        unit: 'MB',
        target: { of: 'value', atMost: 400 },
      },
    ]
  },
}
