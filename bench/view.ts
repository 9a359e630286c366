import { timestampOf } from '../server/clock.ts'
import { indicators } from '../test/support/indicators.ts'
import { fetchPage } from './fetch-page.ts'
import type { Place } from './place.ts'
import type { Site } from './site.ts'
import type { Workbench } from './workbench.ts'

/** A database with a loaded collection. */
export interface View {
  readonly place: Place
  readonly site: Site
  readonly objects: number
  /** For every whole thousand, the date of its last object as `added_after` takes it. */
  readonly borders: readonly string[]
  /** After this date there are ten objects. */
  readonly lastTen: string
  /** Seed of the envelope that became the first thousand; the next ones follow by one. */
  readonly firstSeed: number
}

const FIRST_SEED = 1
const THOUSAND = 1000

/**
 * Loads a view through the server itself, so that every invariant of the product holds, then reads all of it back and
 * compares each byte, which also seals every segment.
 */
export async function loadView(bench: Workbench, objects: number): Promise<View> {
  const { place: empty, site } = await bench.empty()
  const place = await empty.clone()
  const seeds = Array.from({ length: objects / THOUSAND }, (_, index) => FIRST_SEED + index)
  await using server = await bench.serve(place)
  const took = await bench.load.run({
    port: server.port,
    connections: 1, // one after the other: the order of the objects is then known
    requests: seeds.map((seed) => ({
      method: 'POST',
      path: `${site.path}/objects/`,
      authorization: site.writer,
      seed,
      status: 202,
    })),
  })
  bench.say(`loaded ${objects} objects in ${took.seconds.toFixed(1)} s`)
  await server.stop()
  // what autovacuum would do a minute later, in the middle of a measurement
  await place.rows('vacuum analyze')
  const segments = await place.rows<{ last_date: number }>('select last_date from segment order by first_date')
  const [tenth] = await place.rows<{ date_added: number }>(
    'select date_added from release order by date_added desc limit 1 offset 10',
  )
  const view: View = {
    place,
    site,
    objects,
    borders: segments.map((segment) => timestampOf(segment.last_date)),
    lastTen: timestampOf(tenth?.date_added ?? 0),
    firstSeed: FIRST_SEED,
  }
  await checkEveryByte(bench, view)
  await place.settle()
  return view
}

async function checkEveryByte(bench: Workbench, view: View): Promise<void> {
  await using server = await bench.serve(view.place)
  const start = performance.now()
  let next = ''
  for (let page = 0; page < view.objects / THOUSAND; page += 1) {
    const query = next === '' ? '' : `?next=${next}`
    const got = await fetchPage(server.port, `${view.site.path}/objects/${query}`, view.site.readers[0] ?? '')
    got.mustHold(indicators(THOUSAND, { seed: view.firstSeed + page }))
    next = got.next ?? ''
  }
  if (next !== '') throw new Error('the view has more objects than were put in')
  bench.say(`read back and compared ${view.objects} objects in ${((performance.now() - start) / 1000).toFixed(1)} s`)
}
