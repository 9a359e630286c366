import { int8Array } from './bulk.ts'
import { type Database, run } from './database.ts'

/** The idle clock counts days: what happens within an hour of what was noted adds nothing. */
const HOUR = 3_600_000_000
/** Memberships that are remembered; the oldest are noted once more often than needed. */
const MAX_REMEMBERED = 100_000

/** A membership whose member came back after it had been idle, or was about to be. */
export interface Returned {
  readonly groupNo: number
  readonly accountNo: number
}

interface Visit extends Returned {
  readonly atMicros: number
}

/** Remembers when members were last active in each of their groups; written with the read counts, not on each request. */
export class MembershipActivity {
  readonly #database: Database
  /** By group and account, when it was noted last. */
  readonly #noted = new Map<string, number>()
  #waiting = new Map<string, Visit>()

  constructor(database: Database) {
    this.#database = database
  }

  /** Notes that a person did something in a group, at most once an hour for each membership. */
  note(groupNo: number, accountNo: number, atMicros: number): void {
    const key = `${groupNo} ${accountNo}`
    const last = this.#noted.get(key)
    if (last !== undefined && atMicros < last + HOUR) return
    this.#noted.delete(key)
    const [oldest] = this.#noted.keys()
    if (oldest !== undefined && this.#noted.size >= MAX_REMEMBERED) this.#noted.delete(oldest)
    this.#noted.set(key, atMicros)
    this.#waiting.set(key, { groupNo, accountNo, atMicros })
  }

  /**
   * Writes what was noted since the last time, in one statement; what could not be written waits for the next.
   * @returns the memberships that idleness had touched: the rules are to look at them anew
   */
  async flush(): Promise<readonly Returned[]> {
    if (this.#waiting.size === 0) return []
    const waiting = this.#waiting
    this.#waiting = new Map()
    try {
      return await this.#write([...waiting.values()])
    } catch (error) {
      this.#waiting = new Map([...waiting, ...this.#waiting])
      throw error
    }
  }

  async #write(visits: readonly Visit[]): Promise<readonly Returned[]> {
    const { rows } = await this.#database.transaction(async (trx) => {
      // it writes rows of many groups: changes of rights, which write them in an order of their own, wait for it
      await run(trx, 'select 1 from site where site_no = 1 for update')
      return await run<{ group_no: number; account_no: number; state: string }>(
        trx,
        `update membership m set activity_micros = greatest(m.activity_micros, v.at_micros)
           from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as v (group_no, account_no, at_micros)
          where m.group_no = v.group_no and m.account_no = v.account_no
         returning m.group_no, m.account_no, m.state`,
        [
          int8Array(visits.map(({ groupNo }) => groupNo)),
          int8Array(visits.map(({ accountNo }) => accountNo)),
          int8Array(visits.map(({ atMicros }) => atMicros)),
        ],
      )
    })
    return rows
      .filter(({ state }) => state === 'idle' || state === 'soonidle')
      .map((row) => ({ groupNo: row.group_no, accountNo: row.account_no }))
  }
}
