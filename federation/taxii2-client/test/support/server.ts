import { createServer as createHttpServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { ServerOptions } from 'node:https'
import { Taxii2Client, TaxiiClientError } from '../../src/index.ts'
import type { Clock, Taxii2ClientOptions, TaxiiClientErrorCode } from '../../src/index.ts'

/** A request as the server saw it. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly rawQuery: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly message: IncomingMessage
}

/** What the server says. A function takes the response over. */
export type Reply =
  | {
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly json?: unknown
      readonly bytes?: Buffer
    }
  | ((response: ServerResponse) => void)

/** A real server on a port of its own. */
export interface TestServer extends AsyncDisposable {
  readonly origin: string
  readonly port: number
  readonly seen: readonly Seen[]
  readonly sockets: () => Promise<number>
}

/** Starts a server; with TLS options it speaks HTTPS. */
export async function serve(answer: (seen: Seen, index: number) => Reply, tls?: ServerOptions): Promise<TestServer> {
  const seen: Seen[] = []
  const handle = (message: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = []
    message.on('data', (chunk: Buffer) => chunks.push(chunk))
    message.on('end', () => {
      const url = new URL(message.url ?? '/', 'http://server')
      const one: Seen = {
        method: message.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        rawQuery: url.search,
        headers: message.headers,
        body: Buffer.concat(chunks),
        message,
      }
      seen.push(one)
      send(answer(one, seen.length - 1), response)
    })
  }
  const server = tls === undefined ? createHttpServer(handle) : createHttpsServer(tls, handle)
  server.on('clientError', (_error, socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    seen,
    sockets: () => new Promise((resolve) => server.getConnections((_error, count) => resolve(count))),
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function send(reply: Reply, response: ServerResponse): void {
  if (typeof reply === 'function') return reply(response)
  const bytes = reply.bytes ?? Buffer.from(JSON.stringify(reply.json ?? {}))
  response.writeHead(reply.status ?? 200, { 'Content-Type': 'application/taxii+json;version=2.1', ...reply.headers })
  response.end(bytes)
}

/** A clock that only its sleepers move. */
export interface TestClock extends Clock {
  readonly slept: readonly number[]
  readonly move: (seconds: number) => void
}

export function testClock(startMillis = Date.UTC(2026, 0, 1)): TestClock {
  const slept: number[] = []
  let now = startMillis
  return {
    slept,
    move: (seconds) => {
      now += seconds * 1000
    },
    nowMillis: () => now,
    sleep: async (seconds, signal) => {
      signal.throwIfAborted()
      slept.push(seconds)
      now += seconds * 1000
    },
  }
}

/** A client that may speak plain HTTP to this machine and never waits. */
export function clientOf(
  server: { readonly origin: string },
  options: Partial<Taxii2ClientOptions> = {},
): Taxii2Client {
  return new Taxii2Client({
    url: server.origin,
    allowHttp: 'loopback',
    clock: testClock(),
    random: () => 0,
    ...options,
  })
}

/** For assert.rejects: an error with this code, and with these properties if they are given. */
export function failsWith(
  code: TaxiiClientErrorCode,
  properties: Partial<TaxiiClientError> = {},
): (error: unknown) => boolean {
  return (error) => {
    if (!(error instanceof TaxiiClientError) || error.code !== code) throw error
    for (const [name, value] of Object.entries(properties)) {
      if (Reflect.get(error, name) !== value)
        throw new Error(`${name} is ${String(Reflect.get(error, name))}`, { cause: error })
    }
    return true
  }
}

/** A discovery resource. */
export const DISCOVERY = { title: 'Test server', default: '/root/', api_roots: ['/root/'] }
