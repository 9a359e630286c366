import { lookup } from 'node:dns/promises'
import { request } from 'node:https'
import { isIP } from 'node:net'
import { isPublicAddress } from './public-address.ts'

/** Why nothing was fetched. `absent`: there is no such name, which is an answer and no failure. */
type FetchFailure =
  'absent' | 'not-public' | 'not-allowed' | 'redirected' | 'too-large' | 'refused' | 'timed-out' | 'failed'

/** What another server answered, or why there is no answer. */
export type Fetched =
  | { readonly ok: true; readonly status: number; readonly body: Uint8Array }
  | { readonly ok: false; readonly reason: FetchFailure }

/** Fetches from servers of the Internet. Whatever leaves this server for an address that somebody else chose goes here. */
export interface Egress {
  /** GETs a small file. */
  get(url: URL): Promise<Fetched>
}

/** What a test replaces: names, the certificates that are trusted, and the way to an address that passed the check. */
export interface EgressParts {
  readonly resolve?: (name: string) => Promise<readonly string[]>
  readonly authorities?: readonly string[]
  readonly route?: (address: string, port: number) => { readonly host: string; readonly port: number }
  readonly timeoutMillis?: number
}

const TIMEOUT_MILLIS = 10_000
const MAX_BYTES = 262_144

/**
 * The guard. Only https on its own port to a name; all addresses of the name must be public, and the connection goes to
 * the very address that was checked, so that a name that changes its mind in between leads nowhere (DNS rebinding). No
 * redirect is followed. One file takes ten seconds and 256 KiB at most.
 */
export function egress({
  resolve = addressesOf,
  authorities,
  route,
  timeoutMillis = TIMEOUT_MILLIS,
}: EgressParts = {}): Egress {
  return {
    get: async (url) => {
      const name = url.hostname
      const isPlain = url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === ''
      // an address in a URL passes a check of names: 5 of 6 forms did
      if (!isPlain || name.startsWith('[') || isIP(name) !== 0 || !name.includes('.')) return failed('not-allowed')
      const signal = AbortSignal.timeout(timeoutMillis)
      const addresses = await before(signal, resolve(name)).catch((error: unknown) => reasonOf(error, signal))
      if (typeof addresses === 'string') return failed(addresses)
      const [address] = addresses
      if (address === undefined) return failed('absent')
      if (!addresses.every(isPublicAddress)) return failed('not-public')
      const way = route?.(address, 443) ?? { host: address, port: 443 }
      return await fetchFrom(url, way, authorities, signal)
    },
  }
}

async function fetchFrom(
  url: URL,
  { host, port }: { readonly host: string; readonly port: number },
  authorities: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<Fetched> {
  return await new Promise((settle) => {
    const sent = request(
      {
        host,
        port,
        path: `${url.pathname}${url.search}`,
        servername: url.hostname,
        headers: { host: url.hostname, accept: '*/*', 'user-agent': 'Vouchsafe' },
        agent: false,
        signal,
        ...(authorities && { ca: [...authorities] }),
      },
      (response) => {
        const { statusCode: status = 0 } = response
        const end = (fetched: Fetched) => {
          settle(fetched)
          sent.destroy()
        }
        if (status >= 300 && status < 400) return end(failed('redirected'))
        const chunks: Buffer[] = []
        let length = 0
        response.on('data', (chunk: Buffer) => {
          length += chunk.length
          if (length > MAX_BYTES) end(failed('too-large'))
          else chunks.push(chunk)
        })
        response.on('end', () => settle({ ok: true, status, body: Buffer.concat(chunks) }))
        response.on('error', (error) => settle(failed(reasonOf(error, signal))))
      },
    )
    sent.on('error', (error) => settle(failed(reasonOf(error, signal))))
    sent.end()
  })
}

async function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(new Error('timed out'))
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function failed(reason: FetchFailure): Fetched {
  return { ok: false, reason }
}

function reasonOf(error: unknown, signal: AbortSignal): FetchFailure {
  if (signal.aborted) return 'timed-out'
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOTFOUND' || code === 'ENODATA') return 'absent'
  return code === 'ECONNREFUSED' ? 'refused' : 'failed'
}

async function addressesOf(name: string): Promise<readonly string[]> {
  // as the machine resolves, with its hosts file: a name that stands there for a private address is refused like any
  const found = await lookup(name, { all: true })
  return found.toSorted((a, b) => a.family - b.family).map(({ address }) => address)
}
