import { setImmediate } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { type BatchEntry, ImportBatch } from './import-batch.ts'
import { type IntakeCursor, readCursor } from './import-cursor.ts'
import { BrokenInputError, type Found } from './import-found.ts'
import { ImportLane, type IntakeTarget } from './import-lane.ts'
import { ObjectScanner } from './import-scanner.ts'
import { type Counts, IntakeTally, type Refusal, type TypeCounts } from './import-tally.ts'
import { unpack } from './import-unpack.ts'
import { upgradeFound } from './import-upgrade.ts'

/** How far an intake is, for a progress bar. */
export interface IntakeProgress extends TypeCounts {
  /** Read so far, as given (packed, when it is packed). */
  readonly bytes: number
  /** Of the whole, when it is known. */
  readonly size: number | undefined
}

/** What is to be imported and how. */
export interface ImportOptions extends IntakeTarget {
  /** A STIX bundle, a TAXII envelope, a list, or one of these or an object a line; gzip is recognised. */
  readonly source: AsyncIterable<Uint8Array>
  readonly size?: number | undefined
  /** Names the file ({@link ../intel/import-name.ts}); without it an interrupted import begins again at the start. */
  readonly resumeName?: string | undefined
  /** Converts STIX 2.0 to STIX 2.1. */
  readonly upgrade?: boolean | undefined
  readonly onProgress?: ((progress: IntakeProgress) => void) | undefined
  readonly onRefusal?: ((refusal: Refusal) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** What an import came to. */
export interface ImportReport extends Counts {
  /** Objects that an earlier run had stored and this one passed over. */
  readonly resumedAfter: number
  /** STIX 2.0 objects that were converted. */
  readonly upgraded: number
  /** Where the input could not be read on; all before it is stored. Undefined: it was read to its end. */
  readonly problem: { readonly line: number; readonly offset: number; readonly message: string } | undefined
}

const DONE = 'done'

/**
 * Takes STIX of any size into a collection, in batches, with the exact bytes of each object. When it returns, everything
 * that it counts as added or known is stored for good; objects that were refused are reported with their place.
 * After an interruption the same call with the same `resumeName` goes on after the last batch that was stored.
 * @throws what the database or the source failed with, and the reason of `signal`; what was stored stays
 */
export async function importStream(context: Context, options: ImportOptions): Promise<ImportReport> {
  const name = options.resumeName
  const resumedAfter = name === undefined ? 0 : positionOf(await readCursor(context, name))
  const run = new ImportRun(context, options, resumedAfter)
  let problem: BrokenInputError | undefined
  try {
    problem = await run.read()
    await run.finish(problem === undefined)
  } catch (error) {
    await run.lane.settle()
    throw error
  }
  return {
    ...run.tally.counts(),
    resumedAfter,
    upgraded: run.upgraded,
    problem: problem && { line: problem.line, offset: problem.offset, message: problem.message },
  }
}

class ImportRun {
  readonly tally: IntakeTally
  readonly lane: ImportLane
  upgraded = 0
  readonly #options: ImportOptions
  readonly #resumedAfter: number
  #batch = new ImportBatch()
  #bytes = 0
  #stored: number

  constructor(context: Context, options: ImportOptions, resumedAfter: number) {
    this.tally = new IntakeTally(options.onRefusal)
    this.lane = new ImportLane(context, { collection: options.collection, account: options.account }, this.tally)
    this.#options = options
    this.#resumedAfter = resumedAfter
    this.#stored = resumedAfter
  }

  /** Reads to the end; the fault that ended it sooner. */
  async read(): Promise<BrokenInputError | undefined> {
    const { signal } = this.#options
    const scanner = new ObjectScanner()
    try {
      for await (const chunk of unpack(this.#counted())) {
        signal?.throwIfAborted()
        const found: Found[] = []
        let broken: unknown
        try {
          scanner.push(chunk, found)
        } catch (error) {
          broken = error
        }
        for (const item of found) await this.#take(item)
        if (broken) throw broken
      }
      scanner.end()
      return undefined
    } catch (error) {
      if (error instanceof BrokenInputError) return error
      throw error
    }
  }

  /** Stores the rest. @param isComplete the whole input was read: the next run of it begins at the start */
  async finish(isComplete: boolean): Promise<void> {
    this.#options.signal?.throwIfAborted()
    await this.lane.send(this.#batch.entries, this.#cursor(isComplete ? DONE : String(this.#stored)))
    await this.lane.drain()
    this.#report()
  }

  async *#counted(): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of this.#options.source) {
      this.#bytes += chunk.length
      yield chunk
      this.#report()
    }
  }

  async #take(item: Found): Promise<void> {
    if (item.sequence < this.#resumedAfter) return
    if (item.kind === 'unfit') {
      const { rule, message, place } = item
      this.tally.refuse({ ...place, id: 'unknown', version: 'unknown', rule, message })
      return
    }
    const entries = await this.#entriesOf(item)
    if (this.#batch.isFullFor(entries)) {
      const full = this.#batch
      this.#batch = new ImportBatch()
      await this.lane.send(full.entries, this.#cursor(String(this.#stored)))
    }
    // what one object was converted to is never cut apart: the position counts objects of the input
    this.#batch.add(entries)
    this.#stored = item.sequence + 1
  }

  async #entriesOf(item: Found & { kind: 'object' }): Promise<readonly BatchEntry[]> {
    const { place } = item
    if (this.#options.upgrade !== true) return [{ bytes: item.bytes, place }]
    if (item.sequence % 50 === 0) await setImmediate() // converting is our thread's work: others get their turn
    const { objects, isChanged, problem } = upgradeFound(item)
    if (isChanged) this.upgraded += 1
    if (problem) this.tally.refuse({ ...place, version: 'unknown', ...problem })
    return objects.map((bytes) => ({ bytes, place }))
  }

  #cursor(position: string): IntakeCursor | undefined {
    const name = this.#options.resumeName
    return name === undefined ? undefined : { name, position }
  }

  #report(): void {
    this.#options.onProgress?.({ bytes: this.#bytes, size: this.#options.size, ...this.tally.total })
  }
}

function positionOf(stored: string | undefined): number {
  return stored === undefined || stored === DONE ? 0 : Number(stored)
}
