import { costText, costOf } from '../cost.ts'
import { checked, readsOf } from '../reads.ts'
import { interleave, medianOf } from '../rounds.ts'
import type { Row } from './row.ts'

/** Issue 2 §6: the poll that a client sends every minute. */
export const deltaPoll: Row = {
  name: 'delta-poll',
  async run(bench) {
    const view = await bench.large()
    const { delta } = readsOf(view)
    await using server = await bench.serve(view.place)
    const { requests, connections, objects, work } = await checked(delta, server.port)
    const poll = () => bench.measure(server, { connections, millis: bench.options.roundMillis, requests })
    await poll()
    const { polls } = await interleave(bench.options.rounds, { polls: poll })
    return [
      {
        name: 'delta_poll_cpu',
        work: `${work}, ${connections} connections, processor time of server and database`,
        value: medianOf(
          polls,
          ({ processor, requests: sent }) => ((processor.server + processor.database) * 1000) / sent,
        ),
        unit: 'ms CPU',
        target: { of: 'value', atMost: 1.5 },
        detail: costText(costOf(polls, objects)),
      },
      {
        name: 'delta_poll_p99',
        work: 'the same, 99th percentile of the time to answer',
        value: medianOf(polls, ({ p99Millis }) => p99Millis),
        unit: 'ms',
        target: { of: 'value', atMost: 20 },
        detail: `${Math.round(medianOf(polls, ({ requests: sent, seconds }) => sent / seconds))} polls/s`,
      },
    ]
  },
}
