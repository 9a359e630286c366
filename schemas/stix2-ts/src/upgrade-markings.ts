import { isJsonObject } from './table.ts'
import type { JsonObject } from './table.ts'

/**
 * Turns granular markings of properties that move into markings of the whole object, because a marking may become wider
 * in a conversion but never narrower.
 */
export function raiseMarkings(object: JsonObject, moved: readonly string[]): JsonObject {
  const { granular_markings: markings, ...rest } = object
  if (!Array.isArray(markings)) return object
  const raised: unknown[] = []
  const kept: unknown[] = []
  for (const marking of markings) {
    const selectors: unknown = isJsonObject(marking) ? marking['selectors'] : undefined
    if (!isJsonObject(marking) || !Array.isArray(selectors)) {
      kept.push(marking)
      continue
    }
    const left = selectors.filter((selector) => !isMoved(selector, moved))
    if (left.length < selectors.length) raised.push(marking['marking_ref'])
    if (left.length > 0) kept.push({ ...marking, selectors: left })
  }
  if (raised.length === 0) return object
  const marked = { ...rest, object_marking_refs: [...new Set([...markingsOf(rest), ...raised])] }
  return kept.length > 0 ? { ...marked, granular_markings: kept } : marked
}

/** The markings of the whole object. */
export function markingsOf(object: JsonObject): readonly unknown[] {
  const refs = object['object_marking_refs']
  return Array.isArray(refs) ? refs : []
}

function isMoved(selector: unknown, moved: readonly string[]): boolean {
  return typeof selector === 'string' && moved.includes(selector.split('.', 1)[0] ?? '')
}
