import { request as plainRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { SecureContextOptions } from 'node:tls'

/** A request as a test wants it: nothing is added but Host and Connection, which fetch would not allow. */
export interface Wanted {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Sends the body in chunks, without Content-Length. */
  readonly chunked?: boolean
  /** Certificates for an https address. */
  readonly tls?: Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'minVersion' | 'maxVersion'>
}

/** A STIX object as far as the tests look at it. */
export interface ShownObject {
  readonly type: string
  readonly id: string
  readonly created?: string
  readonly modified?: string
  readonly name?: string
  /** On a manifest record (TAXII 2.1 §5.3.1). */
  readonly date_added?: string
  readonly version?: string
  readonly media_type?: string
}

/** TAXII 2.1 §4.3.1 status detail. */
export interface ShownDetail {
  readonly id: string
  readonly version: string
  readonly message?: string
}

/** A collection resource (TAXII 2.1 §5.2.1). */
export interface ShownCollection {
  readonly id: string
  readonly title: string
  readonly alias?: string
  readonly can_read: boolean
  readonly can_write: boolean
  readonly media_types?: readonly string[]
}

/** Any body of TAXII 2.1. */
export interface Body {
  readonly [property: string]: unknown
  readonly title?: string
  readonly description?: string
  readonly http_status?: string
  readonly id?: string
  readonly default?: string
  readonly api_roots?: readonly string[]
  readonly max_content_length?: number
  readonly collections?: readonly ShownCollection[]
  readonly objects?: readonly ShownObject[]
  readonly versions?: readonly string[]
  readonly more?: boolean
  readonly next?: string
  readonly status?: string
  readonly request_timestamp?: string
  readonly total_count?: number
  readonly success_count?: number
  readonly failure_count?: number
  readonly pending_count?: number
  readonly successes?: readonly ShownDetail[]
  readonly failures?: readonly ShownDetail[]
}

/** What came back. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
  /** The body as JSON; reading it fails when it is none. */
  readonly body: Body
}

/**
 * Sends one request on a connection of its own.
 * @throws when the connection breaks before there is an answer
 */
export async function ask(url: string, wanted: Wanted = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const { method = 'GET', headers = {}, body, chunked = false, tls = {} } = wanted
  const bytes = body === undefined ? undefined : Buffer.from(body)
  const length = bytes && !chunked ? { 'Content-Length': String(bytes.length) } : {}
  const { hostname, port, protocol } = new URL(url)
  // the path as it stands: URL would tidy what a test has written on purpose
  const path = url.slice(url.indexOf('/', `${protocol}//`.length))
  const options: RequestOptions = { hostname, port, path, method, headers: { ...headers, ...length }, agent: false }
  const request = protocol === 'https:' ? tlsRequest({ ...options, ...tls }) : plainRequest(options)
  request.on('error', reject)
  request.on('response', (response) => {
    const parts: Buffer[] = []
    response.on('error', reject)
    response.on('data', (part: Buffer) => parts.push(part))
    response.on('end', () => resolve(answerOf(response.statusCode ?? 0, response.headers, Buffer.concat(parts))))
  })
  if (bytes && chunked) for (let at = 0; at < bytes.length; at += 500) request.write(bytes.subarray(at, at + 500))
  request.end(chunked ? undefined : bytes)
  return await promise
}

function answerOf(status: number, headers: IncomingHttpHeaders, bytes: Buffer): Answer {
  const text = bytes.toString()
  return {
    status,
    headers,
    bytes,
    text,
    get body() {
      try {
        // whatever it is: the tests look at each property that they read
        return JSON.parse(text) as Body
      } catch (cause) {
        throw new Error(`no JSON in the answer ${status}: ${text.slice(0, 200)}`, { cause })
      }
    },
  }
}
