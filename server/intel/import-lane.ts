import type { Context } from '../context.ts'
import {
  BadRequestError,
  NotFoundError,
  type TrustGroupError,
  UnavailableError,
  UnprocessableError,
} from '../errors.ts'
import type { Account, Collection } from '../storage/access.ts'
import { type BatchEntry, envelopeOf } from './import-batch.ts'
import { type IntakeCursor, storeCursor } from './import-cursor.ts'
import type { IntakeTally } from './import-tally.ts'
import { ingest } from './ingest.ts'

/** Where objects go and who brings them. */
export interface IntakeTarget {
  readonly collection: Collection
  readonly account: Account
}

/**
 * Stores batches one after another, the next being read while the last is stored: two are under way at most. A cursor
 * is committed with its batch, and never before the batch that came before it.
 */
export class ImportLane {
  readonly #context: Context
  readonly #to: IntakeTarget
  readonly #tally: IntakeTally
  #older: Promise<void> = Promise.resolve()
  #last: Promise<void> = Promise.resolve()

  constructor(context: Context, to: IntakeTarget, tally: IntakeTally) {
    this.#context = context
    this.#to = to
    this.#tally = tally
  }

  /**
   * Resolves when one more batch may be sent.
   * @param cursor where to go on once this batch is stored; without objects it is stored alone
   * @throws what an earlier batch failed with
   */
  async send(entries: readonly BatchEntry[], cursor: IntakeCursor | undefined): Promise<void> {
    await this.#older
    const before = this.#last
    this.#older = before
    this.#last = this.#store(entries, cursor, before)
    this.#last.catch(() => undefined) // thrown by the next call
  }

  /** Resolves when everything is stored. */
  async drain(): Promise<void> {
    await this.#older
    await this.#last
  }

  /** Resolves when nothing runs any more, whatever came of it. */
  async settle(): Promise<void> {
    await Promise.allSettled([this.#older, this.#last])
  }

  async #store(entries: readonly BatchEntry[], cursor: IntakeCursor | undefined, turn: Promise<void>): Promise<void> {
    if (entries.length === 0) {
      await turn
      if (cursor) await storeCursor(this.#context, cursor)
      return
    }
    const refusal = await this.#tryStore(entries, cursor, turn)
    if (refusal) await this.#divide(entries, cursor, refusal)
  }

  /** What the whole batch was refused for: something in it is no JSON that we read. */
  async #tryStore(
    entries: readonly BatchEntry[],
    cursor: IntakeCursor | undefined,
    turn?: Promise<void>,
  ): Promise<TrustGroupError | undefined> {
    try {
      return await this.#ingest(entries, cursor, turn)
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error
      return await this.#ingest(entries, cursor, turn) // another's input broke the parser, or it was for a moment
    }
  }

  async #ingest(
    entries: readonly BatchEntry[],
    cursor: IntakeCursor | undefined,
    turn?: Promise<void>,
  ): Promise<TrustGroupError | undefined> {
    const { account } = this.#to
    try {
      const collection = await this.#currentCollection()
      const bytes = envelopeOf(entries)
      const { outcomes } = await ingest(this.#context, { collection, account, bytes, cursor, turn })
      for (const outcome of outcomes) {
        const entry = entries[outcome.index]
        if (entry) this.#tally.note(outcome, entry.place)
      }
      return undefined
    } catch (error) {
      if (!(error instanceof BadRequestError || error instanceof UnprocessableError)) throw error
      await turn
      return error
    }
  }

  /** Halves a batch until the bad object stands alone: one of a thousand costs about twenty small transactions. */
  async #divide(
    entries: readonly BatchEntry[],
    cursor: IntakeCursor | undefined,
    refusal: TrustGroupError,
  ): Promise<void> {
    const [only] = entries
    if (only && entries.length === 1) {
      // the worker may have been ended because of a neighbour: it is new now
      const last = refusal.code === 'not_parsed' ? await this.#tryStore(entries, cursor) : refusal
      if (!last) return
      const name = { id: 'unknown', version: 'unknown' }
      this.#tally.refuse({ ...only.place, ...name, rule: last.code, message: last.message })
      if (cursor) await storeCursor(this.#context, cursor)
      return
    }
    const half = Math.ceil(entries.length / 2)
    for (const [part, partCursor] of [
      [entries.slice(0, half), undefined],
      [entries.slice(half), cursor],
    ] as const) {
      const partRefusal = await this.#tryStore(part, partCursor)
      if (partRefusal) await this.#divide(part, partCursor, partRefusal)
    }
  }

  /** Its label and whether it is closed may have changed since the import began. */
  async #currentCollection(): Promise<Collection> {
    const { access } = await this.#context.freshness.read()
    for (const root of access.roots) {
      const found = root.collections.find(({ collectionNo }) => collectionNo === this.#to.collection.collectionNo)
      if (found) return found
    }
    throw new NotFoundError('the collection')
  }
}
