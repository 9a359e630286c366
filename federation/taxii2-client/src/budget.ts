import type { Clock } from './clock.ts'
import { TaxiiClientError } from './errors.ts'

/** What one walk over pages may use. A hostile server can send pages for ever, so each has a default. */
export interface BudgetLimits {
  /** Bytes of all answers after inflation. */
  readonly bytes?: number | undefined
  readonly pages?: number | undefined
  /** Wall time from the first request, the time in which the consumer stores a page included. */
  readonly seconds?: number | undefined
}

/** Enough for some millions of objects; a walk that ends here goes on from its last cursor. */
const DEFAULT_LIMITS = { bytes: 8 * 1024 ** 3, pages: 100_000, seconds: 3600 }

/** Counts what a walk has used. Throws a {@link TaxiiClientError} `budget-…` when pages or seconds are used up. */
export class Budget {
  readonly #clock: Clock
  readonly #endsAtMillis: number
  #bytesLeft: number
  #pagesLeft: number

  constructor(limits: BudgetLimits | undefined, clock: Clock) {
    this.#clock = clock
    this.#bytesLeft = positive(limits?.bytes ?? DEFAULT_LIMITS.bytes, 'bytes')
    this.#pagesLeft = positive(limits?.pages ?? DEFAULT_LIMITS.pages, 'pages')
    this.#endsAtMillis = clock.nowMillis() + positive(limits?.seconds ?? DEFAULT_LIMITS.seconds, 'seconds') * 1000
  }

  /** Bound of the next answer; the request that reaches it ends with `budget-bytes`. */
  get bytesLeft(): number {
    return this.#bytesLeft
  }

  /** Seconds until the end. */
  takeSeconds(): number {
    const left = (this.#endsAtMillis - this.#clock.nowMillis()) / 1000
    if (left <= 0)
      throw new TaxiiClientError('budget-seconds', 'The time for this walk is used up', { retryable: true })
    return left
  }

  takePage(): void {
    if (this.#pagesLeft <= 0) throw new TaxiiClientError('budget-pages', 'The pages for this walk are used up')
    this.#pagesLeft -= 1
  }

  takeBytes(count: number): void {
    this.#bytesLeft = Math.max(0, this.#bytesLeft - count)
  }
}

/** The number itself. @throws {TaxiiClientError} `bad-option` when it is not above zero */
export function positive(value: number, name: string): number {
  if (!(value > 0)) throw new TaxiiClientError('bad-option', `${name} must be above zero`)
  return value
}
