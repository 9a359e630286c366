import type { Budget } from './budget.ts'
import { MatchStop } from './budget.ts'
import { nanosOfTimestamp } from './timestamp.ts'
import type { Span } from './tree.ts'

/** A JSON object of a bundle. */
export type JsonObject = Readonly<Record<string, unknown>>

/** What an observed-data object says: these objects were seen `count` times between two instants (STIX 2.1 §4.14). */
export interface ObservedData {
  /** Nanoseconds since 1970. */
  readonly first: bigint
  readonly last: bigint
  readonly count: number
  /** The objects that it names: a comparison begins at one of these. */
  readonly roots: readonly JsonObject[]
  /** The object with an identifier, for references. */
  readonly resolve: (id: string) => unknown
}

/** Says whether a value is a JSON object and no list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * All observed-data of the bundles, with `object_refs` resolved inside the bundle, or the `objects` dictionary of
 * STIX 2.0 where there is no `object_refs`. Throws {@link MatchStop} on a value that is not a bundle and on
 * observed-data without usable times or number.
 */
export function observedDataOf(bundles: readonly unknown[], pattern: Span, budget: Budget): readonly ObservedData[] {
  const found: ObservedData[] = []
  for (const bundle of bundles) {
    const objects = isJsonObject(bundle) ? (bundle['objects'] ?? []) : undefined
    if (!Array.isArray(objects)) {
      throw new MatchStop(pattern, 'bundle', 'One of the values is no bundle; pass bundles with a list of objects.')
    }
    const byId = new Map<string, JsonObject>()
    for (const object of objects) {
      budget.spend(1)
      if (isJsonObject(object) && typeof object['id'] === 'string') byId.set(object['id'], object)
    }
    for (const object of objects) {
      if (isJsonObject(object) && object['type'] === 'observed-data') found.push(read(object, byId, pattern, budget))
    }
  }
  return found
}

function read(object: JsonObject, byId: ReadonlyMap<string, JsonObject>, pattern: Span, budget: Budget): ObservedData {
  const first = instant(object['first_observed'])
  const last = instant(object['last_observed'])
  const count = object['number_observed']
  if (first === undefined || last === undefined || first > last) {
    const message = 'An observed-data object lacks valid first_observed and last_observed; give both, in order.'
    throw new MatchStop(pattern, 'observed-data', message)
  }
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1) {
    const message = 'An observed-data object lacks a valid number_observed; give a positive integer.'
    throw new MatchStop(pattern, 'observed-data', message)
  }
  const refs = object['object_refs']
  const local = object['objects']
  if (Array.isArray(refs) || !isJsonObject(local)) {
    const roots = new Set<JsonObject>()
    for (const ref of Array.isArray(refs) ? refs : []) {
      budget.spend(1)
      const root = typeof ref === 'string' ? byId.get(ref) : undefined
      if (root !== undefined) roots.add(root)
    }
    return { first, last, count, roots: [...roots], resolve: (id) => byId.get(id) }
  }
  const roots = Object.values(local).filter(isJsonObject)
  budget.spend(roots.length)
  return { first, last, count, roots, resolve: (key) => (Object.hasOwn(local, key) ? local[key] : undefined) }
}

function instant(value: unknown): bigint | undefined {
  return typeof value === 'string' ? nanosOfTimestamp(value) : undefined
}
