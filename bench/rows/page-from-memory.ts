import { gzipSync } from 'node:zlib'
import { costOf, costText } from '../cost.ts'
import { startStatic } from '../floors/floor-server.ts'
import { fetchPage } from '../fetch-page.ts'
import { checked, readsOf } from '../reads.ts'
import type { Result } from '../result.ts'
import { interleave, medianOf } from '../rounds.ts'
import type { Row } from './row.ts'

/** Issue 2 §6: a page that is in memory, read by others, against static bytes of the same encoding. */
export const pageFromMemory: Row = {
  name: 'page-from-memory',
  async run(bench) {
    const view = await bench.large()
    const { memory } = readsOf(view)
    await using server = await bench.serve(view.place)
    const read = await checked(memory, server.port)
    const [request] = read.requests
    if (!request) throw new Error('no requests')
    const page = await fetchPage(server.port, request.path, request.authorization ?? '')
    const packed = gzipSync(page.bytes, { level: 6 })
    await using floor = await startStatic(packed, 'gzip')
    const { connections } = read
    const millis = bench.options.roundMillis
    const sides = {
      floor: () =>
        bench.load.run({
          port: floor.port,
          connections,
          millis,
          requests: [{ method: 'GET', path: '/', status: 200, length: packed.length }],
        }),
      candidate: () => bench.measure(server, { connections, millis, requests: read.requests }),
    }
    await sides.candidate()
    await sides.floor()
    const measured = await interleave(bench.options.rounds, sides)
    const value = medianOf(measured.candidate, (round) => (round.requests * read.objects) / round.seconds)
    const base = medianOf(measured.floor, (round) => (round.requests * read.objects) / round.seconds)
    const line: Result = {
      name: 'page_from_memory',
      work: `${read.work}, ${connections} connections, against static gzip bytes`,
      value,
      unit: 'objects/s',
      floor: base,
      ratio: value / base,
      target: { of: 'ratio', atLeast: 0.4 },
      detail: costText(costOf(measured.candidate, read.objects)),
    }
    return [line]
  },
}
