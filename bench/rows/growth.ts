import { checked, type Read, readsOf } from '../reads.ts'
import type { Result } from '../result.ts'
import { interleave, medianOf } from '../rounds.ts'
import type { TestedServer, Workbench } from '../workbench.ts'
import type { Row } from './row.ts'

const KINDS = ['byId', 'versions', 'manifest', 'filtered'] as const
type Kind = (typeof KINDS)[number]

const SMALL = 10_000

/** Sizes of a run: a tenth and a hundredth of the large one where that is a million. */
function sizesOf(large: number): readonly number[] {
  return [SMALL, 100_000, large].filter((size, index, all) => size <= large && all.indexOf(size) === index)
}

/** Issue 2 §6: what must not grow with the collection. Three servers on three sizes, asked in turn. */
export const growth: Row = {
  name: 'growth',
  async run(bench) {
    const { large } = bench.options
    const sizes = sizesOf(large)
    await using servers = new AsyncDisposableStack()
    const sides: Record<string, () => Promise<{ readonly p50Millis: number }>> = {}
    const works = new Map<Kind, Read>()
    for (const size of sizes) {
      const view = await bench.view(size)
      const server = servers.use(await bench.serve(view.place))
      for (const kind of KINDS) {
        const read = await checked(readsOf(view)[kind], server.port)
        works.set(kind, read)
        sides[`${kind} ${size}`] = () => ask(bench, server, read)
      }
    }
    for (const warm of Object.values(sides)) await warm()
    const measured = await interleave(bench.options.rounds, sides)
    const p50 = (kind: Kind, size: number) => medianOf(measured[`${kind} ${size}`] ?? [], (round) => round.p50Millis)
    return KINDS.flatMap((kind): Result[] => {
      const read = works.get(kind)
      if (!read) return []
      const value = p50(kind, large)
      const floor = p50(kind, SMALL)
      return [
        {
          name: `growth_${read.name}`,
          work: `${read.work} at ${large} objects, p50 against the same at ${SMALL}`,
          value,
          unit: 'ms',
          floor,
          ratio: value / floor,
          target: { of: 'ratio', atMost: 1.3 },
          growth: sizes.map((objects) => ({ objects, millis: p50(kind, objects) })),
        },
      ]
    })
  },
}

async function ask(bench: Workbench, server: TestedServer, read: Read) {
  return await bench.load.run({
    port: server.port,
    connections: 1,
    millis: bench.options.roundMillis / 2,
    requests: read.requests,
  })
}
