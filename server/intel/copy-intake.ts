import type { FeedPage, Intake } from '../../federation/ports.ts'
import type { Context } from '../context.ts'
import { ImportBatch } from './import-batch.ts'
import type { Found } from './import-found.ts'
import { ImportLane, type IntakeTarget } from './import-lane.ts'
import { ObjectScanner } from './import-scanner.ts'
import type { IntakeTally } from './import-tally.ts'

/**
 * Takes the pages of another server into a collection, with the exact bytes of each object. The cursor of a page is
 * committed with the last objects of that page.
 */
export class CopyIntake implements Intake {
  readonly #lane: ImportLane
  readonly #tally: IntakeTally

  constructor(context: Context, to: IntakeTarget, tally: IntakeTally) {
    this.#lane = new ImportLane(context, to, tally)
    this.#tally = tally
  }

  async take({ feed, envelope, cursor }: FeedPage): Promise<void> {
    let batch = new ImportBatch()
    for (const item of objectsOf(envelope, this.#tally)) {
      const entry = [{ bytes: item.bytes, place: item.place }]
      if (batch.isFullFor(entry)) {
        await this.#lane.send(batch.entries, undefined)
        batch = new ImportBatch()
      }
      batch.add(entry)
    }
    await this.#lane.send(batch.entries, { name: feed, position: JSON.stringify(cursor) })
  }

  drain(): Promise<void> {
    return this.#lane.drain()
  }

  /** Resolves when nothing runs any more, whatever came of it. */
  settle(): Promise<void> {
    return this.#lane.settle()
  }
}

/** The objects of a page by their bytes; those that no envelope of ours could carry are refused. */
export function objectsOf(envelope: Buffer, tally: IntakeTally): readonly (Found & { kind: 'object' })[] {
  const found: Found[] = []
  const scanner = new ObjectScanner()
  scanner.push(envelope, found)
  scanner.end()
  return found.flatMap((item) => {
    if (item.kind === 'object') return [item]
    tally.refuse({ ...item.place, id: 'unknown', version: 'unknown', rule: item.rule, message: item.message })
    return []
  })
}
