import { TaxiiClientError } from './errors.ts'
import { isLater } from './timestamps.ts'

/**
 * A place in a collection, to be stored in the same transaction as the page it came with and given back later. Plain
 * data, fit for JSON.
 */
export interface Cursor {
  /** Sent as `added_after`. While `next` is set it is the date the sweep began with, because filters repeat with `next`. */
  readonly addedAfter?: string | undefined
  /** Sent as `next`. */
  readonly next?: string | undefined
  /** The latest date seen in a sweep that goes by `next`; becomes `addedAfter` when the sweep ends. */
  readonly latestAdded?: string | undefined
}

/** What a page says about paging. */
export interface PageFrame {
  readonly more: boolean
  readonly next: string | undefined
  /** `X-TAXII-Date-Added-Last` with a fraction. */
  readonly lastDateAdded: string | undefined
  readonly isEmpty: boolean
}

/** `next` goes into the URL of the next request; no server reads longer ones. */
const MAX_NEXT_LENGTH = 8192

/**
 * Where to go on after a page: by `next`, else by the Last header (TAXII 2.1 §3.3, §3.5).
 * @param prefer which of the two comes first when the server gives both
 */
export function advance(cursor: Cursor, page: PageFrame, prefer: 'next' | 'added-after'): Cursor {
  const latestAdded = latest(cursor.latestAdded, page.lastDateAdded)
  if (!page.more) return place(latest(cursor.addedAfter, latestAdded))
  if (page.next !== undefined && (prefer === 'next' || page.lastDateAdded === undefined)) {
    return { ...place(cursor.addedAfter), next: page.next, ...(latestAdded === undefined ? {} : { latestAdded }) }
  }
  return place(page.lastDateAdded ?? cursor.addedAfter)
}

/**
 * Notices a server that promises more and gives nothing new. Pages by `next` may share one date, and a server may keep
 * its `next` while it moves on (then the Last header moves), but not both; a page without objects never promises more.
 * A server that invents a new `next` every time is left to the budget.
 */
export class ProgressWatch {
  readonly #tried = new Set<string>()
  #newest: string | undefined

  constructor(start: Cursor) {
    this.#newest = latest(start.addedAfter, start.latestAdded)
    if (start.next !== undefined) this.#tried.add(start.next)
  }

  /** @throws {TaxiiClientError} `no-progress` when the page had more and `following` leads nowhere new */
  check(page: PageFrame, following: Cursor): void {
    if (page.isEmpty) throw stuck('promises more but has no objects')
    if ((following.next?.length ?? 0) > MAX_NEXT_LENGTH) throw stuck('has a next that is too long')
    const hasMoved =
      page.lastDateAdded !== undefined && (this.#newest === undefined || isLater(page.lastDateAdded, this.#newest))
    if (hasMoved) {
      this.#newest = page.lastDateAdded
      this.#tried.clear()
    }
    if (following.next === undefined) {
      if (!hasMoved) throw stuck('promises more but gives neither a new next nor a later date')
    } else if (this.#tried.has(following.next)) {
      throw stuck('gives a next that was already followed')
    } else {
      this.#tried.add(following.next)
    }
  }
}

function place(addedAfter: string | undefined): Cursor {
  return addedAfter === undefined ? {} : { addedAfter }
}

function latest(left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return isLater(right, left) ? right : left
}

function stuck(what: string): TaxiiClientError {
  return new TaxiiClientError('no-progress', `The page ${what}`)
}
