import { isTimestamp, normalVersion } from 'stix2-ts'

/** Which versions of an object are wanted (TAXII 2.1 §3.4). */
export interface VersionMatch {
  readonly all: boolean
  readonly first: boolean
  readonly last: boolean
  /** Normal forms. */
  readonly exact: readonly string[]
}

/** A checked query string of the object endpoints. */
export interface ObjectQuery {
  /** As it was given: exclusive lower bound of `date_added`. */
  readonly addedAfter: string | undefined
  readonly limit: number | undefined
  readonly next: string | undefined
  readonly ids: readonly string[] | undefined
  readonly types: readonly string[] | undefined
  readonly versions: VersionMatch
  /** False when only other versions of STIX than 2.1 are wanted: nothing is found then. */
  readonly spec21: boolean
}

/** What is wrong with a query string: the parameter and the fix. */
export interface QueryProblem {
  readonly parameter: string
  readonly message: string
}

/** Parameters of each endpoint (§5.3 to §5.8). A field that an endpoint does not know is ignored (Q22). */
export type QueryField = 'added_after' | 'limit' | 'next' | 'id' | 'type' | 'version' | 'spec_version'

/** So many values of one field: an id takes 50 characters, and a query string is bounded at 16 KiB by Node. */
const MAX_VALUES = 500

/** `2026-11-21T20:21:31` with 30 decimals and Z: what comes later would silently be read as no time at all. */
const MAX_TIMESTAMP = 51

const JOIN = 'is given twice: join its values with commas (TAXII 2.1 §3.4)'

const LATEST: VersionMatch = { all: false, first: false, last: true, exact: [] }

/**
 * Checks the query string of an object endpoint.
 * @param query as Express's simple parser gives it: a repeated key is a list
 */
export function parseObjectQuery(
  query: Readonly<Record<string, unknown>>,
  fields: readonly QueryField[],
): { readonly ok: true; readonly query: ObjectQuery } | { readonly ok: false; readonly problem: QueryProblem } {
  const given = new Map<QueryField, string>()
  for (const field of fields) {
    const parameter = parameterOf(field)
    const value = query[parameter]
    if (value === undefined) continue
    if (typeof value !== 'string') {
      return refuse(parameter, parameter === field ? 'is given twice: give it once' : JOIN)
    }
    given.set(field, value)
  }
  const addedAfter = given.get('added_after')
  if (addedAfter !== undefined && (addedAfter.length > MAX_TIMESTAMP || !isTimestamp(addedAfter))) {
    return refuse('added_after', 'is no timestamp: write it like 2026-11-21T20:21:31.199890Z')
  }
  const limit = limitOf(given.get('limit'))
  if (limit === null) return refuse('limit', 'must be a whole number above 0')
  const lists: Partial<Record<QueryField, readonly string[]>> = {}
  for (const field of ['id', 'type', 'version', 'spec_version'] as const) {
    const text = given.get(field)
    if (text === undefined) continue
    const values = text.split(',')
    if (values.length > MAX_VALUES) return refuse(parameterOf(field), `takes at most ${MAX_VALUES} values`)
    if (text.includes('\0')) return refuse(parameterOf(field), 'has a NUL character: leave it out')
    if (values.includes('')) return refuse(parameterOf(field), 'has an empty value: name at least one')
    lists[field] = values
  }
  const versions = versionsOf(lists.version)
  if (typeof versions === 'string') return refuse('match[version]', versions)
  const spec = lists.spec_version
  if (spec?.some((value) => !/^\d+\.\d+$/.test(value))) {
    return refuse('match[spec_version]', 'takes versions of STIX such as 2.1')
  }
  return {
    ok: true,
    query: {
      addedAfter,
      limit,
      next: given.get('next'),
      ids: lists.id,
      types: lists.type,
      versions,
      spec21: spec === undefined || spec.includes('2.1'),
    },
  }
}

/** The parts of a query that must stay the same from page to page, in one text (§3.5: filters are repeated with next). */
export function filterText(query: ObjectQuery): string {
  return JSON.stringify([query.addedAfter, query.ids, query.types, query.versions, query.spec21])
}

function parameterOf(field: QueryField): string {
  return field === 'added_after' || field === 'limit' || field === 'next' ? field : `match[${field}]`
}

function limitOf(text: string | undefined): number | undefined | null {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text)) return null
  const limit = Number(text) // may be beyond any integer: it is capped by the caller
  return limit > 0 ? Math.min(limit, Number.MAX_SAFE_INTEGER) : null
}

function versionsOf(values: readonly string[] | undefined): VersionMatch | string {
  if (!values) return LATEST
  const seen = new Set<string>()
  const exact: string[] = []
  for (const value of values) {
    const keyword = value === 'all' || value === 'first' || value === 'last'
    if (!keyword && !isTimestamp(value)) return 'takes all, first, last or timestamps like 2018-03-02T01:01:01.123Z'
    const normal = keyword ? value : normalVersion(value)
    if (seen.has(normal)) return 'names one version twice: leave one out'
    seen.add(normal)
    if (!keyword) exact.push(normal)
  }
  const all = seen.has('all')
  if (all && seen.size > 1) return 'takes all alone: leave the other values out'
  return { all, first: seen.has('first'), last: seen.has('last'), exact }
}

function refuse(parameter: string, message: string): { readonly ok: false; readonly problem: QueryProblem } {
  return { ok: false, problem: { parameter, message } }
}
