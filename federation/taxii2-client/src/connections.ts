import { lookup as systemLookup } from 'node:dns/promises'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { isLoopback } from './connect-guard.ts'
import type { ConnectGuard } from './connect-guard.ts'
import { TaxiiClientError, printable } from './errors.ts'
import { agentTlsOptions } from './tls-trust.ts'
import type { TlsOptions } from './tls-trust.ts'

/** One address of a name. */
export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

/** Turns a name into addresses; that of the operating system when none is given. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>

/** What decides where connections may go. */
export interface ConnectionOptions {
  readonly tls?: TlsOptions | undefined
  /** Plain HTTP: never (false), to addresses of this machine only, or to any. */
  readonly allowHttp?: false | 'loopback' | true | undefined
  readonly guard?: ConnectGuard | undefined
  readonly resolve?: Resolve | undefined
}

/** Sockets to one host; more gives a server a reason to answer 429. */
const SOCKETS = { keepAlive: true, maxSockets: 8, maxFreeSockets: 4 }

/** The keep-alive sockets of a client. Origins without trust have sockets of their own, without client certificate. */
export class Connections {
  readonly #options: ConnectionOptions
  readonly #http = new HttpAgent(SOCKETS)
  readonly #trusted: HttpsAgent
  readonly #stranger: HttpsAgent

  constructor(options: ConnectionOptions) {
    const tls = options.tls ?? {}
    this.#options = options
    this.#trusted = new HttpsAgent({ ...SOCKETS, ...agentTlsOptions(tls, true) })
    this.#stranger = new HttpsAgent({ ...SOCKETS, ...agentTlsOptions(tls, false) })
  }

  agentFor(url: URL, isTrusted: boolean): HttpAgent {
    if (url.protocol === 'http:') return this.#http
    return isTrusted ? this.#trusted : this.#stranger
  }

  /**
   * Checks the protocol and an address that stands in the URL itself: Node never calls `lookup` for those, so a guard
   * there would let every IP literal through. `URL` has already turned 2130706433 and 127.1 into 127.0.0.1.
   * @throws {TaxiiClientError} `insecure-url`, `address-refused`
   */
  async admit(url: URL): Promise<void> {
    if (url.protocol !== 'https:' && (url.protocol !== 'http:' || !this.#options.allowHttp)) throw insecure(url)
    const hostname = hostOf(url)
    if (isIP(hostname) !== 0) await this.#admitAddress(url, hostname)
  }

  /**
   * The `lookup` of one connection. It answers only with addresses that were admitted, and Node connects to those
   * without asking the DNS again: a name that resolves differently a moment later changes nothing.
   */
  lookupFor(url: URL): LookupFunction {
    /* oxlint-disable promise/no-callback-in-promise -- Node's lookup answers by callback; neither branch throws */
    return (hostname, options, callback) => {
      this.#resolve(url, hostname).then(
        (addresses) => {
          const [first] = addresses
          if (options.all) callback(null, [...addresses])
          else if (first) callback(null, first.address, first.family)
        },
        (error: unknown) => callback(error instanceof Error ? error : new Error('lookup failed'), '', 0),
      )
    }
    /* oxlint-enable promise/no-callback-in-promise */
  }

  /** Ends all sockets, those in use too. */
  close(): void {
    for (const agent of [this.#http, this.#trusted, this.#stranger]) agent.destroy()
  }

  async #resolve(url: URL, hostname: string): Promise<readonly ResolvedAddress[]> {
    const addresses = await (this.#options.resolve ?? resolveBySystem)(hostname)
    const admitted: ResolvedAddress[] = []
    let refusal: unknown = new TaxiiClientError('network', `${hostname} has no address`, { retryable: true })
    for (const { address, family } of addresses) {
      try {
        await this.#admitAddress(url, address)
        admitted.push({ address, family })
      } catch (error) {
        refusal = error
      }
    }
    if (admitted.length === 0) throw refusal
    return admitted
  }

  async #admitAddress(url: URL, ip: string): Promise<void> {
    if (url.protocol === 'http:' && this.#options.allowHttp === 'loopback' && !isLoopback(ip)) throw insecure(url)
    const { guard } = this.#options
    if (guard === undefined) return
    const hostname = hostOf(url)
    const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443))
    let isAdmitted: boolean
    try {
      isAdmitted = await guard({ hostname, ip, port })
    } catch (cause) {
      throw new TaxiiClientError('address-refused', `The guard failed for ${hostname}`, { cause })
    }
    if (!isAdmitted) throw new TaxiiClientError('address-refused', `Connecting to ${hostname} is not allowed`)
  }
}

function hostOf(url: URL): string {
  return url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
}

function insecure(url: URL): TaxiiClientError {
  return new TaxiiClientError('insecure-url', `${printable(url)} is not HTTPS (TAXII 2.1 §8.4.2)`)
}

function resolveBySystem(hostname: string): Promise<readonly ResolvedAddress[]> {
  return systemLookup(hostname, { all: true })
}
