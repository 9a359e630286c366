import type { IncomingMessage } from 'node:http'
import { BadRequestError, ForbiddenError, TooLargeError, UnsupportedMediaTypeError } from '../errors.ts'

/** A name and two passwords of 128 characters, each up to 12 bytes as `%F0%9F%98%80`, fit three times. */
const MAX_FORM = 16_384

/**
 * Reads a small form (application/x-www-form-urlencoded).
 * @throws {TooLargeError} for more than 16 KiB, {UnsupportedMediaTypeError} for any other body
 */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') throw new UnsupportedMediaTypeError('send the form of this page')
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) throw new BadRequestError('bad_form', 'send the form of this page')
    length += chunk.length
    if (length > MAX_FORM) throw new TooLargeError('the form is larger than 16 KiB')
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString())
}

/**
 * Refuses a form that another site sends (OWASP CSRF prevention: Fetch Metadata, else Origin). The page has
 * `Referrer-Policy: no-referrer`, under which browsers send `Origin: null` (Fetch §3.2.5), so what counts first is
 * Sec-Fetch-Site, which no script can set.
 * @throws {ForbiddenError} also when the request says nothing of the kind: every browser does
 */
export function mustBeSameOrigin({ headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site']
  if (site !== undefined) {
    if (site === 'same-origin') return
  } else if (headers.origin !== undefined && headers.host !== undefined && URL.canParse(headers.origin)) {
    if (new URL(headers.origin).host === headers.host) return
  }
  throw new ForbiddenError('The form must be sent from its own page. Open the link in a current browser.')
}
