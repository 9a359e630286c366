import { indicators } from '../test/support/indicators.ts'
import { countEntries, fetchPage } from './fetch-page.ts'
import type { LoadRequest } from './load/job.ts'
import type { View } from './view.ts'

/** A kind of read: its requests, and what each of them returns. */
export interface Read {
  readonly name: string
  readonly work: string
  readonly connections: number
  /** Objects, records or versions in each answer. */
  readonly objects: number
  readonly requests: readonly LoadRequest[]
  /** Settings of the server that it is measured on. */
  readonly settings: Readonly<Record<string, string>>
  /** What one request must return byte for byte, where that is known. */
  readonly sample?: { readonly request: number; readonly texts: readonly string[] } | undefined
}

const WITHOUT_MEMORY = { VOUCHSAFE_PAGE_CACHE_BYTES: '0' }
/** Requests of one read: enough that no single row or page stays hot by itself. */
const SPREAD = 100

/** Every kind of read of a view that is measured. */
export function readsOf(view: View) {
  const { site, borders } = view
  const objects = `${site.path}/objects/`
  const reader = (index: number) => site.readers[index % site.readers.length] ?? ''
  const places = spread(borders.length - 2)
  const get = (path: string, index: number, encoding: 'gzip' | 'identity'): LoadRequest => ({
    method: 'GET',
    path,
    authorization: reader(index),
    encoding,
    status: 200,
  })
  const after = (place: number, query: string) => `${objects}?added_after=${borders[place] ?? ''}${query}`
  const thousand = (place: number) => indicators(1000, { seed: view.firstSeed + place + 1 })
  const [firstPlace = 0] = places
  const ids = places.map((place, index) => idOf(thousand(place)[(index * 37) % 1000] ?? ''))
  const read = (name: string, work: string, connections: number, count: number, requests: LoadRequest[]): Read => ({
    name,
    work,
    connections,
    objects: count,
    requests,
    settings: {},
  })
  return {
    database: {
      ...read(
        'page_from_database',
        'page of 1,000, unfiltered, sealed, memory off',
        8,
        1000,
        places.map((place, index) => get(after(place, ''), index, 'gzip')),
      ),
      settings: WITHOUT_MEMORY,
      sample: { request: 0, texts: thousand(firstPlace) },
    },
    memory: {
      ...read(
        'page_from_memory',
        'the same page by eight readers',
        8,
        1000,
        site.readers.map((_, index) => get(after(firstPlace, ''), index, 'gzip')),
      ),
      sample: { request: 0, texts: thousand(firstPlace) },
    },
    filtered: {
      ...read(
        'page_filtered',
        'page of 1,000 by match[type] and match[version]=all',
        8,
        1000,
        places.map((place, index) =>
          get(after(place, '&match[type]=indicator&match[version]=all&limit=1000'), index, 'identity'),
        ),
      ),
      sample: { request: 0, texts: thousand(firstPlace) },
    },
    live: {
      ...read(
        'page_live',
        'live page of 999',
        8,
        999,
        places.map((place, index) => get(after(place, '&limit=999'), index, 'identity')),
      ),
      sample: { request: 0, texts: thousand(firstPlace).slice(0, 999) },
    },
    delta: {
      ...read('delta_poll', 'poll of the ten newest by added_after, HTTP Basic', 8, 10, [
        { ...get(`${objects}?added_after=${view.lastTen}`, 0, 'gzip'), authorization: site.basic },
      ]),
      sample: { request: 0, texts: indicators(1000, { seed: view.firstSeed + borders.length - 1 }).slice(-10) },
    },
    byId: read(
      'object_by_id',
      'object by id',
      1,
      1,
      ids.map((id, index) => get(`${objects}${id}/`, index, 'gzip')),
    ),
    versions: read(
      'versions',
      'versions of an object',
      1,
      1,
      ids.map((id, index) => get(`${objects}${id}/versions/`, index, 'gzip')),
    ),
    manifest: read(
      'manifest',
      'manifest page of 1,000',
      1,
      1000,
      places.map((place, index) =>
        get(`${site.path}/manifest/?added_after=${borders[place] ?? ''}&limit=1000`, index, 'gzip'),
      ),
    ),
  } satisfies Record<string, Read>
}

/**
 * The same read with the length that each answer must have, after one look at each of them: objects counted, and the
 * bytes of the sample compared.
 * @throws {Error} when an answer is wrong
 */
export async function checked(read: Read, port: number): Promise<Read> {
  const requests: LoadRequest[] = []
  for (const [index, request] of read.requests.entries()) {
    const { path, authorization = '', encoding } = request
    const page = await fetchPage(port, path, authorization, encoding)
    const count = countEntries(page.bytes, read.name === 'versions' ? 'versions' : 'objects')
    if (count !== read.objects) throw new Error(`${path}: ${count} instead of ${read.objects}`)
    if (index === read.sample?.request) page.mustHold(read.sample.texts)
    // a manifest is packed with its token, so its length differs from answer to answer
    requests.push({ ...request, length: read.name === 'manifest' ? undefined : page.length })
  }
  return { ...read, requests }
}

function idOf(text: string): string {
  return /"id":"([^"]+)"/.exec(text)?.[1] ?? ''
}

/** Places below a bound, far apart, in an order that does not rise. */
function spread(below: number): readonly number[] {
  const count = Math.max(1, Math.min(SPREAD, below))
  const step = Math.floor(below / count)
  return Array.from({ length: count }, (_, index) => ((index * 37) % count) * step)
}
