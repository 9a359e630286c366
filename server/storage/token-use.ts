import type { Database } from './database.ts'

/** Remembers when tokens were last used; written with the read counts, not on each request. */
export class TokenUse {
  readonly #database: Database
  readonly #used = new Map<number, number>()

  constructor(database: Database) {
    this.#database = database
  }

  note(tokenNo: number, atMicros: number): void {
    this.#used.set(tokenNo, atMicros)
  }

  async flush(): Promise<void> {
    const used = [...this.#used]
    this.#used.clear()
    for (const [tokenNo, atMicros] of used) {
      await this.#database.kysely
        .updateTable('token')
        .set({ last_used_micros: atMicros })
        .where('token_no', '=', tokenNo)
        .execute()
    }
  }
}
