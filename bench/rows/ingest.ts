import { createHash } from 'node:crypto'
import { indicators } from '../../test/support/indicators.ts'
import { costOf, costText } from '../cost.ts'
import { type CopyFiles, copyRows, dumpRows } from '../floors/copy.ts'
import type { Place } from '../place.ts'
import type { Result } from '../result.ts'
import { interleave, medianOf } from '../rounds.ts'
import type { Site } from '../site.ts'
import type { Measured, TestedServer, Workbench } from '../workbench.ts'
import type { Row } from './row.ts'

/** Seeds of its own: nothing of this is in any loaded view. */
const FIRST_SEED = 100_001
const WARM_SEED = 90_001
const WARM_ENVELOPES = 20

/** Issue 2 §6, first line: 100,000 objects into an empty collection. */
export const ingest: Row = {
  name: 'ingest',
  async run(bench) {
    const { place, site } = await bench.empty()
    const seeds = Array.from({ length: bench.options.quick ? 50 : 100 }, (_, index) => FIRST_SEED + index)
    const first = await ingestFresh(bench, site, place, seeds, 1)
    await using files = await dumpRows(first.place, await bench.places.folder(), { collectionNo: 1, afterMicros: 0 })
    await first.place.remove()
    const candidate = (posters: number) => async () => {
      const round = await ingestFresh(bench, site, place, seeds, posters)
      await round.place.remove()
      return round.measured
    }
    const measured = await interleave(bench.options.rounds, {
      floor: () => copyFresh(place, files),
      four: candidate(4),
      one: candidate(1),
    })
    const rate = (round: Measured) => (round.requests * 1000) / round.seconds
    const floor = medianOf(measured.floor, (seconds) => files.rows / seconds)
    const line = (name: string, posters: string, rounds: readonly Measured[], atLeast: number): Result => {
      const value = medianOf(rounds, rate)
      const work = `ingest of ${files.rows} objects in envelopes of 1,000, ${posters}`
      const detail = costText(costOf(rounds, 1000))
      return {
        name,
        work,
        value,
        unit: 'objects/s',
        floor,
        ratio: value / floor,
        target: { of: 'ratio', atLeast },
        detail,
      }
    }
    return [
      line('ingest_4_posters', '4 posters', measured.four, 0.45),
      line('ingest_1_poster', '1 poster', measured.one, 0.3),
      {
        name: 'ingest_per_cpu_second',
        work: 'the same with 4 posters, by processor time',
        value: costOf(measured.four, 1000).objectsPerSecond,
        unit: 'objects/CPU s',
        target: { of: 'value', atLeast: 12_000 },
      },
    ]
  },
}

async function copyFresh(empty: Place, files: CopyFiles): Promise<number> {
  const place = await empty.clone()
  await place.settle()
  const seconds = await copyRows(place, files)
  const [counted] = await place.rows<{ count: number }>('select count(*) from ledger')
  if (counted?.count !== files.rows) throw new Error('the floor did not copy every row')
  await place.remove()
  return seconds
}

async function ingestFresh(
  bench: Workbench,
  site: Site,
  empty: Place,
  seeds: readonly number[],
  posters: number,
): Promise<{ readonly place: Place; readonly measured: Measured }> {
  const place = await empty.clone()
  await using server = await bench.serve(place)
  await warmUp(bench, server, site)
  await place.settle()
  const measured = await postAll(bench, server, site, seeds, posters)
  await server.stop()
  await checkStored(place, seeds)
  return { place, measured }
}

/** Lets the server compile its hot paths, in the other collection. */
export async function warmUp(bench: Workbench, server: TestedServer, site: Site, round = 0): Promise<void> {
  const requests = Array.from({ length: WARM_ENVELOPES }, (_, index) => ({
    method: 'POST' as const,
    path: `${site.otherPath}/objects/`,
    authorization: site.writer,
    seed: WARM_SEED + round * WARM_ENVELOPES + index,
    status: 202,
  }))
  await bench.load.run({ port: server.port, connections: 4, requests })
}

/** Posts an envelope of each seed into the measured collection. */
export async function postAll(
  bench: Workbench,
  server: TestedServer,
  site: Site,
  seeds: readonly number[],
  posters: number,
): Promise<Measured> {
  return await bench.measure(server, {
    connections: posters,
    requests: seeds.map((seed) => ({
      method: 'POST',
      path: `${site.path}/objects/`,
      authorization: site.writer,
      seed,
      status: 202,
    })),
  })
}

/** Every row is there once, with exactly the bytes that were posted. */
async function checkStored(place: Place, seeds: readonly number[]): Promise<void> {
  const rows = await place.rows<{ hash: string }>(
    `select encode(sha256(convert_to(o.body, 'UTF8')), 'hex') as hash
       from release r join object o using (object_no) join ledger l using (collection_no, date_added)
      where r.collection_no = 1 and r.latest and l.kind = 1`,
  )
  const stored = new Set(rows.map(({ hash }) => hash))
  if (rows.length !== seeds.length * 1000) throw new Error(`${rows.length} rows instead of ${seeds.length * 1000}`)
  for (const seed of seeds) {
    for (const text of indicators(1000, { seed })) {
      if (!stored.has(createHash('sha256').update(text).digest('hex'))) throw new Error('an object was changed or lost')
    }
  }
  const [counted] = await place.rows<{ statuses: number; audits: number }>(
    "select (select count(*) from status) as statuses, (select count(*) from audit where kind = 'objects_added') as audits",
  )
  const posts = seeds.length + WARM_ENVELOPES
  if (counted?.statuses !== posts || counted.audits !== posts) throw new Error('a status or an audit record is missing')
}
