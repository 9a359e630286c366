import type { IncomingMessage } from 'node:http'
import { BadRequestError, TooLargeError, UnsupportedMediaTypeError } from '../errors.ts'

/** A passkey's answer with its attestation takes the most, about 4 KiB; a description of 2,000 characters up to 24 KiB. */
const MAX_FORM = 65_536

/**
 * Reads a small form (application/x-www-form-urlencoded).
 * @throws {TooLargeError} for more than 64 KiB, {UnsupportedMediaTypeError} for any other body
 */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') throw new UnsupportedMediaTypeError('send the form of this page')
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) throw new BadRequestError('bad_form', 'send the form of this page')
    length += chunk.length
    if (length > MAX_FORM) throw new TooLargeError('the form is larger than 64 KiB')
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString())
}

/** Control characters, line separators, and what turns the direction of the text around it: a name could show as another. */
const NOT_IN_A_LINE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** One line of a form: without spaces at its ends and what is in no line; '' when it is not there. */
export function line(form: URLSearchParams, name: string): string {
  return (form.get(name) ?? '').replaceAll(NOT_IN_A_LINE, ' ').trim()
}

/** The number of a row that a form names; 0, which no row has, for whatever is none. */
export function rowNumber(form: URLSearchParams, name: string): number {
  return rowNumberOf(form.get(name) ?? '')
}

/** The number of a row in a text, for example a part of a path; 0, which no row has, for whatever is none. */
export function rowNumberOf(given = ''): number {
  return /^[1-9]\d{0,9}$/.test(given) && Number(given) < 2 ** 31 ? Number(given) : 0
}
