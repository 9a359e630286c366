import { isCountry } from './country.ts'
import { domainObject } from './definition.ts'
import type { ObjectOf } from './definition.ts'
import { float, isText, list, string, timestamp } from './fields.ts'
import type { ObjectRule } from './fields.ts'
import { ref } from './identifier-fields.ts'
import { has, needs } from './object-rules.ts'
import { required } from './table.ts'
import type { Field } from './table.ts'
import { enumeration, openVocabulary } from './vocabulary-fields.ts'

/** STIX 2.1 §4.4. */
export const grouping = domainObject('grouping', {
  name: string(),
  description: string(),
  context: required(openVocabulary('grouping-context-ov')),
  object_refs: required(list(ref())),
})

/** STIX 2.1 §4.5. */
export const identity = domainObject('identity', {
  name: required(string()),
  description: string(),
  roles: list(string()),
  identity_class: openVocabulary('identity-class-ov'),
  sectors: list(openVocabulary('industry-sector-ov')),
  contact_information: string(),
})

function country(): Field<string> {
  return {
    check(value, report) {
      if (isText(value, report) && !isCountry(value)) {
        report.warning('country', 'should be a two-letter code of ISO 3166-1: correct it')
      }
    },
  }
}

const saysWhere: ObjectRule = (object, report) => {
  if (has(object, 'region') || has(object, 'country') || has(object, 'latitude') || has(object, 'longitude')) return
  report.problem('one-of', "must have 'region', 'country', or 'latitude' and 'longitude': add one of them")
}

/** STIX 2.1 §4.10. */
export const location = domainObject(
  'location',
  {
    name: string(),
    description: string(),
    latitude: float(-90, 90),
    longitude: float(-180, 180),
    precision: float(0),
    region: openVocabulary('region-ov'),
    country: country(),
    administrative_area: string(),
    city: string(),
    street_address: string(),
    postal_code: string(),
  },
  saysWhere,
  needs('latitude', 'longitude'),
  needs('longitude', 'latitude'),
  needs('precision', 'latitude', 'longitude'),
)

/** STIX 2.1 §4.13. */
export const note = domainObject('note', {
  abstract: string(),
  content: required(string()),
  authors: list(string()),
  object_refs: required(list(ref())),
})

/** STIX 2.1 §4.15. */
export const opinion = domainObject('opinion', {
  explanation: string(),
  authors: list(string()),
  opinion: required(enumeration('opinion-enum')),
  object_refs: required(list(ref())),
})

/** STIX 2.1 §4.16. */
export const report = domainObject('report', {
  name: required(string()),
  description: string(),
  report_types: list(openVocabulary('report-type-ov')),
  published: required(timestamp()),
  object_refs: required(list(ref())),
})

/** Objects that share a context (STIX 2.1 §4.4). */
export type Grouping = ObjectOf<typeof grouping>
/** A person, organisation, system or class of them (STIX 2.1 §4.5). */
export type Identity = ObjectOf<typeof identity>
/** A place (STIX 2.1 §4.10). */
export type Location = ObjectOf<typeof location>
/** Text about other objects (STIX 2.1 §4.13). */
export type Note = ObjectOf<typeof note>
/** How far one agrees with other objects (STIX 2.1 §4.15). */
export type Opinion = ObjectOf<typeof opinion>
/** A published collection of intelligence (STIX 2.1 §4.16). */
export type Report = ObjectOf<typeof report>
