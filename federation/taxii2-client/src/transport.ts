import type { IncomingHttpHeaders } from 'node:http'
import { Credentials } from './authentication.ts'
import type { Budget } from './budget.ts'
import type { Clock } from './clock.ts'
import type { Connections } from './connections.ts'
import { errorOf } from './error-message.ts'
import { TaxiiClientError, printable } from './errors.ts'
import { exchange } from './http.ts'
import type { Answer } from './http.ts'
import { TAXII_MEDIA_TYPE, isTaxiiAnswer } from './media-type.ts'
import { retryDelaySeconds } from './retry.ts'
import type { RetryPolicy } from './retry.ts'

/** A TAXII request, before credentials and retries. */
export interface TaxiiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: URL
  readonly body?: Buffer | undefined
  readonly budget?: Budget | undefined
  readonly signal?: AbortSignal | undefined
}

/** A TAXII answer with status 2xx and the right media type. */
export interface TaxiiAnswer {
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** What a transport works with. */
export interface TransportParts {
  readonly connections: Connections
  readonly credentials: Credentials
  /** Origins that get credentials. */
  readonly trustedOrigins: ReadonlySet<string>
  readonly userAgent: string
  readonly alsoAccept: readonly string[]
  readonly maxResponseBytes: number
  readonly requestSeconds: number
  readonly retry: RetryPolicy
  readonly clock: Clock
  readonly random: () => number
}

/** Sends TAXII requests: headers, credentials by origin, media type, retries. */
export class Transport {
  readonly #parts: TransportParts
  readonly #closing = new AbortController()

  constructor(parts: TransportParts) {
    this.#parts = parts
  }

  get clock(): Clock {
    return this.#parts.clock
  }

  /**
   * One request with its retries. A POST is repeated only when the server said that it did not take it (429, 503).
   * @throws {TaxiiClientError}
   */
  async request(request: TaxiiRequest): Promise<TaxiiAnswer> {
    const { clock, retry, random } = this.#parts
    const signal = this.#signalOf(request.signal)
    const startMillis = clock.nowMillis()
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(request, signal)
      } catch (error) {
        if (this.#closing.signal.aborted) throw closed()
        if (!(error instanceof TaxiiClientError) || !isWorthRetrying(error, request)) throw error
        const elapsedSeconds = (clock.nowMillis() - startMillis) / 1000
        const { retryAfterSeconds } = error
        const delay = retryDelaySeconds({ attempt, elapsedSeconds, retryAfterSeconds, random: random() }, retry)
        if (delay === undefined || delay >= (request.budget?.takeSeconds() ?? Infinity)) throw error
        await this.sleep(delay, request.signal)
      }
    }
  }

  /** Waits on the client's clock. @throws {TaxiiClientError} `aborted`, `closed` */
  async sleep(seconds: number, signal: AbortSignal | undefined): Promise<void> {
    const both = this.#signalOf(signal)
    try {
      await this.#parts.clock.sleep(seconds, both)
    } catch (error) {
      if (!both.aborted) throw error
    }
    if (this.#closing.signal.aborted) throw closed()
    if (both.aborted) throw new TaxiiClientError('aborted', 'Aborted while waiting for the next try')
  }

  /** Ends sockets, running requests and waits; later requests fail with `closed`. */
  close(): void {
    this.#closing.abort()
    this.#parts.connections.close()
  }

  async #once(request: TaxiiRequest, signal: AbortSignal): Promise<TaxiiAnswer> {
    if (this.#closing.signal.aborted) throw closed()
    const { url, budget } = request
    const { connections, credentials, requestSeconds, maxResponseBytes, trustedOrigins } = this.#parts
    const isTrusted = trustedOrigins.has(url.origin)
    const secondsLeft = budget?.takeSeconds() ?? Infinity
    const bytesLeft = budget?.bytesLeft ?? Infinity
    await connections.admit(url)
    let answer: Answer
    try {
      answer = await exchange({
        method: request.method,
        url,
        headers: { ...this.#headers(request), ...(isTrusted ? await credentials.headers() : {}) },
        body: request.body,
        agent: connections.agentFor(url, isTrusted),
        lookup: connections.lookupFor(url),
        maxBytes: Math.min(maxResponseBytes, bytesLeft),
        timeoutSeconds: Math.min(requestSeconds, secondsLeft),
        signal,
      })
    } catch (error) {
      if (error instanceof TaxiiClientError)
        throw asBudget(error, bytesLeft < maxResponseBytes, secondsLeft < requestSeconds)
      throw error
    }
    budget?.takeBytes(answer.body.length)
    return this.#accept(request, answer)
  }

  #headers(request: TaxiiRequest): Readonly<Record<string, string>> {
    const headers = { Accept: TAXII_MEDIA_TYPE, 'Accept-Encoding': 'gzip', 'User-Agent': this.#parts.userAgent }
    if (request.body === undefined) return headers
    return { ...headers, 'Content-Type': TAXII_MEDIA_TYPE, 'Content-Length': String(request.body.length) }
  }

  #accept(request: TaxiiRequest, answer: Answer): TaxiiAnswer {
    const { url } = request
    const { clock, credentials, alsoAccept } = this.#parts
    if (answer.status < 200 || answer.status > 299) {
      throw errorOf(url, answer, clock.nowMillis(), (text) => credentials.redact(text))
    }
    const hasNothing = request.method === 'DELETE' && answer.body.length === 0
    if (!hasNothing && !isTaxiiAnswer(answer.headers['content-type'], alsoAccept)) {
      const { status } = answer
      throw new TaxiiClientError('media-type', `${printable(url)} did not answer ${TAXII_MEDIA_TYPE}`, { status })
    }
    return { headers: answer.headers, body: answer.body }
  }

  #signalOf(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#closing.signal : AbortSignal.any([this.#closing.signal, signal])
  }
}

function isWorthRetrying(error: TaxiiClientError, request: TaxiiRequest): boolean {
  if (!error.retryable || error.code === 'budget-seconds') return false
  return request.method !== 'POST' || error.status === 429 || error.status === 503
}

/** A bound of the request that came from the walk is a bound of the walk. */
function asBudget(error: TaxiiClientError, areBytesOfWalk: boolean, areSecondsOfWalk: boolean): TaxiiClientError {
  if (error.code === 'response-too-large' && areBytesOfWalk) {
    return new TaxiiClientError('budget-bytes', 'The bytes for this walk are used up')
  }
  if (error.code === 'timeout' && areSecondsOfWalk) {
    return new TaxiiClientError('budget-seconds', 'The time for this walk is used up', { retryable: true })
  }
  return error
}

function closed(): TaxiiClientError {
  return new TaxiiClientError('closed', 'The client is closed')
}
