import { checkAnything } from './anything.ts'
import { DEFINITIONS } from './object.ts'
import type { StixObject } from './object.ts'
import { parseStixObject } from './parse.ts'
import { MAX_FINDINGS, Report } from './report.ts'
import type { Problem } from './report.ts'
import { isStix20 } from './stix-2-0.ts'
import { isJsonObject } from './table.ts'
import type { JsonObject } from './table.ts'
import { TLP_MARKINGS } from './tlp.ts'
import { upgradeLabels } from './upgrade-labels.ts'
import { upgradeObservedData } from './upgrade-observed-data.ts'
import { upgradePattern } from './upgrade-pattern.ts'

/** What came of an upgrade: `ok` when every object is valid STIX 2.1. `objects` holds those that are. */
export interface Upgrade {
  readonly ok: boolean
  readonly objects: readonly StixObject[]
  readonly problems: readonly Problem[]
}

/**
 * Converts an object of STIX 2.0, or each object of a bundle, to STIX 2.1. An observed-data becomes one object and the
 * observables that its `objects` held; all else stays one object. STIX 2.1 goes through as it is. The same input always
 * gives the same output, ids included. The pointers of problems are into the converted object. Never throws on JSON.
 *
 * - labels that are words of the vocabulary become indicator_types, malware_types, report_types, threat_actor_types or
 *   tool_types; the others stay labels
 * - malware gets `is_family: false`, an indicator `pattern_type: stix`, START and STOP of a pattern timestamp literals
 * - properties that STIX 2.1 renamed are renamed, those that it removed keep their value under the prefix `x_`
 * - a granular marking of something that moved becomes a marking of the whole object
 */
export function upgradeObject(value: unknown): Upgrade {
  const report = new Report()
  checkAnything(value, report)
  if (report.problems.length > 0) return { ok: false, objects: [], problems: report.problems }
  const converted = isJsonObject(value) && value['type'] === 'bundle' ? upgradeBundle(value) : upgradeOne(value, false)
  const objects: StixObject[] = []
  const problems: Problem[] = []
  for (const object of converted) {
    const result = parseStixObject(object)
    if (result.ok) objects.push(result.object)
    else problems.push(...result.problems.slice(0, MAX_FINDINGS - problems.length))
  }
  return { ok: problems.length === 0, objects, problems }
}

function upgradeBundle(bundle: JsonObject): readonly unknown[] {
  const objects = bundle['objects']
  if (objects === undefined) return []
  if (!Array.isArray(objects)) return [bundle]
  return objects.flatMap((object: unknown) => upgradeOne(object, bundle['spec_version'] === '2.0'))
}

function upgradeOne(value: unknown, in20: boolean): readonly unknown[] {
  if (!isJsonObject(value)) return [value]
  const { type } = value
  if (typeof type !== 'string') return [value]
  const definition = DEFINITIONS.get(type)
  const custom20 = in20 && definition === undefined && value['spec_version'] === undefined
  if (!isStix20(value, definition) && !custom20) return [value]
  if (type === 'observed-data' && isJsonObject(value['objects'])) return upgradeObservedData(value, value['objects'])
  return [upgradeSingle(type, value)]
}

function upgradeSingle(type: string, object: JsonObject): unknown {
  const { id } = object
  if (type === 'marking-definition' && typeof id === 'string') {
    const fixed = TLP_MARKINGS.get(id)
    if (fixed !== undefined) return fixed
  }
  const upgraded = upgradeLabels(type, { ...object, spec_version: '2.1' })
  if (type === 'malware') return { is_family: false, ...upgraded }
  if (type !== 'indicator') return upgraded
  const { pattern } = object
  return {
    pattern_type: 'stix',
    ...upgraded,
    ...(typeof pattern === 'string' ? { pattern: upgradePattern(pattern) } : {}),
  }
}
