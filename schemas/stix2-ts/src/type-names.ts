/** Names of the SDO types (STIX 2.1 §4). */
export const DOMAIN_TYPES = [
  'attack-pattern',
  'campaign',
  'course-of-action',
  'grouping',
  'identity',
  'incident',
  'indicator',
  'infrastructure',
  'intrusion-set',
  'location',
  'malware',
  'malware-analysis',
  'note',
  'observed-data',
  'opinion',
  'report',
  'threat-actor',
  'tool',
  'vulnerability',
] as const

/** Names of the SCO types (STIX 2.1 §6). */
export const OBSERVABLE_TYPES = [
  'artifact',
  'autonomous-system',
  'directory',
  'domain-name',
  'email-addr',
  'email-message',
  'file',
  'ipv4-addr',
  'ipv6-addr',
  'mac-addr',
  'mutex',
  'network-traffic',
  'process',
  'software',
  'url',
  'user-account',
  'windows-registry-key',
  'x509-certificate',
] as const

/** Names of the SRO types (STIX 2.1 §5). */
export const RELATIONSHIP_TYPES = ['relationship', 'sighting'] as const

/** Names of all object types of the standard. */
export const OBJECT_TYPES = [
  ...DOMAIN_TYPES,
  ...OBSERVABLE_TYPES,
  ...RELATIONSHIP_TYPES,
  'extension-definition',
  'language-content',
  'marking-definition',
] as const

const DOMAIN: ReadonlySet<string> = new Set(DOMAIN_TYPES)
const OBSERVABLE: ReadonlySet<string> = new Set(OBSERVABLE_TYPES)

/** Names of the types that are neither SDO, SRO nor SCO. */
const META: ReadonlySet<string> = new Set(['bundle', 'extension-definition', 'language-content', 'marking-definition'])

/** True for what observed data may refer to: SCOs, SROs and custom objects (STIX 2.1 §4.14). */
export function mayBeObserved(type: string): boolean {
  return !DOMAIN.has(type) && !META.has(type)
}

/** True for what a relationship may join: anything but bundles, markings and SROs (STIX 2.1 §5.1). */
export function mayBeRelated(type: string): boolean {
  return type !== 'bundle' && type !== 'marking-definition' && type !== 'relationship' && type !== 'sighting'
}

/** True for what may be sighted: SDOs and custom objects (STIX 2.1 §5.2). */
export function mayBeSighted(type: string): boolean {
  return !OBSERVABLE.has(type) && !META.has(type) && type !== 'relationship' && type !== 'sighting'
}
