import { randomUUID } from 'node:crypto'
import type { Response } from 'express'
import type { AudienceId } from '../../policies/audience.ts'
import { isReleased, type Released } from '../../policies/release.ts'
import { TAXII } from '../../schemas/taxii/media-type.ts'
import { TrustGroupError } from '../errors.ts'

const HEADERS = {
  'Content-Type': TAXII,
  'Cache-Control': 'private, no-store',
  Vary: 'Accept, Accept-Encoding, Authorization',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
}

/** A body of our own making that holds nothing of any view: discovery, roots, collections, statuses. */
export interface Resource {
  readonly id?: string
  readonly title?: string
  readonly [property: string]: unknown
}

/** Bytes that follow each other, in one content encoding. */
export interface Encoded {
  readonly encoding: 'identity' | 'gzip'
  readonly parts: readonly Uint8Array[]
  /** Headers that say what the body holds, for example X-TAXII-Date-Added-First. */
  readonly headers: Readonly<Record<string, string>>
}

/** Answers with a resource (TAXII 2.1 §4, §5.1, §5.2). */
export function answerResource(response: Response, status: number, resource: Resource): void {
  answerText(response, status, JSON.stringify(resource))
}

/** Answers with a resource that is JSON already: a status as it was stored. */
export function answerText(response: Response, status: number, json: string): void {
  write(response, status, {}, [Buffer.from(json)])
}

/**
 * Answers with content of a view: the only way out for objects, manifests and versions.
 * @throws {Error} when it was released to another audience
 */
export function answerReleased(response: Response, content: Released<Encoded>, audience: AudienceId): void {
  if (!isReleased(content) || content.audience !== audience) {
    throw new Error(`content of ${content.audience} was about to go to ${audience}`)
  }
  const { encoding, parts, headers } = content.body
  write(response, 200, encoding === 'gzip' ? { ...headers, 'Content-Encoding': 'gzip' } : headers, parts)
}

/** Answers with an error message (TAXII 2.1 §3.6.1). What is no refusal is a bug: it leaves as a bare 500. */
export function answerError(response: Response, error: unknown): { readonly status: number; readonly errorId: string } {
  const errorId = randomUUID()
  const known = error instanceof TrustGroupError ? error : undefined
  const status = known?.status ?? 500
  const body = known
    ? { title: TITLES[known.status] ?? 'Refused', description: known.message, error_code: known.code }
    : { title: 'Internal error', description: 'this is a fault of the server: give its operator the error_id' }
  write(response, status, known?.headers ?? {}, [
    // the id of a refusal is left out: absent and not yours must give the same bytes
    Buffer.from(JSON.stringify({ ...body, ...(known ? {} : { error_id: errorId }), http_status: String(status) })),
  ])
  return { status, errorId }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Sign in',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Not processable',
  429: 'Too many requests',
  503: 'Not ready',
  507: 'No room left',
}

// Not response.send(): Express hashes every body for an ETag and rewrites the media type of strings.
function write(
  response: Response,
  status: number,
  headers: Readonly<Record<string, string>>,
  parts: readonly Uint8Array[],
): void {
  let length = 0
  for (const part of parts) length += part.length
  response.writeHead(status, { ...HEADERS, ...headers, 'Content-Length': length })
  response.cork()
  for (const part of parts) response.write(part)
  response.end()
}
