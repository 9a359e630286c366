import { every, isDictionaryKey, isDigit } from './characters.ts'
import { isJsonObject } from './table.ts'

/** A parsed selector: names of properties or dictionary keys, and list indices as numbers. */
export type SelectorPath = readonly (string | number)[]

/** Longer than any path into an object that parses. */
const MAX_LENGTH = 16_384

/**
 * Parses a granular selector such as `hashes.SHA-256` or `labels.[0]`: components with a dot between them, list indices in
 * brackets as components of their own. Capitals are allowed, because dictionary keys have them (STIX 2.1 §7.2.3.1).
 * @returns undefined for text that is no selector
 */
export function parseSelector(text: string): SelectorPath | undefined {
  if (text.length > MAX_LENGTH) return undefined
  const path: (string | number)[] = []
  for (const component of text.split('.')) {
    if (component.startsWith('[')) {
      const index = path.length === 0 ? undefined : parseIndex(component)
      if (index === undefined) return undefined
      path.push(index)
    } else {
      if (!isDictionaryKey(component)) return undefined
      path.push(component)
    }
  }
  return path
}

/** `[0]`, zero-based. Ten digits and more point past the end of any list. */
function parseIndex(component: string): number | undefined {
  const end = component.length - 1
  if (end < 2 || end > 10 || !component.endsWith(']') || !every(component, isDigit, 1, end)) return undefined
  return Number(component.slice(1, end))
}

/** The content that a selector points at. */
export interface Selected {
  readonly path: SelectorPath
  /** May be 0, false or empty: such content is present. */
  readonly value: unknown
}

/**
 * Finds the content that a selector points at. An index goes only into a list, a name only into an object's own properties.
 * @returns undefined when there is none, or when the text is no selector
 */
export function resolveSelector(selector: string | SelectorPath, object: unknown): Selected | undefined {
  const path = typeof selector === 'string' ? parseSelector(selector) : selector
  if (path === undefined) return undefined
  let value: unknown = object
  for (const component of path) {
    if (typeof component === 'number') {
      if (!Array.isArray(value) || component >= value.length) return undefined
      const entry: unknown = value[component]
      value = entry
    } else {
      if (!isJsonObject(value) || !Object.hasOwn(value, component)) return undefined
      value = value[component]
    }
  }
  return { path, value }
}
