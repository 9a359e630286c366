/** How often and how patiently a request is repeated. */
export interface RetryPolicy {
  /** Tries in all, the first included. 1 means never to repeat. */
  readonly maxAttempts: number
  /** Wait before the second try; it doubles from try to try. */
  readonly baseSeconds: number
  readonly maxDelaySeconds: number
  /** From the first try. A wait that would end later is not begun. */
  readonly maxElapsedSeconds: number
}

/** Five tries in five minutes. */
export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 5,
  baseSeconds: 0.5,
  maxDelaySeconds: 60,
  maxElapsedSeconds: 300,
}

/** Where a request stands after a failure. */
export interface Failure {
  /** Number of the try that failed, from 1. */
  readonly attempt: number
  readonly elapsedSeconds: number
  /** What the server asked for, if it did. */
  readonly retryAfterSeconds: number | undefined
  /** From 0 to below 1. Spreads the clients that a server has turned away at the same moment. */
  readonly random: number
}

/**
 * The wait before the next try, or undefined when there is none. Never shorter than `Retry-After`: when that does not
 * fit into the time left, the request is given up and its error carries the seconds for a scheduler.
 * @returns seconds
 */
export function retryDelaySeconds(failure: Failure, policy: RetryPolicy): number | undefined {
  if (failure.attempt >= policy.maxAttempts) return undefined
  const ceiling = Math.min(policy.maxDelaySeconds, policy.baseSeconds * 2 ** (failure.attempt - 1))
  const backOff = ceiling * (0.5 + failure.random / 2)
  const delay = Math.max(backOff, failure.retryAfterSeconds ?? 0)
  return failure.elapsedSeconds + delay > policy.maxElapsedSeconds ? undefined : delay
}

/**
 * Reads `Retry-After` in both its forms (RFC 9110 §10.2.3).
 * @returns seconds from now, never below zero; undefined when the header is absent or neither form
 */
export function readRetryAfter(value: string | undefined, nowMillis: number): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  if (/^\d{1,9}$/.test(text)) return Number(text)
  // Only the forms of RFC 9110 §5.6.7: Date.parse alone would take "-5" for a date.
  if (!/^[A-Z][a-z]{2,8},? [A-Za-z0-9 :-]{10,30}$/.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, (at - nowMillis) / 1000)
}
