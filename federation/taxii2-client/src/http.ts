import { request as httpRequest } from 'node:http'
import type { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { TaxiiClientError, printable } from './errors.ts'

/** One HTTP request and what it may cost. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer | undefined
  readonly agent: Agent
  readonly lookup: LookupFunction
  /** Bound of the body, once as it comes over the wire and once more after inflation. */
  readonly maxBytes: number
  /** From the start to the last byte: one byte a second must not hold a poll for ever. */
  readonly timeoutSeconds: number
  readonly signal: AbortSignal
}

/** A complete answer, inflated. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** An error message needs no more; what is beyond is not read. */
const MAX_ERROR_BYTES = 64 * 1024

const inflate = promisify(gunzip)

/**
 * Sends one request and reads the whole answer, whatever its status. Redirects are answers like any other.
 * @throws {TaxiiClientError} `network`, `tls`, `pin-mismatch`, `timeout`, `aborted`, `response-too-large`, `content-encoding`
 */
export async function exchange(order: Exchange): Promise<Answer> {
  const answer = await send(order)
  const encoding = (answer.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity' || answer.body.length === 0) return answer
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new TaxiiClientError('content-encoding', `${printable(order.url)} answered in an encoding not asked for`)
  }
  try {
    // maxOutputLength stops a gzip bomb at the bound, not after it was unpacked.
    const body = await inflate(answer.body, { maxOutputLength: order.maxBytes, chunkSize: 256 * 1024 })
    return { ...answer, body }
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(order)
    throw new TaxiiClientError('content-encoding', `${printable(order.url)} answered with broken gzip`)
  }
}

function send(order: Exchange): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const request = (order.url.protocol === 'http:' ? httpRequest : httpsRequest)(order.url, {
    method: order.method,
    headers: order.headers,
    agent: order.agent,
    lookup: order.lookup,
    insecureHTTPParser: false,
  })
  let isAnswering = false
  const fail = (error: TaxiiClientError): void => {
    reject(error)
    request.destroy()
  }
  const abort = (): void => fail(new TaxiiClientError('aborted', `The request to ${printable(order.url)} was aborted`))
  const timer = setTimeout(
    () => fail(new TaxiiClientError('timeout', `${printable(order.url)} took too long`, { retryable: true })),
    order.timeoutSeconds * 1000,
  )
  order.signal.addEventListener('abort', abort, { once: true })
  request.on('response', (response) => {
    isAnswering = true
    receive(order, response, resolve, fail)
  })
  // After the answer has begun its own events decide: a server may answer 413 and close while we still write.
  request.on('error', (error) => {
    if (!isAnswering) fail(classify(error, request, order.url))
  })
  if (order.signal.aborted) abort()
  else request.end(order.body)
  return promise.finally(() => {
    clearTimeout(timer)
    order.signal.removeEventListener('abort', abort)
  })
}

function receive(
  order: Exchange,
  response: IncomingMessage,
  resolve: (answer: Answer) => void,
  fail: (error: TaxiiClientError) => void,
): void {
  const status = response.statusCode ?? 0
  const isSuccess = status >= 200 && status < 300
  const maxBytes = isSuccess ? order.maxBytes : Math.min(MAX_ERROR_BYTES, order.maxBytes)
  const chunks: Buffer[] = []
  let length = 0
  const overflow = (): void => {
    if (isSuccess) return fail(tooLarge(order))
    // The status says enough, and the rest of the body is not worth a byte.
    resolve({ status, headers: { ...response.headers, 'content-encoding': 'identity' }, body: Buffer.alloc(0) })
    response.destroy()
  }
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) return overflow()
  response.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > maxBytes) return overflow()
    chunks.push(chunk)
  })
  response.on('end', () => resolve({ status, headers: response.headers, body: Buffer.concat(chunks, length) }))
  response.on('error', (cause) =>
    fail(new TaxiiClientError('network', `${printable(order.url)} broke off its answer`, { cause, retryable: true })),
  )
}

/** Wrong certificates and protocols do not heal by trying again; what happens to a connection may. */
function classify(error: Error, request: ClientRequest, url: URL): TaxiiClientError {
  if (error instanceof TaxiiClientError) return error
  const code = codeOf(error)
  const isUnauthorized = request.socket instanceof TLSSocket && Boolean(request.socket.authorizationError)
  if (isUnauthorized || code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return new TaxiiClientError('tls', `No secure connection to ${url.host}: ${code}`, { cause: error })
  }
  const retryable = !code.startsWith('HPE_') && !code.startsWith('ERR_')
  return new TaxiiClientError('network', `No answer from ${url.host}: ${code}`, { cause: error, retryable })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}

function tooLarge(order: Exchange): TaxiiClientError {
  return new TaxiiClientError(
    'response-too-large',
    `${printable(order.url)} answered more than ${order.maxBytes} bytes`,
  )
}
