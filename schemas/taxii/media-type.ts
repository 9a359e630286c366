/** The media type of every TAXII 2.1 body (§1.6.8). */
export const TAXII = 'application/taxii+json;version=2.1'

/** The media type of STIX 2.1 objects in a collection (§5.2, §5.3). */
export const STIX = 'application/stix+json;version=2.1'

/** The longest header that is looked at: real clients send under 200 characters. */
const MAX_HEADER = 2000

/** One range of an Accept header, or a Content-Type (RFC 7231 §3.1.1.1, §5.3.2). */
export interface MediaRange {
  /** In lower case. */
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  readonly quality: number
}

/** Splits a header into its media ranges; what is no media range is left out. */
export function parseMediaRanges(header: string): readonly MediaRange[] {
  const ranges: MediaRange[] = []
  for (const part of splitOutsideQuotes(header.slice(0, MAX_HEADER), ',')) {
    const [type = '', ...rest] = splitOutsideQuotes(part, ';')
    const name = type.trim().toLowerCase()
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) continue
    const parameters = new Map<string, string>()
    for (const parameter of rest) {
      const equals = parameter.indexOf('=')
      if (equals < 0) continue
      parameters.set(parameter.slice(0, equals).trim().toLowerCase(), unquote(parameter.slice(equals + 1).trim()))
    }
    ranges.push({ type: name, parameters, quality: qualityOf(parameters.get('q')) })
  }
  return ranges
}

/**
 * Whether a client takes TAXII 2.1: our type without or with version 2.1, or a wildcard; the most specific range decides
 * (RFC 7231 §5.3.2). A missing header is refused by the caller's choice, an empty one accepts nothing.
 */
export function acceptsTaxii(header: string): boolean {
  // nearly every client sends the plain form: no need to take it apart
  if (header === TAXII || header === '*/*') return true
  let best = -1
  let quality = 0
  for (const range of parseMediaRanges(header)) {
    const rank = rankOf(range)
    if (rank > best || (rank === best && range.quality > quality)) {
      best = rank
      quality = range.quality
    }
  }
  return best >= 0 && quality > 0
}

/** Whether a posted body says that it is TAXII 2.1 (§1.6.8); the version may be left out. */
export function isTaxiiBody(contentType: string): boolean {
  const [range] = parseMediaRanges(contentType)
  return range !== undefined && range.type === 'application/taxii+json' && hasOurVersion(range)
}

function rankOf(range: MediaRange): number {
  if (range.type === 'application/taxii+json')
    return hasOurVersion(range) ? (range.parameters.has('version') ? 3 : 2) : -1
  if (range.type === 'application/*') return 1
  // generic JSON clients are served what they can read
  if (range.type === 'application/json') return 1
  return range.type === '*/*' ? 0 : -1
}

function hasOurVersion(range: MediaRange): boolean {
  const version = range.parameters.get('version')
  return version === undefined || version === '2.1'
}

function qualityOf(text: string | undefined): number {
  if (text === undefined) return 1
  const quality = Number(text)
  return Number.isFinite(quality) ? Math.min(Math.max(quality, 0), 1) : 0
}

function unquote(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length >= 2
    ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1')
    : text
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = []
  let start = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') quoted = !quoted
    else if (char === '\\' && quoted) at += 1
    else if (char === separator && !quoted) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}
