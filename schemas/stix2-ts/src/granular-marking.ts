import { language, list, object, string } from './fields.ts'
import type { ObjectRule } from './fields.ts'
import { ref } from './identifier-fields.ts'
import { has } from './object-rules.ts'
import { resolveSelector } from './selector.ts'
import { isJsonObject, required } from './table.ts'
import type { ValueOf } from './table.ts'

const exactlyOne: ObjectRule = (marking, report) => {
  if (has(marking, 'lang') === has(marking, 'marking_ref')) {
    report.problem('granular-marking', "must have exactly one of 'lang' and 'marking_ref': add or remove one")
  }
}

/** A marking of a part of an object (STIX 2.1 §7.2.3). */
export const granularMarking = object(
  { lang: language(), marking_ref: ref('marking-definition'), selectors: required(list(string())) },
  exactlyOne,
)

/** An entry of `granular_markings`. */
export type GranularMarking = ValueOf<typeof granularMarking>

/** Every selector points at content of the object (STIX 2.1 §7.2.3.1). The time is linear in the text of the selectors. */
export const selectorsResolve: ObjectRule = (object, report) => {
  const markings = object['granular_markings']
  if (!Array.isArray(markings)) return
  report.enter('granular_markings')
  for (const [i, marking] of markings.entries()) {
    const selectors: unknown = isJsonObject(marking) ? marking['selectors'] : undefined
    if (!Array.isArray(selectors)) continue
    report.enter(i)
    report.enter('selectors')
    for (const [j, selector] of selectors.entries()) {
      if (typeof selector === 'string' && resolveSelector(selector, object) === undefined) {
        report.problemAt(j, 'selector', 'must point at content of the object: correct it')
      }
    }
    report.leave()
    report.leave()
  }
  report.leave()
}

/** A marking definition does not mark itself (STIX 2.1 §7.2.1). */
export const notCircular: ObjectRule = (object, report) => {
  const id = object['id']
  if (typeof id !== 'string') return
  const refs = object['object_marking_refs']
  const granular = object['granular_markings']
  const whole = Array.isArray(refs) && refs.includes(id)
  const part =
    Array.isArray(granular) && granular.some((marking) => isJsonObject(marking) && marking['marking_ref'] === id)
  if (whole || part) report.problem('marking-circular', 'must not mark itself: remove the reference to its own id')
}
