import { costOf, costText } from '../cost.ts'
import { makeNaiveTable, startNaive } from '../floors/floor-server.ts'
import { microsOf } from '../../server/clock.ts'
import { countEntries, fetchPage } from '../fetch-page.ts'
import { checked, type Read, readsOf } from '../reads.ts'
import type { Result } from '../result.ts'
import { interleave, medianOf } from '../rounds.ts'
import type { Measured } from '../workbench.ts'
import type { Row } from './row.ts'

/** Issue 2 §6: filtered and live pages, against a naive server on jsonb that reads the same rows. */
export const pageFiltered: Row = {
  name: 'page-filtered',
  async run(bench) {
    const view = await bench.large()
    const reads = readsOf(view)
    // the embedded database lets in one process only
    const naivePlace = view.place.url ? view.place : await view.place.clone()
    await makeNaiveTable(naivePlace)
    await using server = await bench.serve(view.place)
    await using floor = await startNaive(naivePlace)
    const filtered = await checked(reads.filtered, server.port)
    const live = await checked(reads.live, server.port)
    const naive = view.borders.slice(0, -2).map((border) => ({
      method: 'GET' as const,
      path: `/?after=${microsOf(border) ?? 0}`,
      status: 200,
    }))
    const sample = await fetchPage(floor.port, naive[0]?.path ?? '', '')
    if (countEntries(sample.bytes, 'objects') !== 1000) throw new Error('the floor does not answer with 1,000 objects')
    const millis = bench.options.roundMillis
    const connections = filtered.connections
    const sides = {
      floor: () => bench.load.run({ port: floor.port, connections, millis, requests: naive }),
      filtered: () => bench.measure(server, { connections, millis, requests: filtered.requests }),
      live: () => bench.measure(server, { connections, millis, requests: live.requests }),
    }
    for (const warm of Object.values(sides)) await warm()
    const measured = await interleave(bench.options.rounds, sides)
    await floor.stop()
    await server.stop()
    if (naivePlace === view.place) await view.place.rows('drop table naive_release')
    else await naivePlace.remove()
    const base = medianOf(measured.floor, (round) => (round.requests * 1000) / round.seconds)
    const line = (read: Read, rounds: readonly Measured[]): Result => {
      const value = medianOf(rounds, (round) => (round.requests * read.objects) / round.seconds)
      return {
        name: read.name,
        work: `${read.work}, ${connections} connections, against a naive jsonb page`,
        value,
        unit: 'objects/s',
        floor: base,
        ratio: value / base,
        target: { of: 'ratio', atLeast: 2.5 },
        detail: costText(costOf(rounds, read.objects)),
      }
    }
    return [line(filtered, measured.filtered), line(live, measured.live)]
  },
}
