/** Every reason for which the client gives up. Stable: code may branch on them. */
export const TAXII_CLIENT_ERROR_CODES = [
  'bad-option',
  'insecure-url',
  'address-refused',
  'network',
  'tls',
  'pin-mismatch',
  'timeout',
  'aborted',
  'closed',
  'redirect',
  'http-status',
  'media-type',
  'content-encoding',
  'response-too-large',
  'not-json',
  'bad-resource',
  'no-progress',
  'budget-bytes',
  'budget-pages',
  'budget-seconds',
  'status-pending',
] as const

/** One of {@link TAXII_CLIENT_ERROR_CODES}. */
export type TaxiiClientErrorCode = (typeof TAXII_CLIENT_ERROR_CODES)[number]

/** What is known about a failure besides its code. */
export interface TaxiiClientErrorDetails {
  /** HTTP status of the answer, when there was one. */
  readonly status?: number | undefined
  /** `title` of the TAXII error message (TAXII 2.1 §3.6.1). */
  readonly title?: string | undefined
  /** `description` of the TAXII error message. */
  readonly description?: string | undefined
  /** `error_id` of the TAXII error message, to quote to the other side. */
  readonly errorId?: string | undefined
  /** Where a redirect pointed to, without query. It was not followed. */
  readonly location?: string | undefined
  /** JSON pointer of the property that was wrong. */
  readonly pointer?: string | undefined
  /** Seconds that the server asked to wait. */
  readonly retryAfterSeconds?: number | undefined
  /** Whether the same request may succeed later. */
  readonly retryable?: boolean | undefined
  readonly cause?: unknown
}

/**
 * The only error that this package throws on purpose. Neither the message nor any property holds a credential, and
 * query strings are left out, because `next` can be as good as a credential.
 */
export class TaxiiClientError extends Error {
  override readonly name = 'TaxiiClientError'
  readonly code: TaxiiClientErrorCode
  readonly status: number | undefined
  readonly title: string | undefined
  readonly description: string | undefined
  readonly errorId: string | undefined
  readonly location: string | undefined
  readonly pointer: string | undefined
  readonly retryAfterSeconds: number | undefined
  readonly retryable: boolean

  constructor(code: TaxiiClientErrorCode, message: string, details: TaxiiClientErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.status = details.status
    this.title = details.title
    this.description = details.description
    this.errorId = details.errorId
    this.location = details.location
    this.pointer = details.pointer
    this.retryAfterSeconds = details.retryAfterSeconds
    this.retryable = details.retryable ?? false
  }
}

/** A URL as it may stand in a message: origin and path, without user, password, query and fragment. */
export function printable(url: URL): string {
  return `${url.origin}${url.pathname}`
}
