import { TaxiiApiRoot } from './api-root.ts'
import { Credentials } from './authentication.ts'
import type { Authentication } from './authentication.ts'
import { positive } from './budget.ts'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { Connections } from './connections.ts'
import type { ConnectionOptions } from './connections.ts'
import { parseJson } from './json-shape.ts'
import { DEFAULT_RETRY } from './retry.ts'
import type { RetryPolicy } from './retry.ts'
import { readDiscovery } from './resources.ts'
import type { Discovery } from './resources.ts'
import { endpoint, startUrl } from './root-url.ts'
import { Transport } from './transport.ts'

/** How a client reaches its server and what it may spend. */
export interface Taxii2ClientOptions extends ConnectionOptions {
  /** Of the discovery endpoint. Without a path, `/taxii2/` is added (TAXII 2.1 §4.1). */
  readonly url: string
  readonly authentication?: Authentication | undefined
  /** Origins besides that of `url` that get credentials and the client certificate, such as `https://roots.example`. */
  readonly trustedOrigins?: readonly string[] | undefined
  readonly userAgent?: string | undefined
  /** Media types without parameters that answers may have besides TAXII 2.1. For servers that say `application/json`. */
  readonly alsoAccept?: readonly string[] | undefined
  /** Bound of one answer, on the wire and after inflation. 64 MiB unless said otherwise. */
  readonly maxResponseBytes?: number | undefined
  /** Bound of one request from the start to the last byte. 120 unless said otherwise. */
  readonly requestSeconds?: number | undefined
  readonly retry?: Partial<RetryPolicy> | undefined
  readonly clock?: Clock | undefined
  /** From 0 to below 1; spreads retries. */
  readonly random?: (() => number) | undefined
}

const USER_AGENT = 'taxii2-client/0.1.0'

/** A page of some thousand large objects; the servers in use give far less. */
const MAX_RESPONSE_BYTES = 64 * 1024 * 1024

/** Some servers need more than ten seconds for a page of a hundred. */
const REQUEST_SECONDS = 120

/** A client of one TAXII 2.1 server. Keeps sockets open until {@link Taxii2Client.close} or the end of `using`. */
export class Taxii2Client implements Disposable {
  readonly #transport: Transport
  readonly #discovery: URL

  /** @throws {TaxiiClientError} `bad-option`. Asks nothing yet. */
  constructor(options: Taxii2ClientOptions) {
    const url = startUrl(options.url)
    this.#discovery = url.pathname === '/' ? endpoint(url, 'taxii2') : url
    const trusted = (options.trustedOrigins ?? []).map((origin) => startUrl(origin).origin)
    this.#transport = new Transport({
      connections: new Connections(options),
      credentials: new Credentials(options.authentication),
      trustedOrigins: new Set([url.origin, ...trusted]),
      userAgent: options.userAgent ?? USER_AGENT,
      alsoAccept: (options.alsoAccept ?? []).map((type) => type.trim().toLowerCase()),
      maxResponseBytes: positive(options.maxResponseBytes ?? MAX_RESPONSE_BYTES, 'maxResponseBytes'),
      requestSeconds: positive(options.requestSeconds ?? REQUEST_SECONDS, 'requestSeconds'),
      retry: { ...DEFAULT_RETRY, ...options.retry },
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
    })
  }

  /** The discovery resource with absolute root URLs (TAXII 2.1 §4.1). @throws {TaxiiClientError} */
  async discovery(): Promise<Discovery> {
    const { body } = await this.#transport.request({ method: 'GET', url: this.#discovery })
    return readDiscovery(parseJson(body), this.#discovery)
  }

  /**
   * An API root by its URL, absolute or relative to the discovery URL. One on another origin gets no credentials unless
   * the origin is trusted.
   * @throws {TaxiiClientError} `bad-option`
   */
  apiRoot(url: string): TaxiiApiRoot {
    return new TaxiiApiRoot(this.#transport, startUrl(URL.parse(url, this.#discovery.href)?.href ?? url))
  }

  /** Ends all sockets, running requests and waits. */
  close(): void {
    this.#transport.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
