import type { Database, Statement } from './database.ts'
import type { ViewState } from './freshness.ts'
import { type Page, PageBuilder, seal, type SealedStart } from './page.ts'
import { releaseQuery } from './release-query.ts'
import { SEGMENT_RELEASES } from './segments.ts'

/** What the process remembers of a segment; its bytes are elsewhere. */
interface Segment {
  readonly first: number
  readonly last: number
  readonly objects: number
  readonly generation: number
  /** Date of the last object that the sealed page returns; a client that goes on from there starts at the next one. */
  readonly lastReturned: number | undefined
}

interface SegmentRow {
  readonly first_date: number
  readonly last_date: number
  readonly objects: number
  readonly generation: number
  readonly last_returned: number | null
}

interface SealedPage {
  readonly first: number
  readonly last: number
  readonly count: number
  readonly start: SealedStart
}

const CHANGED: Statement = {
  name: 'segments-changed',
  text: `select first_date, last_date, objects, generation,
                case when sealed_generation = generation then last_returned end as last_returned
           from segment where collection_no = $1::int and generation > $2::bigint`,
}
const BODY: Statement = {
  name: 'segment-body',
  text: `select first_returned, last_returned, crc, size::bigint, body from segment
          where collection_no = $1::int and first_date = $2::bigint and sealed_generation = generation
            and generation + 0 = $3::bigint`,
}

interface Index {
  generation: number
  segments: Segment[]
}

/**
 * Whole segments of a view as ready gzip bytes: from a bounded memory cache, else from the database, else built once and
 * kept. A segment's key holds its generation, and the caller's question for the generation of the view came after its
 * request: what was withdrawn before the request can never be served.
 */
export class SealedPages {
  readonly #database: Database
  readonly #maxBytes: number
  readonly #indexes = new Map<number, Index>()
  readonly #loading = new Map<number, Promise<Index>>()
  readonly #pages = new Map<string, SealedPage>() // in order of use: the first is the oldest
  readonly #building = new Map<string, Promise<SealedPage | undefined>>()
  #bytes = 0

  constructor(database: Database, maxBytes: number) {
    this.#database = database
    this.#maxBytes = maxBytes
  }

  /**
   * The sealed page that follows a position, when the position lies on the border of a segment and more than `limit`
   * objects are left (TAXII 2.1 §3.4: if all fit, they are all there). Undefined: read the rows.
   */
  async pageAfter(
    collectionNo: number,
    view: ViewState,
    afterMicros: number,
    limit: number,
  ): Promise<Page | undefined> {
    if (limit < SEGMENT_RELEASES) return undefined
    const { segments } = await this.#indexOf(collectionNo, view.generation)
    const at = borderAt(segments, afterMicros)
    if (at === undefined || !isMoreThan(limit, segments, at, view.openObjects)) return undefined
    let place = at
    while (segments[place]?.objects === 0) place += 1
    const segment = segments[place]
    if (!segment) return undefined
    const sealed = await this.#sealed(collectionNo, segment)
    if (!sealed) return undefined
    return { count: sealed.count, first: sealed.first, last: sealed.last, more: true, start: sealed.start }
  }

  /** Where a live page after this position should end, so that the next one lies on a border. */
  async borderAfter(
    collectionNo: number,
    view: ViewState,
    afterMicros: number,
    limit: number,
  ): Promise<number | undefined> {
    if (limit < SEGMENT_RELEASES) return undefined
    const { segments } = await this.#indexOf(collectionNo, view.generation)
    const place = firstEndingAfter(segments, afterMicros)
    const segment = segments[place]
    // the next segments alone must hold more than a page, or a short page would say "more" where all would fit
    return segment && isMoreThan(limit, segments, place + 1, view.openObjects) ? segment.last : undefined
  }

