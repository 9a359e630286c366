import { createHash } from 'node:crypto'
import type { BudgetLimits, Cursor } from 'taxii2-client'
import { pullFeed } from '../../federation/pull-feed.ts'
import type { Context } from '../context.ts'
import { CopyIntake } from './copy-intake.ts'
import { CopyRehearsal } from './copy-rehearsal.ts'
import { type CopySource, openSource } from './copy-source.ts'
import { readCursor } from './import-cursor.ts'
import type { IntakeTarget } from './import-lane.ts'
import type { IntakeProgress } from './import-stream.ts'
import { type Counts, IntakeTally, type Refusal } from './import-tally.ts'

/** What is to be copied and how. */
export interface CopyOptions extends IntakeTarget {
  readonly from: CopySource
  /** Counts what would come and stores nothing. */
  readonly dryRun?: boolean | undefined
  /** The latest version of each object only; all versions unless set. */
  readonly latestOnly?: boolean | undefined
  /** Reads everything again, whatever was copied before. */
  readonly fromStart?: boolean | undefined
  /** Objects that a page is asked to have. */
  readonly limit?: number | undefined
  readonly budget?: BudgetLimits | undefined
  readonly onProgress?: ((progress: IntakeProgress) => void) | undefined
  readonly onRefusal?: ((refusal: Refusal) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** What a copy came to. Places of refusals are those within their page. */
export interface CopyReport extends Counts {
  readonly pages: number
  readonly bytes: number
  readonly dryRun: boolean
  /** It went on where an earlier copy had ended or stopped. */
  readonly isContinued: boolean
  /** The other server no longer knew the stored place, so objects may have come twice. */
  readonly isRestart: boolean
  /** Why it was not read to its end; the same call goes on there. */
  readonly problem: { readonly code: string; readonly message: string } | undefined
}

/**
 * Copies a collection of another TAXII 2.1 server, with the exact bytes of each object. The place in the other collection
 * is stored with each page: after an interruption, and after the end, the same call gets what it has not got yet.
 * @throws {BadRequestError} when the source names no collection
 * @throws {TaxiiClientError} when its list of collections cannot be read
 * @throws what the database failed with, and the reason of `signal`; what was stored stays
 */
export async function copyCollection(context: Context, options: CopyOptions): Promise<CopyReport> {
  const { collection, account, dryRun = false, signal } = options
  using source = await openSource(options.from)
  const tally = new IntakeTally(options.onRefusal)
  const Way = dryRun ? CopyRehearsal : CopyIntake
  const intake = new Way(context, { collection, account }, tally)
  try {
    const pulled = await pullFeed({
      name: copyName(collection.id, source.address, options.latestOnly === true),
      feed: source.feed,
      cursors: { read: async (name) => cursorOf(await readCursor(context, name)) },
      intake,
      match: { versions: [options.latestOnly === true ? 'last' : 'all'] },
      limit: options.limit,
      budget: options.budget,
      fromStart: options.fromStart,
      onPage: ({ bytes }) => options.onProgress?.({ bytes, size: undefined, ...tally.total }),
      signal,
    })
    const { pages, bytes, isContinued, isRestart, problem } = pulled
    return {
      ...tally.counts(),
      pages,
      bytes,
      dryRun,
      isContinued,
      isRestart,
      problem: problem && { code: problem.code, message: messageOf(problem) },
    }
  } catch (error) {
    await intake.settle()
    throw error
  }
}

/** The name under which the place in another collection is kept. */
function copyName(collectionId: string, address: string, latestOnly: boolean): string {
  return `copy ${createHash('sha256').update(`${collectionId} ${address} ${latestOnly}`).digest('hex')}`
}

function cursorOf(position: string | undefined): Cursor | undefined {
  if (position === undefined) return undefined
  const stored: unknown = JSON.parse(position)
  const text = (key: string) => {
    const value: unknown = typeof stored === 'object' && stored !== null ? Reflect.get(stored, key) : undefined
    return typeof value === 'string' ? value : undefined
  }
  return { addedAfter: text('addedAfter'), next: text('next'), latestAdded: text('latestAdded') }
}

/** With what the other server said itself. */
function messageOf(problem: {
  readonly message: string
  readonly title?: string | undefined
  readonly description?: string | undefined
}): string {
  const said = [problem.title, problem.description].filter((text) => text !== undefined && text !== '')
  return said.length === 0 ? problem.message : `${problem.message} (it says: ${said.join(': ').slice(0, 300)})`
}
