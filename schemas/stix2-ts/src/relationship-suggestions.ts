const ADDRESSES = 'domain-name ipv4-addr ipv6-addr url'
const OBSERVABLES =
  'artifact autonomous-system directory domain-name email-addr email-message file ipv4-addr ipv6-addr mac-addr mutex ' +
  'network-traffic process software url user-account windows-registry-key x509-certificate'
const USES = 'attack-pattern infrastructure malware tool'
const VICTIMS = 'identity location vulnerability'

/** Source type, relationship type, target types: the tables "Relationships" of STIX 2.1 §4 and §6. */
const SUGGESTIONS: readonly (readonly [source: string, type: string, targets: string])[] = [
  ['attack-pattern', 'delivers', 'malware'],
  ['attack-pattern', 'targets', VICTIMS],
  ['attack-pattern', 'uses', 'malware tool'],
  ['campaign', 'attributed-to', 'intrusion-set threat-actor'],
  ['campaign', 'compromises', 'infrastructure'],
  ['campaign', 'originates-from', 'location'],
  ['campaign', 'targets', VICTIMS],
  ['campaign', 'uses', USES],
  ['course-of-action', 'investigates', 'indicator'],
  ['course-of-action', 'mitigates', 'attack-pattern indicator malware tool vulnerability'],
  ['course-of-action', 'remediates', 'malware vulnerability'],
  ['domain-name', 'resolves-to', 'domain-name ipv4-addr ipv6-addr'],
  ['identity', 'located-at', 'location'],
  ['indicator', 'based-on', 'observed-data'],
  ['indicator', 'indicates', 'attack-pattern campaign infrastructure intrusion-set malware threat-actor tool'],
  ['infrastructure', 'communicates-with', `infrastructure ${ADDRESSES}`],
  ['infrastructure', 'consists-of', `infrastructure observed-data ${OBSERVABLES}`],
  ['infrastructure', 'controls', 'infrastructure malware'],
  ['infrastructure', 'delivers', 'malware'],
  ['infrastructure', 'has', 'vulnerability'],
  ['infrastructure', 'hosts', 'malware tool'],
  ['infrastructure', 'located-at', 'location'],
  ['infrastructure', 'uses', 'infrastructure'],
  ['intrusion-set', 'attributed-to', 'threat-actor'],
  ['intrusion-set', 'compromises', 'infrastructure'],
  ['intrusion-set', 'hosts', 'infrastructure'],
  ['intrusion-set', 'originates-from', 'location'],
  ['intrusion-set', 'owns', 'infrastructure'],
  ['intrusion-set', 'targets', VICTIMS],
  ['intrusion-set', 'uses', USES],
  ['ipv4-addr', 'belongs-to', 'autonomous-system'],
  ['ipv4-addr', 'resolves-to', 'mac-addr'],
  ['ipv6-addr', 'belongs-to', 'autonomous-system'],
  ['ipv6-addr', 'resolves-to', 'mac-addr'],
  ['malware', 'authored-by', 'intrusion-set threat-actor'],
  ['malware', 'beacons-to', 'infrastructure'],
  ['malware', 'communicates-with', ADDRESSES],
  ['malware', 'controls', 'malware'],
  ['malware', 'downloads', 'file malware tool'],
  ['malware', 'drops', 'file malware tool'],
  ['malware', 'exfiltrates-to', 'infrastructure'],
  ['malware', 'exploits', 'vulnerability'],
  ['malware', 'originates-from', 'location'],
  ['malware', 'targets', `infrastructure ${VICTIMS}`],
  ['malware', 'uses', USES],
  ['malware', 'variant-of', 'malware'],
  ['malware-analysis', 'analysis-of', 'malware'],
  ['malware-analysis', 'characterizes', 'malware'],
  ['malware-analysis', 'dynamic-analysis-of', 'malware'],
  ['malware-analysis', 'static-analysis-of', 'malware'],
  ['threat-actor', 'attributed-to', 'identity'],
  ['threat-actor', 'compromises', 'infrastructure'],
  ['threat-actor', 'hosts', 'infrastructure'],
  ['threat-actor', 'impersonates', 'identity'],
  ['threat-actor', 'located-at', 'location'],
  ['threat-actor', 'owns', 'infrastructure'],
  ['threat-actor', 'targets', VICTIMS],
  ['threat-actor', 'uses', USES],
  ['tool', 'delivers', 'malware'],
  ['tool', 'drops', 'malware'],
  ['tool', 'has', 'vulnerability'],
  ['tool', 'targets', `infrastructure ${VICTIMS}`],
  ['tool', 'uses', 'infrastructure'],
]

const TARGETS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  SUGGESTIONS.map(([source, type, targets]) => [`${source} ${type}`, new Set(targets.split(' '))]),
)

const SOURCES: ReadonlySet<string> = new Set(SUGGESTIONS.map(([source]) => source))

/**
 * True when the standard suggests the relationship: `related-to` between any two, `derived-from` and `duplicate-of` between
 * two of one type, and those of the tables. Of custom types nothing is suggested, so nothing is missed.
 */
export function isSuggested(source: string, type: string, target: string): boolean {
  if (type === 'related-to') return true
  if (type === 'derived-from' || type === 'duplicate-of') return source === target
  const targets = TARGETS.get(`${source} ${type}`)
  if (targets !== undefined) return targets.has(target)
  return source.startsWith('x-') && !SOURCES.has(source)
}