  async #indexOf(collectionNo: number, generation: number): Promise<Index> {
    const known = this.#indexes.get(collectionNo)
    if (known && known.generation >= generation) return known
    const loading = this.#loading.get(collectionNo)
    if (loading) {
      await loading
      return await this.#indexOf(collectionNo, generation)
    }
    const load = this.#refresh(collectionNo, generation, known)
    this.#loading.set(collectionNo, load)
    try {
      return await load
    } finally {
      this.#loading.delete(collectionNo)
    }
  }

  async #refresh(collectionNo: number, generation: number, known: Index | undefined): Promise<Index> {
    const rows = await this.#database.reader.rows<SegmentRow>(CHANGED, [collectionNo, known?.generation ?? -1])
    const byFirst = new Map((known?.segments ?? []).map((segment) => [segment.first, segment]))
    let newest = generation
    for (const row of rows) {
      newest = Math.max(newest, row.generation)
      byFirst.set(row.first_date, {
        first: row.first_date,
        last: row.last_date,
        objects: row.objects,
        generation: row.generation,
        lastReturned: row.last_returned ?? undefined,
      })
    }
    const index = { generation: newest, segments: [...byFirst.values()].sort((a, b) => a.first - b.first) }
    this.#indexes.set(collectionNo, index)
    return index
  }

  async #sealed(collectionNo: number, segment: Segment): Promise<SealedPage | undefined> {
    const key = `${collectionNo} ${segment.first} ${segment.generation}`
    const known = this.#pages.get(key)
    if (known) {
      this.#pages.delete(key) // used again: to the young end
      this.#pages.set(key, known)
      return known
    }
    let building = this.#building.get(key)
    if (!building) {
      building = this.#loadOrBuild(collectionNo, segment).finally(() => this.#building.delete(key))
      this.#building.set(key, building)
    }
    const page = await building
    if (page) this.#remember(key, page, collectionNo, segment)
    return page
  }

  #remember(key: string, page: SealedPage, collectionNo: number, segment: Segment): void {
    if (this.#pages.has(key)) return
    this.#pages.set(key, page)
    this.#bytes += page.start.bytes.length
    for (const [oldest, old] of this.#pages) {
      if (this.#bytes <= this.#maxBytes) break
      this.#pages.delete(oldest)
      this.#bytes -= old.start.bytes.length
    }
    const index = this.#indexes.get(collectionNo)
    const place = index?.segments.findIndex((other) => other.first === segment.first) ?? -1
    const entry = index?.segments[place]
    if (index && entry && entry.generation === segment.generation) {
      index.segments[place] = { ...entry, lastReturned: page.last }
    }
  }

  async #loadOrBuild(collectionNo: number, segment: Segment): Promise<SealedPage | undefined> {
    return (await this.#load(collectionNo, segment)) ?? (await this.#build(collectionNo, segment))
  }

  async #load(collectionNo: number, segment: Segment): Promise<SealedPage | undefined> {
    let page: SealedPage | undefined
    await this.#database.reader.eachRaw(BODY, [collectionNo, segment.first, segment.generation], (row) => {
      const bytes = Buffer.allocUnsafeSlow(row.length(4))
      row.copy(4, bytes, 0)
      page = {
        first: row.int8(0),
        last: row.int8(1),
        count: segment.objects,
        start: { encoding: 'gzip', bytes, crc: row.int8(2), size: row.int8(3) },
      }
    })
    return page
  }

  async #build(collectionNo: number, segment: Segment): Promise<SealedPage | undefined> {
    const builder = new PageBuilder(SEGMENT_RELEASES)
    const { statement, values } = releaseQuery(
      {
        collectionNo,
        afterMicros: segment.first - 1,
        untilMicros: segment.last,
        versions: { all: false, first: false, last: true, exact: [] },
        limit: SEGMENT_RELEASES,
      },
      'body',
    )
    await this.#database.reader.eachRaw(statement, values, builder.add)
    const { first, last, count, start } = builder.page()
    // fewer or more than the index says: it changed meanwhile, and the next request will know
    if (first === undefined || last === undefined || count !== segment.objects || start.encoding !== 'identity') {
      return undefined
    }
    const sealed = await seal(start.bytes)
    await this.#keep(collectionNo, segment, { first, last, count, start: sealed })
    return { first, last, count, start: sealed }
  }

  /** Kept only if the segment is still as it was when its rows were read. */
  async #keep(collectionNo: number, segment: Segment, page: SealedPage): Promise<void> {
    await this.#database.kysely
      .updateTable('segment')
      .set({
        sealed_generation: segment.generation,
        first_returned: page.first,
        last_returned: page.last,
        crc: page.start.crc,
        size: page.start.size,
        body: page.start.bytes,
      })
      .where('collection_no', '=', collectionNo)
      .where('first_date', '=', segment.first)
      .where('generation', '=', segment.generation)
      .execute()
  }
}

/** The first segment that ends after a position. */
function firstEndingAfter(segments: readonly Segment[], afterMicros: number): number {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((segments[middle]?.last ?? 0) > afterMicros) high = middle
    else low = middle + 1
  }
  return low
}

/** The segment that starts right after a position; undefined when the position lies inside one. */
function borderAt(segments: readonly Segment[], afterMicros: number): number | undefined {
  const place = firstEndingAfter(segments, afterMicros)
  const segment = segments[place]
  if (!segment) return undefined
  if (segment.first > afterMicros) return place
  // a client that goes on from the last object it was given: only superseded releases lie between
  return segment.lastReturned !== undefined && afterMicros >= segment.lastReturned ? place + 1 : undefined
}

function isMoreThan(limit: number, segments: readonly Segment[], from: number, openObjects: number): boolean {
  let left = openObjects
  for (let place = segments.length - 1; place >= from && left <= limit; place--) left += segments[place]?.objects ?? 0
  return left > limit
}
