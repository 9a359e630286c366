import { checkCustomProperty } from './custom-property.ts'
import { constant } from './fields.ts'
import { idOf } from './identifier-fields.ts'
import type { Identifier } from './identifier.ts'
import type { StixObject } from './object.ts'
import { versionOf } from './object.ts'
import { checkStixObject } from './parse.ts'
import { MAX_FINDINGS, Report } from './report.ts'
import type { Problem } from './report.ts'
import { refuseStix20 } from './stix-2-0.ts'
import { checkTable, compile, isJsonObject, required } from './table.ts'
import type { JsonObject } from './table.ts'
import { isTimestamp, normalVersion } from './timestamp.ts'

/** A container of objects without meaning of its own (STIX 2.1 §8). */
export interface Bundle {
  readonly type: 'bundle'
  readonly id: Identifier<'bundle'>
  readonly objects?: readonly StixObject[]
}

/** A bundle with warnings, or the problems that refuse it. */
export type ParsedBundle =
  | { readonly ok: true; readonly bundle: Bundle; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const TABLE = compile({
  type: required(constant('bundle')),
  id: required(idOf('bundle', 4)),
  // the entries are checked one by one in checkObjects
  objects: { check: () => undefined },
})

/**
 * Takes a JSON value as a STIX 2.1 bundle. One bad object refuses the bundle, with pointers such as `/objects/3/id`; who
 * wants the good ones takes the objects one by one. At most 50 problems and 50 warnings are given. Never throws on JSON.
 */
export function parseBundle(value: unknown): ParsedBundle {
  const report = new Report()
  checkBundle(value, report)
  if (report.problems.length > 0) return { ok: false, problems: report.problems }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the bundle and each object in it have just passed their checks
  return { ok: true, bundle: value as Bundle, warnings: report.warnings }
}

function checkBundle(value: unknown, report: Report): void {
  if (!isJsonObject(value)) return report.problem('object', 'must be a JSON object: put it in curly brackets')
  if (value['type'] !== 'bundle')
    return report.problemAt('type', 'bundle', 'must be bundle: use parseStixObject for one object')
  const { objects, ...rest } = value
  checkTable(TABLE, rest, report, checkCustomProperty)
  const is20 = value['spec_version'] === '2.0'
  if (objects === undefined) {
    if (is20) refuseStix20(report)
    return
  }
  report.enter('objects')
  if (!Array.isArray(objects)) report.problem('list', 'must be a list: put it in square brackets')
  else if (objects.length === 0) report.problem('empty-list', 'must not be empty: leave it out')
  else checkObjects(objects, is20, report)
  report.leave()
}

function checkObjects(objects: readonly unknown[], is20: boolean, report: Report): void {
  const seen = new Set<string>()
  for (const [i, object] of objects.entries()) {
    if (report.problems.length >= MAX_FINDINGS) return
    report.enter(i)
    // in a bundle of STIX 2.0 an object is STIX 2.0 unless it says otherwise
    if (is20 && isJsonObject(object) && object['spec_version'] !== '2.1') refuseStix20(report)
    else checkStixObject(object, report)
    if (isJsonObject(object) && isRepeated(object, seen)) {
      report.warning('duplicate-object', 'should be in the bundle only once with its id and modified: remove it')
    }
    report.leave()
  }
}

function isRepeated(object: JsonObject, seen: Set<string>): boolean {
  const { id } = object
  if (typeof id !== 'string') return false
  const version = versionOf(object)
  const key = `${id} ${version !== undefined && isTimestamp(version) ? normalVersion(version) : ''}`
  if (seen.has(key)) return true
  seen.add(key)
  return false
}
