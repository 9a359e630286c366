import { type BudgetLimits, type Match, TaxiiClientError } from 'taxii2-client'
import type { Feed, FeedCursors, Intake } from './ports.ts'

/** One run over a feed. */
export interface Pull {
  /** Names the feed in the book of cursors. */
  readonly name: string
  readonly feed: Feed
  readonly cursors: FeedCursors
  readonly intake: Intake
  readonly match?: Match | undefined
  /** Objects that a page is asked to have. */
  readonly limit?: number | undefined
  readonly budget?: BudgetLimits | undefined
  /** Begins at the start, whatever was read before. */
  readonly fromStart?: boolean | undefined
  readonly onPage?: ((progress: PullProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** How much was read so far. */
interface PullProgress {
  readonly pages: number
  /** Unpacked. */
  readonly bytes: number
}

/** What a run came to. */
export interface Pulled extends PullProgress {
  /** It went on where an earlier run had stopped. */
  readonly isContinued: boolean
  /** The server no longer knew the stored place, so the sweep began again at its date. */
  readonly isRestart: boolean
  /** Why the feed was not read to its end; all pages before are stored, and the next run goes on there. */
  readonly problem: TaxiiClientError | undefined
}

/**
 * Reads a feed from where it was left to its end: the next page is fetched while the last is stored. Everything that the
 * far side can do wrong (no progress, too many pages or bytes, too slow, refused) ends the run with a `problem` after
 * the last good page.
 * @throws what the intake failed with, and the reason of `signal`
 */
export async function pullFeed(pull: Pull): Promise<Pulled> {
  const { name, feed, intake, match, limit, budget, signal } = pull
  const cursor = pull.fromStart === true ? undefined : await pull.cursors.read(name)
  let pages = 0
  let bytes = 0
  let isRestart = false
  let problem: TaxiiClientError | undefined
  try {
    for await (const page of feed.objectsPages({
      cursor,
      match,
      limit,
      budget,
      signal,
      prefetch: true,
      parse: false,
    })) {
      await intake.take({ feed: name, envelope: page.raw, cursor: page.cursor })
      pages += 1
      bytes += page.raw.length
      isRestart ||= page.isRestart
      pull.onPage?.({ pages, bytes })
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof TaxiiClientError)) throw error
    problem = error
  }
  await intake.drain()
  return { pages, bytes, isContinued: cursor !== undefined, isRestart, problem }
}
