import type { Budget } from './budget.ts'
import { Binary } from './compare.ts'
import { bytesOfBase64, bytesOfHex } from './literals.ts'
import { isJsonObject, type JsonObject } from './observed-data.ts'
import type { ObjectPath } from './tree.ts'

/**
 * The values that a path leads to from an object, each once; none when it leads nowhere. A reference is followed when
 * a property of its target is asked for (STIX 2.1 §9.7.2), so that an identifier can still be compared itself.
 * Values of `_hex` and `_bin` properties come as {@link Binary}. Equal values are taken once at each step: on a cyclic
 * graph `knows_refs[*].knows_refs[*]…` stays linear in the objects and does not multiply.
 */
export function valuesAt(
  root: JsonObject,
  path: ObjectPath,
  resolve: (id: string) => unknown,
  budget: Budget,
): ReadonlySet<unknown> {
  let values: ReadonlySet<unknown> = new Set([root])
  let property = ''
  for (const step of path.steps) {
    const next = new Set<unknown>()
    if (step.kind === 'key') {
      const isReference = property.endsWith('_ref') || property.endsWith('_refs')
      for (const value of values) {
        budget.spend(1)
        const holder = isReference && typeof value === 'string' ? resolve(value) : value
        if (isJsonObject(holder) && Object.hasOwn(holder, step.name)) next.add(holder[step.name])
      }
      property = step.name
    } else {
      for (const value of values) {
        if (!Array.isArray(value)) continue
        const items: readonly unknown[] = value
        budget.spend(1)
        if (step.index !== '*') {
          if (step.index >= 0 && step.index < items.length) next.add(items[step.index])
          continue
        }
        budget.spend(items.length)
        for (const item of items) next.add(item)
      }
    }
    if (next.size === 0) return next
    values = next
  }
  if (path.steps.at(-1)?.kind !== 'key') return values
  const decode = property.endsWith('_hex') ? bytesOfHex : property.endsWith('_bin') ? bytesOfBase64 : undefined
  return decode === undefined ? values : decodeAll(values, decode, budget)
}

function decodeAll(
  values: ReadonlySet<unknown>,
  decode: (text: string) => string | undefined,
  budget: Budget,
): ReadonlySet<unknown> {
  const decoded = new Set<unknown>()
  for (const value of values) {
    if (typeof value === 'string') budget.spend(value.length >> 6)
    const bytes = typeof value === 'string' ? decode(value) : undefined
    // What does not decode stays the text that it is.
    decoded.add(bytes === undefined ? value : new Binary(bytes))
  }
  return decoded
}
