import { courseOfAction, incident, indicator, malwareAnalysis, observedData } from './findings.ts'
import { grouping, identity, location, note, opinion, report } from './reporting.ts'
import {
  attackPattern,
  campaign,
  infrastructure,
  intrusionSet,
  malware,
  threatActor,
  tool,
  vulnerability,
} from './threats.ts'

/** The definitions of the 19 domain objects (STIX 2.1 §4). */
export const DOMAIN_OBJECTS = {
  'attack-pattern': attackPattern,
  campaign,
  'course-of-action': courseOfAction,
  grouping,
  identity,
  incident,
  indicator,
  infrastructure,
  'intrusion-set': intrusionSet,
  location,
  malware,
  'malware-analysis': malwareAnalysis,
  note,
  'observed-data': observedData,
  opinion,
  report,
  'threat-actor': threatActor,
  tool,
  vulnerability,
} as const
