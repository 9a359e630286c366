import type { Definition } from './definition.ts'
import type { Report } from './report.ts'
import type { JsonObject } from './table.ts'

/** Types that STIX 2.0 does not have: one of them without spec_version is faulty STIX 2.1. */
const NEW_IN_2_1: ReadonlySet<string> = new Set([
  'extension-definition',
  'grouping',
  'incident',
  'infrastructure',
  'language-content',
  'location',
  'malware-analysis',
  'note',
  'opinion',
])

/**
 * True for an object of STIX 2.0: an SDO, SRO or marking without `spec_version`, or observed data with the `objects` that
 * STIX 2.1 replaced by `object_refs` (STIX 2.1 §3.2, §4.14).
 */
export function isStix20(object: JsonObject, definition: Definition | undefined): boolean {
  const version = object['spec_version']
  if (version === '2.0') return true
  if (definition === undefined || definition.family === 'sco') return false
  if (definition.type === 'observed-data' && object['objects'] !== undefined) return true
  return version === undefined && !NEW_IN_2_1.has(definition.type)
}

/** Reports an object of STIX 2.0 and the way out. */
export function refuseStix20(report: Report): void {
  report.problem('stix-2.0', 'is STIX 2.0: convert it with upgradeObject or vouchsafe import --upgrade')
}
