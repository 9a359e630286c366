import { checkPattern } from './indicator-pattern.ts'
import { domainObject } from './definition.ts'
import type { ObjectOf } from './definition.ts'
import { integer, list, string, timestamp } from './fields.ts'
import type { ObjectRule } from './fields.ts'
import { ref, refWhere } from './identifier-fields.ts'
import { killChainPhase } from './kill-chain-phase.ts'
import { has, oneOf, ordered } from './object-rules.ts'
import { required } from './table.ts'
import { mayBeObserved } from './type-names.ts'
import { openVocabulary } from './vocabulary-fields.ts'

const namedAndDescribed: ObjectRule = (object, report) => {
  if (!has(object, 'name') || !has(object, 'description')) {
    report.warning('indicator-text', "should have both 'name' and 'description': add them")
  }
}

/** STIX 2.1 §4.7. */
export const indicator = domainObject(
  'indicator',
  {
    name: string(),
    description: string(),
    indicator_types: list(openVocabulary('indicator-type-ov')),
    pattern: required(string()),
    pattern_type: required(openVocabulary('pattern-type-ov')),
    pattern_version: string(),
    valid_from: required(timestamp()),
    valid_until: timestamp(),
    kill_chain_phases: list(killChainPhase),
  },
  ordered('valid_from', 'valid_until', true),
  namedAndDescribed,
  checkPattern,
)

/** STIX 2.1 §4.14. `objects` is refused before the table is read: see `stix-2.0`. */
export const observedData = domainObject(
  'observed-data',
  {
    first_observed: required(timestamp()),
    last_observed: required(timestamp()),
    number_observed: required(integer(1, 999_999_999)),
    object_refs: required(
      list(refWhere<string>(mayBeObserved, 'must refer to a cyber-observable or a relationship: correct it')),
    ),
  },
  ordered('first_observed', 'last_observed'),
)

/** STIX 2.1 §4.12. */
export const malwareAnalysis = domainObject(
  'malware-analysis',
  {
    product: required(string()),
    version: string(),
    host_vm_ref: ref('software'),
    operating_system_ref: ref('software'),
    installed_software_refs: list(ref('software')),
    configuration_version: string(),
    modules: list(string()),
    analysis_engine_version: string(),
    analysis_definition_version: string(),
    submitted: timestamp(),
    analysis_started: timestamp(),
    analysis_ended: timestamp(),
    result_name: string(),
    result: openVocabulary('malware-result-ov'),
    analysis_sco_refs: list(refWhere<string>(mayBeObserved, 'must refer to a cyber-observable: correct it')),
    sample_ref: ref('artifact', 'file', 'network-traffic'),
  },
  ordered('analysis_started', 'analysis_ended'),
  oneOf('result', 'analysis_sco_refs'),
)

/** STIX 2.1 §4.6. */
export const incident = domainObject('incident', { name: required(string()), description: string() })

/** STIX 2.1 §4.3. */
export const courseOfAction = domainObject('course-of-action', { name: required(string()), description: string() })

/** A pattern that finds suspicious activity (STIX 2.1 §4.7). */
export type Indicator = ObjectOf<typeof indicator>
/** What was seen on systems and networks (STIX 2.1 §4.14). */
export type ObservedData = ObjectOf<typeof observedData>
/** The result of analysing malware (STIX 2.1 §4.12). */
export type MalwareAnalysis = ObjectOf<typeof malwareAnalysis>
/** A stub that extensions fill (STIX 2.1 §4.6). */
export type Incident = ObjectOf<typeof incident>
/** What to do against an attack (STIX 2.1 §4.3). */
export type CourseOfAction = ObjectOf<typeof courseOfAction>
