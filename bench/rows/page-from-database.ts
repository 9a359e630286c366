import { costOf, costText } from '../cost.ts'
import { startStatic } from '../floors/floor-server.ts'
import { fetchPage } from '../fetch-page.ts'
import { checked, readsOf } from '../reads.ts'
import type { Result } from '../result.ts'
import { interleave, medianOf } from '../rounds.ts'
import type { Measured } from '../workbench.ts'
import type { Row } from './row.ts'

/** Issue 2 §6: an unfiltered page from the database, against the same page uncompressed from memory. */
export const pageFromDatabase: Row = {
  name: 'page-from-database',
  async run(bench) {
    const view = await bench.large()
    const { database } = readsOf(view)
    await using server = await bench.serve(view.place, database.settings)
    const read = await checked(database, server.port)
    const [request] = read.requests
    if (!request) throw new Error('no requests')
    const page = await fetchPage(server.port, request.path, request.authorization ?? '')
    await using floor = await startStatic(page.bytes, 'identity')
    const millis = bench.options.roundMillis
    const statically = (connections: number) => () =>
      bench.load.run({
        port: floor.port,
        connections,
        millis,
        requests: [{ method: 'GET', path: '/', status: 200, length: page.bytes.length }],
      })
    const candidate = (connections: number) => () =>
      bench.measure(server, { connections, millis, requests: read.requests })
    await candidate(8)()
    await statically(8)()
    const measured = await interleave(bench.options.rounds, {
      floor1: statically(1),
      candidate1: candidate(1),
      floor8: statically(8),
      candidate8: candidate(8),
    })
    const line = (connections: number, floors: typeof measured.floor1, rounds: readonly Measured[]): Result => {
      const value = medianOf(rounds, (round) => (round.requests * read.objects) / round.seconds)
      const base = medianOf(floors, (round) => (round.requests * read.objects) / round.seconds)
      return {
        name: `page_from_database_c${connections}`,
        work: `${read.work}, ${connections} connection${connections > 1 ? 's' : ''}, against static uncompressed bytes`,
        value,
        unit: 'objects/s',
        floor: base,
        ratio: value / base,
        target: { of: 'ratio', atLeast: 0.35 },
        detail: costText(costOf(rounds, read.objects)),
      }
    }
    return [
      line(1, measured.floor1, measured.candidate1),
      line(8, measured.floor8, measured.candidate8),
      {
        name: 'page_from_database_per_cpu_second',
        work: 'the same with 8 connections, by processor time',
        value: costOf(measured.candidate8, read.objects).objectsPerSecond,
        unit: 'objects/CPU s',
        target: { of: 'value', atLeast: 150_000 },
      },
    ]
  },
}
