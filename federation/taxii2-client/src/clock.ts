import { setTimeout } from 'node:timers/promises'

/** Time, as far as the client needs it. A test gives its own and never waits. */
export interface Clock {
  /** Milliseconds since 1970; wall time, because `Retry-After` may be a date. */
  nowMillis(): number
  /** Resolves after that many seconds; rejects when the signal aborts. */
  sleep(seconds: number, signal: AbortSignal): Promise<void>
}

/** The clock of the machine. */
export const systemClock: Clock = {
  nowMillis: () => Date.now(),
  sleep: (seconds, signal) => setTimeout(seconds * 1000, undefined, { signal }),
}
