import { TaxiiClientError, printable } from './errors.ts'
import type { Answer } from './http.ts'
import { isRecord, parseJson } from './json-shape.ts'
import { readRetryAfter } from './retry.ts'

/** A hostile server must not fill our log. */
const MAX_TEXT = 1000

/** 429 and 503 ask to come back (RFC 6585 §4, RFC 9110 §15.6.4); 502 and 504 come from a proxy that found nobody. */
const RETRYABLE = new Set([429, 502, 503, 504])

/**
 * Turns an answer that is no success into an error, with the texts of the TAXII error message (TAXII 2.1 §3.6.1) when
 * the body is one, whatever its media type says.
 * @param redact takes credentials out of what the server wrote
 */
export function errorOf(
  url: URL,
  answer: Answer,
  nowMillis: number,
  redact: (text: string) => string,
): TaxiiClientError {
  const { status, headers } = answer
  if (status >= 300 && status < 400) return redirectError(url, status, headers.location, redact)
  const message = readMessage(answer.body)
  const textOf = (name: string): string | undefined => {
    const value = message[name]
    return typeof value === 'string' ? clean(redact(value)) : undefined
  }
  const title = textOf('title')
  return new TaxiiClientError('http-status', `${printable(url)} answered ${status}${title ? `: ${title}` : ''}`, {
    status,
    title,
    description: textOf('description'),
    errorId: textOf('error_id'),
    retryAfterSeconds: readRetryAfter(headers['retry-after'], nowMillis),
    retryable: RETRYABLE.has(status),
  })
}

function redirectError(
  url: URL,
  status: number,
  location: string | undefined,
  redact: (text: string) => string,
): TaxiiClientError {
  const target = location === undefined ? null : URL.parse(location, url.href)
  const shown = target === null ? undefined : redact(printable(target)).slice(0, MAX_TEXT)
  return new TaxiiClientError('redirect', `${printable(url)} redirects to ${shown ?? 'nowhere'}; not followed`, {
    status,
    location: shown,
  })
}

function readMessage(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const message = parseJson(body)
    return isRecord(message) ? message : {}
  } catch (error) {
    if (error instanceof TaxiiClientError) return {}
    throw error
  }
}

/** One line without control characters: an escape sequence would reach the terminal of whoever reads the log. */
function clean(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').slice(0, MAX_TEXT)
}
