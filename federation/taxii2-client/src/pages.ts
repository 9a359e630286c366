import { Budget } from './budget.ts'
import type { BudgetLimits } from './budget.ts'
import { ProgressWatch, advance } from './cursor.ts'
import type { Cursor, PageFrame } from './cursor.ts'
import { TaxiiClientError } from './errors.ts'
import type { Match } from './filters.ts'
import { matchParameters } from './filters.ts'
import { withFraction } from './timestamps.ts'
import type { Transport } from './transport.ts'

/** Which pages to read, in which order of ways, and at what cost. */
export interface PageOptions {
  /** Where to go on: `page.cursor` of the last page that was stored. Without it, the sweep begins at the start. */
  readonly cursor?: Cursor | undefined
  /** Begin after this date (TAXII 2.1 §3.4). Not together with `cursor`. */
  readonly addedAfter?: string | undefined
  /** Objects per page that the server is asked for. */
  readonly limit?: number | undefined
  readonly match?: Match | undefined
  /** `next` unless said otherwise; the other way is taken when the server offers only that. */
  readonly prefer?: 'next' | 'added-after' | undefined
  /** Ask for one page ahead while the consumer stores the last one. Off: a page is asked for when the consumer wants it. */
  readonly prefetch?: boolean | undefined
  readonly budget?: BudgetLimits | undefined
  readonly signal?: AbortSignal | undefined
}

/** What every page has, besides its content. */
export interface Page {
  /** The answer as it came, inflated. */
  readonly raw: Buffer
  readonly more: boolean
  readonly next: string | undefined
  /** `X-TAXII-Date-Added-First`, with a fraction. */
  readonly firstDateAdded: string | undefined
  /** `X-TAXII-Date-Added-Last`, with a fraction. */
  readonly lastDateAdded: string | undefined
  /** Where to go on once this page is stored. Store both in one transaction. */
  readonly cursor: Cursor
  /** The server no longer knew the `next` that the walk was to go on with, so the sweep began again at its date. */
  readonly isRestart: boolean
}

/** What one kind of page holds. */
export interface Content {
  readonly more: boolean
  readonly next: string | undefined
  readonly isEmpty: boolean
}

/** A walk, ready to begin. */
export interface Walk<C extends Content, P> {
  readonly transport: Transport
  readonly url: URL
  readonly options: PageOptions
  readonly read: (raw: Buffer) => C
  readonly build: (page: Page, content: C) => P
}

/** What a server answers to a `next` that it has forgotten. */
const FORGOTTEN = new Set([400, 404, 410])

/**
 * Walks over pages. The next page is asked for only when the consumer asks for it (unless `prefetch`), so that a page can
 * be stored together with its cursor first. Ends after the page without `more`.
 * @throws {TaxiiClientError} besides all others `no-progress` and `budget-…`, always after the last good page was handed over
 */
export async function* walkPages<C extends Content, P>(walk: Walk<C, P>): AsyncGenerator<P, void, void> {
  const { transport, options } = walk
  let cursor = startOf(options)
  const prefer = options.prefer ?? 'next'
  const budget = new Budget(options.budget, transport.clock)
  const watch = new ProgressWatch(cursor)
  const leaving = new AbortController()
  const signal = options.signal ? AbortSignal.any([leaving.signal, options.signal]) : leaving.signal
  const fetch = (from: Cursor): Promise<Fetched<C>> => fetchPage(walk, from, budget, signal)
  try {
    let pending = fetch(cursor)
    for (let isFirst = true; ; isFirst = false) {
      let fetched: Fetched<C>
      let isRestart = false
      try {
        fetched = await pending
      } catch (error) {
        if (!isFirst || cursor.next === undefined || !isForgotten(error)) throw error
        isRestart = true
        cursor = cursor.addedAfter === undefined ? {} : { addedAfter: cursor.addedAfter }
        fetched = await fetch(cursor)
      }
      const { raw, content, frame } = fetched
      cursor = advance(cursor, frame, prefer)
      const stuck = frame.more ? problemOf(watch, frame, cursor) : undefined
      const isAhead = options.prefetch === true && frame.more && stuck === undefined
      if (isAhead) pending = ahead(fetch(cursor))
      const { more, next, firstDateAdded, lastDateAdded } = frame
      yield walk.build({ raw, more, next, firstDateAdded, lastDateAdded, cursor, isRestart }, content)
      if (!frame.more) return
      if (stuck !== undefined) throw stuck
      if (!isAhead) pending = fetch(cursor)
    }
  } finally {
    leaving.abort()
  }
}

interface Fetched<C> {
  readonly raw: Buffer
  readonly content: C
  readonly frame: PageFrame & { readonly firstDateAdded: string | undefined }
}

async function fetchPage<C extends Content, P>(
  walk: Walk<C, P>,
  cursor: Cursor,
  budget: Budget,
  signal: AbortSignal,
): Promise<Fetched<C>> {
  budget.takePage()
  const url = new URL(walk.url)
  url.search = pageParameters(walk.options, cursor).toString()
  const { headers, body } = await walk.transport.request({ method: 'GET', url, budget, signal })
  const content = walk.read(body)
  const { more, next, isEmpty } = content
  const firstDateAdded = dateHeader(headers['x-taxii-date-added-first'])
  const lastDateAdded = dateHeader(headers['x-taxii-date-added-last'])
  return { raw: body, content, frame: { more, next, isEmpty, firstDateAdded, lastDateAdded } }
}

function pageParameters(options: PageOptions, cursor: Cursor): URLSearchParams {
  const parameters = matchParameters(options.match)
  if (cursor.addedAfter !== undefined) parameters.set('added_after', cursor.addedAfter)
  if (options.limit !== undefined) parameters.set('limit', String(options.limit))
  if (cursor.next !== undefined) parameters.set('next', cursor.next)
  return parameters
}

function startOf(options: PageOptions): Cursor {
  const { cursor, addedAfter, limit } = options
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0)) {
    throw new TaxiiClientError('bad-option', 'limit must be an integer above zero (TAXII 2.1 §3.5)')
  }
  if (cursor !== undefined && addedAfter !== undefined) {
    throw new TaxiiClientError('bad-option', 'cursor and addedAfter exclude each other')
  }
  const from = { ...cursor, ...(addedAfter === undefined ? {} : { addedAfter }) }
  const dates = { ...dated('addedAfter', from.addedAfter), ...dated('latestAdded', from.latestAdded) }
  return from.next === undefined ? dates : { ...dates, next: from.next }
}

function dated(name: string, text: string | undefined): Readonly<Record<string, string>> {
  if (text === undefined) return {}
  const date = withFraction(text)
  if (date === undefined) throw new TaxiiClientError('bad-option', `${name} is not a timestamp in UTC`)
  return { [name]: date }
}

/** A header that is no date, or came twice, counts as absent. */
function dateHeader(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? withFraction(value) : undefined
}

function problemOf(watch: ProgressWatch, frame: PageFrame, cursor: Cursor): TaxiiClientError | undefined {
  try {
    watch.check(frame, cursor)
    return undefined
  } catch (error) {
    if (error instanceof TaxiiClientError) return error
    throw error
  }
}

/** The consumer may leave before it waits for this page; its failure must not end the process. */
function ahead<T>(pending: Promise<T>): Promise<T> {
  pending.catch(() => undefined)
  return pending
}

function isForgotten(error: unknown): boolean {
  return error instanceof TaxiiClientError && error.status !== undefined && FORGOTTEN.has(error.status)
}
