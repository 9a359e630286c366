/** An address with its methods, and the named parts of the path that led there. */
export interface Found<T> {
  readonly endpoint: T
  readonly parts: Readonly<Record<string, string>>
}

/**
 * Finds the endpoint of a path. Patterns are segments, `:name` takes any one; a slash at the end makes no difference
 * (TAXII 2.1 §3.1 asks for it). Compared segment by segment: on the hot path a list of regular expressions costs more
 * than everything else that is done for a page from memory.
 * @returns undefined when there is none, also for a path that is no valid percent-encoding
 */
export function findEndpoint<T extends { readonly path: string }>(
  endpoints: readonly T[],
  path: string,
): Found<T> | undefined {
  const segments = segmentsOf(path)
  if (!segments) return undefined
  for (const endpoint of endpoints) {
    const parts = match(patternOf(endpoint.path), segments)
    if (parts) return { endpoint, parts }
  }
  return undefined
}

const patterns = new Map<string, readonly string[]>()

function patternOf(path: string): readonly string[] {
  let pattern = patterns.get(path)
  if (!pattern) patterns.set(path, (pattern = path.slice(1).split('/')))
  return pattern
}

function segmentsOf(path: string): readonly string[] | undefined {
  const end = path.endsWith('/') ? path.length - 1 : path.length
  const segments = path.slice(1, end).split('/')
  if (!path.includes('%')) return segments
  try {
    return segments.map(decodeURIComponent)
  } catch {
    return undefined // a URIError: no name of ours needs such an encoding
  }
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined
  const parts: Record<string, string> = {}
  for (const [index, wanted] of pattern.entries()) {
    const segment = segments[index] ?? ''
    if (wanted.startsWith(':') && segment !== '') parts[wanted.slice(1)] = segment
    else if (wanted !== segment) return undefined
  }
  return parts
}
