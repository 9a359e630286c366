import type { Clock } from '../clock.ts'
import { type AuditEvent, recordAudit } from './audit-log.ts'
import type { Database } from './database.ts'

/** Refusals that wait for the next transaction. Beyond that they are counted, so that a flood cannot fill the memory. */
const MAX_WAITING = 1000

interface Round {
  readonly events: AuditEvent[]
  dropped: number
  readonly kept: Promise<void>
}

/**
 * Writes refusals to the audit chain, each as a record of its own; those that arrive while a transaction runs share the
 * next one.
 */
export class RefusalLog {
  readonly #database: Database
  readonly #clock: Clock
  #running: Promise<unknown> = Promise.resolve()
  #next: Round | undefined

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /** Resolves when the refusal is on the record. */
  async note(event: AuditEvent): Promise<void> {
    const round = (this.#next ??= this.#plan())
    if (round.events.length < MAX_WAITING) round.events.push(event)
    else round.dropped += 1
    await round.kept
  }

  #plan(): Round {
    const events: AuditEvent[] = []
    const kept = this.#running.then(async () => {
      this.#next = undefined
      if (round.dropped > 0) {
        events.push({ kind: 'refusals_not_listed', actor: 'system', detail: { count: round.dropped } })
      }
      await this.#database.transaction((trx) => recordAudit(trx, this.#clock.nowMicros(), events))
    })
    this.#running = kept.catch(() => undefined)
    const round: Round = { events, dropped: 0, kept }
    return round
  }
}
