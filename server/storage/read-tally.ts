import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { recordAudit } from './audit-log.ts'
import { run, type Database } from './database.ts'

const MINUTE = 60_000_000
/** A minute is chained when it has been over for this long: by then every process has written its part. */
const GRACE = 10_000_000

interface Tally {
  readonly minute: number
  readonly accountNo: number
  readonly collectionNo: number
  requests: number
  objects: number
  /** What the database has already. */
  keptRequests: number
}

/**
 * Counts reads for the audit: one record per principal, collection and minute. That somebody read a collection in a
 * minute is stored before the first answer of that minute; the counts follow every second.
 */
export class ReadTally {
  readonly #database: Database
  readonly #clock: Clock
  readonly #process = randomUUID()
  readonly #tallies = new Map<string, Tally>()
  readonly #first = new Map<string, Promise<void>>()
  #flushing: Promise<void> = Promise.resolve()

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /** Notes one read; resolves when it may be answered. */
  note(accountNo: number, collectionNo: number, objects: number): Promise<void> | undefined {
    const minute = Math.floor(this.#clock.nowMicros() / MINUTE)
    const key = `${accountNo} ${collectionNo} ${minute}`
    const tally = this.#tallies.get(key)
    if (tally) {
      tally.requests += 1
      tally.objects += objects
      return this.#first.get(key)
    }
    const fresh = { minute, accountNo, collectionNo, requests: 1, objects, keptRequests: 0 }
    this.#tallies.set(key, fresh)
    const kept = this.#keep([fresh])
      .catch((error: unknown) => {
        this.#tallies.delete(key) // nobody was answered on the strength of it: the next read tries again
        throw error
      })
      .finally(() => this.#first.delete(key))
    this.#first.set(key, kept)
    return kept
  }

  /** Writes the counts that have grown, and forgets the minutes that are over. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(async () => {
      const now = Math.floor(this.#clock.nowMicros() / MINUTE)
      const grown = [...this.#tallies.values()].filter((tally) => tally.requests > tally.keptRequests)
      await this.#keep(grown)
      for (const [key, tally] of this.#tallies) {
        if (tally.minute < now && tally.requests === tally.keptRequests) this.#tallies.delete(key)
      }
    })
    const done = this.#flushing
    this.#flushing = done.catch(() => undefined)
    return done
  }

  async #keep(tallies: readonly Tally[]): Promise<void> {
    if (tallies.length === 0) return
    const counted = tallies.map((tally) => ({ tally, requests: tally.requests, objects: tally.objects }))
    await this.#database.kysely
      .insertInto('read_tally')
      .values(
        counted.map(({ tally, requests, objects }) => ({
          minute: tally.minute,
          account_no: tally.accountNo,
          collection_no: tally.collectionNo,
          process: this.#process,
          requests,
          objects,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['minute', 'account_no', 'collection_no', 'process']).doUpdateSet((eb) => ({
          requests: eb.ref('excluded.requests'),
          objects: eb.ref('excluded.objects'),
        })),
      )
      .execute()
    for (const { tally, requests } of counted) tally.keptRequests = requests
  }
}

interface SumRow {
  readonly minute: number
  readonly name: string
  readonly collection_id: string
  readonly requests: number
  readonly objects: number
}

/** Moves the tallies of minutes that are over into the audit chain, one record per principal, collection and minute. */
export async function chainReads(database: Database, nowMicros: number): Promise<number> {
  const before = Math.floor((nowMicros - GRACE) / MINUTE)
  return await database.transaction(async (trx) => {
    const { rows } = await run<SumRow>(
      trx,
      `with over as (delete from read_tally where minute < $1::bigint returning *)
       select o.minute, a.name, c.collection_id::text as collection_id,
              sum(o.requests)::bigint as requests, sum(o.objects)::bigint as objects
         from over o join account a using (account_no) join collection c using (collection_no)
        group by o.minute, a.name, c.collection_id
        order by o.minute, a.name, c.collection_id`,
      [before],
    )
    await recordAudit(
      trx,
      nowMicros,
      rows.map((row) => ({
        kind: 'collection_read',
        actor: row.name,
        detail: {
          collection: row.collection_id,
          minute: row.minute * MINUTE,
          requests: row.requests,
          objects: row.objects,
        },
      })),
    )
    return rows.length
  })
}
