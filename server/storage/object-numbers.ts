import type { Database } from './database.ts'

const BLOCK = 1024
const NEXT_BLOCKS = {
  name: 'object-numbers',
  text: "select nextval('object_no_block') as block from generate_series(1, $1::int)",
}

/**
 * Numbers for received objects, taken in blocks: known before the insert, so one statement can write an object, its
 * release and its ledger entry. A crash leaves gaps, which nobody sees.
 */
export class ObjectNumbers {
  readonly #database: Database
  #free: number[] = []

  constructor(database: Database) {
    this.#database = database
  }

  /** `count` numbers that nothing else has; call it outside a transaction. */
  async take(count: number): Promise<readonly number[]> {
    const missing = count - this.#free.length
    if (missing > 0) {
      const blocks = await this.#database.reader.rows<{ block: number }>(NEXT_BLOCKS, [Math.ceil(missing / BLOCK)])
      for (const { block } of blocks) for (let i = 0; i < BLOCK; i++) this.#free.push(block * BLOCK + i)
    }
    return this.#free.splice(0, count)
  }
}
