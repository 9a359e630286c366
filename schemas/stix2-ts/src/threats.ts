import { boolean, list, string, timestamp } from './fields.ts'
import { domainObject } from './definition.ts'
import type { ObjectOf } from './definition.ts'
import type { ObjectRule } from './fields.ts'
import { killChainPhase } from './kill-chain-phase.ts'
import { has, ordered } from './object-rules.ts'
import { ref } from './identifier-fields.ts'
import { required } from './table.ts'
import { openVocabulary } from './vocabulary-fields.ts'

const seenInOrder = ordered('first_seen', 'last_seen')

/** STIX 2.1 §4.1. */
export const attackPattern = domainObject('attack-pattern', {
  name: required(string()),
  description: string(),
  aliases: list(string()),
  kill_chain_phases: list(killChainPhase),
})

/** STIX 2.1 §4.2. */
export const campaign = domainObject(
  'campaign',
  {
    name: required(string()),
    description: string(),
    aliases: list(string()),
    first_seen: timestamp(),
    last_seen: timestamp(),
    objective: string(),
  },
  seenInOrder,
)

/** STIX 2.1 §4.9. */
export const intrusionSet = domainObject(
  'intrusion-set',
  {
    name: required(string()),
    description: string(),
    aliases: list(string()),
    first_seen: timestamp(),
    last_seen: timestamp(),
    goals: list(string()),
    resource_level: openVocabulary('attack-resource-level-ov'),
    primary_motivation: openVocabulary('attack-motivation-ov'),
    secondary_motivations: list(openVocabulary('attack-motivation-ov')),
  },
  seenInOrder,
)

/** STIX 2.1 §4.17. */
export const threatActor = domainObject(
  'threat-actor',
  {
    name: required(string()),
    description: string(),
    threat_actor_types: list(openVocabulary('threat-actor-type-ov')),
    aliases: list(string()),
    first_seen: timestamp(),
    last_seen: timestamp(),
    roles: list(openVocabulary('threat-actor-role-ov')),
    goals: list(string()),
    sophistication: openVocabulary('threat-actor-sophistication-ov'),
    resource_level: openVocabulary('attack-resource-level-ov'),
    primary_motivation: openVocabulary('attack-motivation-ov'),
    secondary_motivations: list(openVocabulary('attack-motivation-ov')),
    personal_motivations: list(openVocabulary('attack-motivation-ov')),
  },
  seenInOrder,
)

/** STIX 2.1 §4.8. */
export const infrastructure = domainObject(
  'infrastructure',
  {
    name: required(string()),
    description: string(),
    infrastructure_types: list(openVocabulary('infrastructure-type-ov')),
    aliases: list(string()),
    kill_chain_phases: list(killChainPhase),
    first_seen: timestamp(),
    last_seen: timestamp(),
  },
  seenInOrder,
)

const familyHasName: ObjectRule = (object, report) => {
  if (object['is_family'] === true && !has(object, 'name')) {
    report.problemAt('name', 'together', 'must be present for a malware family: add it')
  }
}

/** STIX 2.1 §4.11. */
export const malware = domainObject(
  'malware',
  {
    name: string(),
    description: string(),
    malware_types: list(openVocabulary('malware-type-ov')),
    is_family: required(boolean()),
    aliases: list(string()),
    kill_chain_phases: list(killChainPhase),
    first_seen: timestamp(),
    last_seen: timestamp(),
    operating_system_refs: list(ref('software')),
    architecture_execution_envs: list(openVocabulary('processor-architecture-ov')),
    implementation_languages: list(openVocabulary('implementation-language-ov')),
    capabilities: list(openVocabulary('malware-capabilities-ov')),
    sample_refs: list(ref('artifact', 'file')),
  },
  seenInOrder,
  familyHasName,
)

/** STIX 2.1 §4.18. */
export const tool = domainObject('tool', {
  name: required(string()),
  description: string(),
  tool_types: list(openVocabulary('tool-type-ov')),
  aliases: list(string()),
  kill_chain_phases: list(killChainPhase),
  tool_version: string(),
})

/** STIX 2.1 §4.19. */
export const vulnerability = domainObject('vulnerability', { name: required(string()), description: string() })

/** How an adversary works (STIX 2.1 §4.1). */
export type AttackPattern = ObjectOf<typeof attackPattern>
/** Activity of an adversary against a set of targets (STIX 2.1 §4.2). */
export type Campaign = ObjectOf<typeof campaign>
/** Behaviour believed to be of one organisation (STIX 2.1 §4.9). */
export type IntrusionSet = ObjectOf<typeof intrusionSet>
/** People or groups with malicious intent (STIX 2.1 §4.17). */
export type ThreatActor = ObjectOf<typeof threatActor>
/** Systems that serve a purpose, hostile or not (STIX 2.1 §4.8). */
export type Infrastructure = ObjectOf<typeof infrastructure>
/** Malicious code, a family or one instance (STIX 2.1 §4.11). */
export type Malware = ObjectOf<typeof malware>
/** Legitimate software that adversaries use (STIX 2.1 §4.18). */
export type Tool = ObjectOf<typeof tool>
/** A weakness (STIX 2.1 §4.19). */
export type Vulnerability = ObjectOf<typeof vulnerability>
