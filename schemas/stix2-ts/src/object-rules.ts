import type { ObjectRule } from './fields.ts'
import type { JsonObject } from './table.ts'
import { compareTimestamps, isTimestamp } from './timestamp.ts'

/** `later` is not before `earlier`; with `strictly` it is not equal either. */
export function ordered(earlier: string, later: string, strictly = false): ObjectRule {
  const rule = later === 'modified' ? 'order-modified' : 'order-time'
  return (object, report) => {
    const from = object[earlier]
    const to = object[later]
    if (typeof from !== 'string' || typeof to !== 'string' || (from === to && !strictly)) return
    if (!isTimestamp(from) || !isTimestamp(to)) return
    const order = compareTimestamps(from, to)
    if (order < 0 || (order === 0 && !strictly)) return
    report.problemAt(
      later,
      rule,
      `must be ${strictly ? 'later than' : 'equal to or later than'} '${earlier}': correct one of them`,
    )
  }
}

/** At least one of some properties is present. */
export function oneOf(...names: readonly string[]): ObjectRule {
  return (object, report) => {
    if (!names.some((name) => has(object, name))) {
      report.problem('one-of', `must have at least one of ${names.map((name) => `'${name}'`).join(', ')}: add one`)
    }
  }
}

/** When one property is present, so is each of the others. */
export function needs(name: string, ...others: readonly string[]): ObjectRule {
  return (object, report) => {
    if (!has(object, name)) return
    for (const other of others) {
      if (!has(object, other))
        report.problemAt(other, 'together', `must be present with '${name}': add it, or remove '${name}'`)
    }
  }
}

/** Two properties are not both present. */
export function excludes(name: string, other: string): ObjectRule {
  return (object, report) => {
    if (has(object, name) && has(object, other)) {
      report.problemAt(other, 'exclusive', `must not be present with '${name}': remove one of them`)
    }
  }
}

/** A nested object that says nothing is left out. */
export const notEmpty: ObjectRule = (object, report) => {
  if (Object.keys(object).length === 0)
    report.problem('empty-object', 'must have at least one property: add one, or leave it out')
}

/** True when a property is present. */
export function has(object: JsonObject, name: string): boolean {
  return object[name] !== undefined
}
