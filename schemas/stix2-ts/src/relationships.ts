import { every, isDigit, isLower } from './characters.ts'
import { relationshipObject } from './definition.ts'
import type { ObjectOf } from './definition.ts'
import { boolean, formatted, integer, list, string, timestamp } from './fields.ts'
import type { ObjectRule } from './fields.ts'
import { typeOfIdentifier } from './identifier.ts'
import { ref, refWhere } from './identifier-fields.ts'
import { ordered } from './object-rules.ts'
import { isSuggested } from './relationship-suggestions.ts'
import { required } from './table.ts'
import { mayBeRelated, mayBeSighted } from './type-names.ts'

const suggested: ObjectRule = (relationship, report) => {
  const { source_ref: source, target_ref: target, relationship_type: type } = relationship
  if (typeof source !== 'string' || typeof target !== 'string' || typeof type !== 'string') return
  if (!isSuggested(typeOfIdentifier(source), type, typeOfIdentifier(target))) {
    report.warningAt(
      'relationship_type',
      'relationship-suggestion',
      'should be one that the standard suggests between these types: use related-to',
    )
  }
}

const NOT_RELATED = 'must not refer to a bundle, marking, relationship or sighting: correct it'

/** STIX 2.1 §5.1. */
const relationship = relationshipObject(
  'relationship',
  {
    relationship_type: required(
      formatted('relationship-type', isRelationshipType, 'must have only a-z, 0-9 and hyphen: correct it'),
    ),
    description: string(),
    source_ref: required(refWhere<string>(mayBeRelated, NOT_RELATED)),
    target_ref: required(refWhere<string>(mayBeRelated, NOT_RELATED)),
    start_time: timestamp(),
    stop_time: timestamp(),
  },
  ordered('start_time', 'stop_time', true),
  suggested,
)

function isRelationshipType(text: string): boolean {
  return text.length > 0 && text.length <= 250 && every(text, (code) => isLower(code) || isDigit(code) || code === 45)
}

/** STIX 2.1 §5.2. */
const sighting = relationshipObject(
  'sighting',
  {
    description: string(),
    first_seen: timestamp(),
    last_seen: timestamp(),
    count: integer(0, 999_999_999),
    sighting_of_ref: required(
      refWhere<string>(mayBeSighted, 'must refer to a domain object or a custom object: correct it'),
    ),
    observed_data_refs: list(ref('observed-data')),
    where_sighted_refs: list(ref('identity', 'location')),
    summary: boolean(),
  },
  ordered('first_seen', 'last_seen'),
)

/** The definitions of the two relationship objects (STIX 2.1 §5). */
export const RELATIONSHIPS = { relationship, sighting } as const

/** How one object relates to another (STIX 2.1 §5.1). */
export type Relationship = ObjectOf<typeof relationship>
/** That something was seen (STIX 2.1 §5.2). */
export type Sighting = ObjectOf<typeof sighting>
