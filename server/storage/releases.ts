import { audienceOf } from '../../policies/audience.ts'
import { type Released, reopen } from '../../policies/release.ts'
import { labelOfRank } from '../../policies/tlp.ts'
import type { ObjectQuery } from '../../schemas/taxii/object-query.ts'
import type { Collection } from './access.ts'
import type { Database } from './database.ts'
import type { ViewState } from './freshness.ts'
import { type Page, PageBuilder } from './page.ts'
import { releaseQuery } from './release-query.ts'
import type { SealedPages } from './sealed-pages.ts'
import { versionText } from './version-text.ts'

/** A release without its bytes: what manifest and versions show. */
export interface ReleaseRecord {
  readonly id: string
  /** Microseconds. */
  readonly dateAdded: number
  /** As it was posted. */
  readonly version: string
}

/** A page of records, in the order of `date_added`. */
export interface RecordPage {
  readonly records: readonly ReleaseRecord[]
  readonly more: boolean
}

/** What a page is read of: the view as it is now, from a position on. */
export interface PageRequest {
  readonly collection: Collection
  readonly view: ViewState
  readonly query: ObjectQuery
  /** Exclusive, microseconds. */
  readonly afterMicros: number
  readonly limit: number
}

interface RecordRow {
  readonly date_added: number
  readonly stix_id: string
  readonly version: string
  readonly version_digits: number
}

/**
 * Reads views. No policy runs here: the rows were released when they were appended, so their bytes get their brand back.
 */
export class ReleaseReader {
  readonly #database: Database
  readonly #sealed: SealedPages

  constructor(database: Database, sealed: SealedPages) {
    this.#database = database
    this.#sealed = sealed
  }

  /** A page of objects: a sealed one where the query is the whole view, else live rows. */
  async objects(request: PageRequest): Promise<Released<Page>> {
    const { collection, view, afterMicros, limit } = request
    if (!isWholeView(request.query)) return this.#released(collection, await this.#live(request, undefined))
    const { collectionNo } = collection
    const sealed = await this.#sealed.pageAfter(collectionNo, view, afterMicros, limit)
    if (sealed) return this.#released(collection, sealed)
    const until = await this.#sealed.borderAfter(collectionNo, view, afterMicros, limit)
    const page = await this.#live(request, until)
    // all that was left of the segment is superseded: an empty page would end the poll before the segments that follow
    if (until !== undefined && page.count === 0) return await this.objects({ ...request, afterMicros: until })
    return this.#released(collection, page)
  }

  /** A page of records: id, date and version of what {@link objects} would give. */
  async records(request: PageRequest): Promise<Released<RecordPage>> {
    if (!request.query.spec21) return this.#released(request.collection, { records: [], more: false })
    const { statement, values } = releaseQuery(this.#filter(request, undefined), 'record')
    const rows = await this.#database.reader.rows<RecordRow>(statement, values)
    const records = rows.slice(0, request.limit).map((row) => ({
      id: row.stix_id,
      dateAdded: row.date_added,
      version: versionText(row.version, row.version_digits),
    }))
    return this.#released(request.collection, { records, more: rows.length > request.limit })
  }

  async #live(request: PageRequest, untilMicros: number | undefined): Promise<Page> {
    const builder = new PageBuilder(request.limit)
    if (request.query.spec21) {
      const { statement, values } = releaseQuery(this.#filter(request, untilMicros), 'body')
      await this.#database.reader.eachRaw(statement, values, builder.add)
    }
    const page = builder.page()
    return untilMicros === undefined ? page : { ...page, more: true }
  }

  #filter(request: PageRequest, untilMicros: number | undefined) {
    const { collection, query, afterMicros, limit } = request
    return {
      collectionNo: collection.collectionNo,
      afterMicros,
      untilMicros,
      ids: query.ids,
      types: query.types,
      versions: query.versions,
      limit: limit + 1,
    }
  }

  #released<T>(collection: Collection, body: T): Released<T> {
    return reopen(body, audienceOf(collection.id, labelOfRank(collection.ceiling)))
  }
}

function isWholeView(query: ObjectQuery): boolean {
  const { versions } = query
  const latestOnly = versions.last && !versions.first && !versions.all && versions.exact.length === 0
  return latestOnly && query.spec21 && !query.ids && !query.types
}
