import { TAXII } from '../../schemas/taxii/media-type.ts'
import { indicators, newVersionOf } from '../../test/support/indicators.ts'
import { fetchPage } from '../fetch-page.ts'
import type { Place } from '../place.ts'
import { type Read, readsOf } from '../reads.ts'
import type { Result } from '../result.ts'
import { interleave, medianOf } from '../rounds.ts'
import type { View } from '../view.ts'
import type { Measured, TestedServer, Workbench } from '../workbench.ts'
import type { Row } from './row.ts'

const FIRST_SEED = 400_001
const POST_MILLIS = 100
const NEW_OBJECTS = 9

/** Issue 2 §6: all reads while a writer adds 100 objects a second, a tenth of them new versions. */
export const whileWriting: Row = {
  name: 'while-writing',
  async run(bench) {
    const view = await bench.large()
    const place = await view.place.clone()
    const writer = new Writer(view)
    const results: Result[] = []
    const reads = readsOf(view)
    for (const read of Object.values(reads)) results.push(await compare(bench, place, writer, read))
    results.push(await voided(bench, place, writer))
    await place.remove()
    return results
  },
}

async function compare(bench: Workbench, place: Place, writer: Writer, read: Read): Promise<Result> {
  await using server = await bench.serve(place, read.settings)
  const { connections, name, work } = read
  // lengths change while somebody writes: only the status is compared there. A poller that goes on from what it was given
  // always finds about ten new objects; ours stays where it is, so a limit keeps its answer as it would be.
  const ending = name === 'delta_poll' ? '&limit=10' : ''
  const requests = read.requests.map((request) => ({ ...request, path: request.path + ending, length: undefined }))
  const [first] = requests
  // one first sign-in, not eight at once: a password takes 30 ms to verify, and then it is remembered
  if (first) await fetchPage(server.port, first.path, first.authorization ?? '')
  const job = { connections, millis: bench.options.roundMillis, requests }
  await bench.measure(server, job)
  const measured = await interleave(bench.options.rounds, {
    alone: () => bench.measure(server, job),
    beside: async () => {
      await using _writing = writer.start(server)
      return await bench.measure(server, job)
    },
  })
  const millis = (round: Measured) => (round.seconds * 1000 * connections) / round.requests
  const value = medianOf(measured.beside, millis)
  const floor = medianOf(measured.alone, millis)
  return {
    name: `while_writing_${name}`,
    work: `${work}, beside a writer, mean time against the same without`,
    value,
    unit: 'ms',
    floor,
    ratio: value / floor,
    target: { of: 'ratio', atMost: 1.5 },
    detail: `p99 ${medianOf(measured.beside, (round) => round.p99Millis).toFixed(1)} ms`,
  }
}

/** One new version of an old object: of all segments, only that object's own may have changed or lost its bytes. */
async function voided(bench: Workbench, place: Place, writer: Writer): Promise<Result> {
  const before = await segmentsOf(place)
  await using server = await bench.serve(place)
  await writer.post(server)
  await server.stop()
  const after = new Map((await segmentsOf(place)).map((segment) => [segment.first_date, segment]))
  const changed = before.filter((segment) => {
    const now = after.get(segment.first_date)
    return now?.generation !== segment.generation || (segment.sealed && !now.sealed)
  })
  return {
    name: 'segments_voided',
    work: `of ${before.length} segments, those that one new version of an old object changed`,
    value: changed.length,
    unit: 'segments',
    target: { of: 'value', atLeast: 1, atMost: 1 },
  }
}

interface SegmentRow {
  readonly first_date: number
  readonly generation: number
  readonly sealed: boolean
}

async function segmentsOf(place: Place): Promise<readonly SegmentRow[]> {
  return await place.rows<SegmentRow>(
    `select first_date, generation, sealed_generation is not distinct from generation as sealed
       from segment where collection_no = 1`,
  )
}

/** Posts ten objects ten times a second, one of them a new version of an object somewhere in the view. */
class Writer {
  readonly view: View
  #posts = 0

  constructor(view: View) {
    this.view = view
  }

  start(server: TestedServer): AsyncDisposable {
    const posts: Promise<void>[] = []
    const timer = setInterval(() => posts.push(this.post(server)), POST_MILLIS)
    return {
      [Symbol.asyncDispose]: async () => {
        clearInterval(timer)
        await Promise.all(posts)
      },
    }
  }

  /** @throws {Error} unless all ten objects were taken */
  async post({ port }: TestedServer): Promise<void> {
    const turn = this.#posts++
    const { site, firstSeed, borders } = this.view
    const seed = firstSeed + ((turn * 7919) % borders.length)
    const old = indicators(10, { seed })[turn % 10] ?? ''
    const modified = new Date(Date.UTC(2027, 0, 1) + turn).toISOString() // later than any of the series
    const objects = [...indicators(NEW_OBJECTS, { seed: FIRST_SEED + turn }), newVersionOf(old, modified)]
    const response = await fetch(`http://127.0.0.1:${port}${site.path}/objects/`, {
      method: 'POST',
      headers: { accept: TAXII, 'content-type': TAXII, authorization: site.writer },
      body: `{"objects":[${objects.join()}]}`,
    })
    const status: unknown = await response.json()
    const taken = typeof status === 'object' && status !== null && 'success_count' in status && status.success_count
    if (taken !== NEW_OBJECTS + 1) throw new Error(`the writer was refused: ${JSON.stringify(status).slice(0, 300)}`)
  }
}
