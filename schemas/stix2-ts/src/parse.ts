import { checkCustomObject } from './custom-object.ts'
import { checkCustomProperty } from './custom-property.ts'
import type { Definition } from './definition.ts'
import { isIdentifier, uuidVersion } from './identifier.ts'
import { DEFINITIONS } from './object.ts'
import type { StixObject } from './object.ts'
import { observableId } from './observable-id.ts'
import { Report } from './report.ts'
import type { Problem } from './report.ts'
import { isStix20, refuseStix20 } from './stix-2-0.ts'
import { checkTable, isJsonObject } from './table.ts'
import type { JsonObject } from './table.ts'

/** A STIX object with warnings, or the problems that refuse it. */
export type ParsedObject =
  | { readonly ok: true; readonly object: StixObject; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Takes a JSON value as a STIX 2.1 object. What a receiver can check of each MUST is a problem, of each SHOULD a warning;
 * at most 50 of each are given. The object is neither copied nor changed, and custom properties are kept. Never throws on
 * JSON, however deep or hostile.
 */
export function parseStixObject(value: unknown): ParsedObject {
  const report = new Report()
  checkStixObject(value, report)
  if (report.problems.length > 0) return { ok: false, problems: report.problems }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every property has just passed its check, and JSON becomes typed here alone
  return { ok: true, object: value as StixObject, warnings: report.warnings }
}

/** Reports what is wrong with a value as a STIX object. */
export function checkStixObject(value: unknown, report: Report): void {
  if (!isJsonObject(value)) return report.problem('object', 'must be a JSON object: put it in curly brackets')
  const { type } = value
  if (typeof type !== 'string') {
    return report.problemAt(
      'type',
      type === undefined ? 'required' : 'string',
      'must name the type of the object: add it as text',
    )
  }
  if (type === 'bundle') return report.problemAt('type', 'bundle', 'must not be bundle: take its objects one by one')
  const definition = DEFINITIONS.get(type)
  if (isStix20(value, definition)) return refuseStix20(report)
  if (definition === undefined) checkCustomObject(type, value, report)
  else checkKnownObject(definition, value, report)
}

function checkKnownObject(definition: Definition, value: JsonObject, report: Report): void {
  const before = report.problems.length
  checkTable(definition.table, value, report, checkCustomProperty)
  for (const rule of definition.rules) rule(value, report)
  if (definition.family === 'sco' && report.problems.length === before)
    checkObservableId(definition.type, value, report)
}

/** The id of an observable follows from its content; one without contributing properties has a random id (STIX 2.1 §2.9). */
function checkObservableId(type: string, object: JsonObject, report: Report): void {
  const { id } = object
  if (typeof id !== 'string' || !isIdentifier(id)) return
  const version = uuidVersion(id)
  const expected = observableId({ ...object, type })
  if (expected === undefined) {
    if (version !== 4)
      report.problemAt('id', 'id-random', 'must have a UUIDv4, because nothing contributes to it: make a new id')
  } else if (version !== 5) report.warningAt('id', 'id-version', 'should have a UUIDv5: make the id from the content')
  else if (id.toLowerCase() !== expected) {
    report.warningAt(
      'id',
      'id-content',
      'should be the UUIDv5 of the contributing properties: make the id from the content',
    )
  }
}
