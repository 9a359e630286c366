import type { Clock } from './clock.ts'
import { TaxiiClientError } from './errors.ts'
import type { Status } from './resources.ts'

/** How long and how often to ask for a status. */
export interface StatusPolling {
  /** Give up after so many seconds; 300 unless said otherwise. */
  readonly deadlineSeconds?: number | undefined
  /** Wait before the second question; it doubles each time. 1 unless said otherwise. */
  readonly firstDelaySeconds?: number | undefined
  /** 30 unless said otherwise. */
  readonly maxDelaySeconds?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** What polling needs from outside. */
export interface StatusSource {
  readonly clock: Clock
  readonly sleep: (seconds: number, signal: AbortSignal | undefined) => Promise<void>
  readonly read: () => Promise<Status>
}

/**
 * Asks until the status is complete (TAXII 2.1 §5.5, §8.5), each time after a longer wait.
 * @param first the status that came with the POST; a complete one is returned without a question
 * @throws {TaxiiClientError} `status-pending` at the deadline
 */
export async function pollStatus(source: StatusSource, first: Status, polling: StatusPolling): Promise<Status> {
  const endMillis = source.clock.nowMillis() + (polling.deadlineSeconds ?? 300) * 1000
  let delay = polling.firstDelaySeconds ?? 1
  let status = first
  while (status.status === 'pending') {
    const leftSeconds = (endMillis - source.clock.nowMillis()) / 1000
    if (leftSeconds < delay) {
      throw new TaxiiClientError('status-pending', `${status.pending_count} objects were still pending`, {
        retryable: true,
      })
    }
    await source.sleep(delay, polling.signal)
    status = await source.read()
    delay = Math.min(delay * 2, polling.maxDelaySeconds ?? 30)
  }
  return status
}
