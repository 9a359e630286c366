import type { DirectoryEntry } from '../../policies/directory-entry.ts'
import { attributeTypes, normalValue, prepared } from './attribute-types.ts'
import type { Filter } from './filter.ts'

/** Whether a filter matches an entry; undefined is the third value of RFC 4511 §4.5.1.7, which selects nothing. */
export type Matcher = (entry: DirectoryEntry) => boolean | undefined

/** Prepares a filter for many entries: what it compares with is brought into its normal form once. */
export function matcherOf(filter: Filter): Matcher {
  switch (filter.kind) {
    case 'undefined':
      return () => undefined
    case 'not': {
      const part = matcherOf(filter.part)
      return (entry) => {
        const matches = part(entry)
        return matches === undefined ? undefined : !matches
      }
    }
    case 'and':
      return all(filter.parts.map(matcherOf), false)
    case 'or':
      return all(filter.parts.map(matcherOf), true)
    case 'present': {
      const types = attributeTypes(filter.attribute)
      return types.length === 0 ? () => undefined : (entry) => types.some(({ name }) => entry.attributes.has(name))
    }
    case 'equal':
    case 'substring':
      return comparison(filter)
  }
}

/** "And" is over with the first false, "or" with the first true; one undefined keeps the contrary from being said. */
function all(parts: readonly Matcher[], deciding: boolean): Matcher {
  return (entry) => {
    let matches: boolean | undefined = !deciding
    for (const part of parts) {
      const each = part(entry)
      if (each === deciding) return deciding
      if (each === undefined) matches = undefined
    }
    return matches
  }
}

function comparison(filter: Extract<Filter, { kind: 'equal' | 'substring' }>): Matcher {
  const tests = attributeTypes(filter.attribute).map(({ name, rule }) => {
    if (filter.kind === 'substring') {
      // names and identifiers are whole or nothing: their types have no rule for substrings
      return rule === 'caseIgnoreMatch' ? { name, rule, passes: substringTest(filter.pieces) } : undefined
    }
    const wanted = normalValue(rule, filter.value)
    return { name, rule, passes: (value: string) => value === wanted }
  })
  const known = tests.filter((test) => test !== undefined)
  if (known.length === 0) return () => undefined
  return (entry) => known.some(({ name, rule, passes }) => normalValues(entry, name, rule).some(passes))
}

function substringTest(pieces: readonly string[]): (value: string) => boolean {
  const first = prepared(pieces[0] ?? '').trimStart()
  const last = prepared(pieces.at(-1) ?? '').trimEnd()
  const between = pieces.slice(1, -1).map(prepared)
  return (value) => {
    if (!value.startsWith(first)) return false
    let from = first.length
    for (const piece of between) {
      const at = value.indexOf(piece, from)
      if (at < 0) return false
      from = at + piece.length
    }
    return value.length - last.length >= from && value.endsWith(last)
  }
}

const normalised = new WeakMap<DirectoryEntry, Map<string, readonly string[]>>()

/** The values of an attribute in their normal form; made when they are first compared. */
function normalValues(entry: DirectoryEntry, name: string, rule: Parameters<typeof normalValue>[0]): readonly string[] {
  let ofEntry = normalised.get(entry)
  if (!ofEntry) normalised.set(entry, (ofEntry = new Map()))
  let values = ofEntry.get(name)
  if (!values) {
    values = (entry.attributes.get(name) ?? []).map((value) => normalValue(rule, value))
    ofEntry.set(name, values)
  }
  return values
}

/**
 * Whether an entry has a value (RFC 4511 §4.10).
 * @returns undefined when it has no such attribute
 */
export function hasValue(entry: DirectoryEntry, attribute: string, value: string): boolean | undefined {
  const types = attributeTypes(attribute).filter(({ name }) => entry.attributes.has(name))
  if (types.length === 0) return undefined
  return types.some(({ name, rule }) => normalValues(entry, name, rule).includes(normalValue(rule, value)))
}
