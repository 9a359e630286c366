import type { JsonObject } from './table.ts'
import { raiseMarkings } from './upgrade-markings.ts'
import { VOCABULARIES } from './vocabulary.ts'
import type { VocabularyName } from './vocabulary.ts'

/** Where STIX 2.1 keeps what STIX 2.0 kept in `labels`. */
const TYPES: ReadonlyMap<string, readonly [property: string, vocabulary: VocabularyName]> = new Map([
  ['indicator', ['indicator_types', 'indicator-type-ov']],
  ['malware', ['malware_types', 'malware-type-ov']],
  ['report', ['report_types', 'report-type-ov']],
  ['threat-actor', ['threat_actor_types', 'threat-actor-type-ov']],
  ['tool', ['tool_types', 'tool-type-ov']],
])

/** Moves the labels that are words of the vocabulary of the type to the property that STIX 2.1 has for them. */
export function upgradeLabels(type: string, object: JsonObject): JsonObject {
  const target = TYPES.get(type)
  const { labels, ...rest } = object
  if (target === undefined || !Array.isArray(labels)) return object
  const [property, vocabulary] = target
  const words: readonly unknown[] = VOCABULARIES[vocabulary]
  const moved: readonly unknown[] = labels.filter((label) => words.includes(label))
  const kept: readonly unknown[] = labels.filter((label) => !words.includes(label))
  if (moved.length === 0 || rest[property] !== undefined) return object
  return { ...raiseMarkings(rest, ['labels']), [property]: moved, ...(kept.length > 0 ? { labels: kept } : {}) }
}
