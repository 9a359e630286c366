import { TaxiiClientError } from './errors.ts'

/** A URL to begin with. @throws {TaxiiClientError} `bad-option`; the text is not shown, it may hold a password */
export function startUrl(text: string): URL {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new TaxiiClientError('bad-option', 'This is no HTTPS URL')
  }
  if (url.username || url.password) {
    throw new TaxiiClientError('bad-option', 'A URL must not hold a user name or password')
  }
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

/** The URL of an endpoint below another. Every TAXII URL ends with a slash (TAXII 2.1 §3.1). */
export function endpoint(base: URL, ...segments: readonly string[]): URL {
  const url = new URL(base)
  for (const segment of segments) url.pathname += `${encodeSegment(segment)}/`
  return url
}

function encodeSegment(segment: string): string {
  // URL would take these for steps up and down, and leave the collection.
  if (segment === '' || segment === '.' || segment === '..') {
    throw new TaxiiClientError('bad-option', 'An id must not be empty or a dot')
  }
  return encodeURIComponent(segment)
}
