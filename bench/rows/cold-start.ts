import { interleave, medianOf } from '../rounds.ts'
import type { Workbench } from '../workbench.ts'
import type { Place } from '../place.ts'
import type { Row } from './row.ts'

/** Issue 2 §6: from the start of the process to the first 200 of /readyz, on a database that is there. */
export const coldStart: Row = {
  name: 'cold-start',
  async run(bench) {
    const { place } = await bench.view(10_000)
    const { starts } = await interleave(bench.options.rounds, { starts: () => start(bench, place) })
    return [
      {
        name: 'cold_start',
        work: 'from the start of the process to its first answer',
        value: medianOf(starts, (millis) => millis),
        unit: 'ms',
        target: { of: 'value', atMost: place.url ? 1000 : 2000 },
      },
    ]
  },
}

async function start(bench: Workbench, place: Place): Promise<number> {
  await using server = await bench.serve(place)
  return server.startMillis
}
