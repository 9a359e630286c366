import { create } from './create.ts'
import type { CreateOptions, NewObject } from './create.ts'
import type { ObjectType, ObjectTypes } from './object.ts'

/** {@link create} for one type. */
type Constructor<T extends ObjectType> = (properties: NewObject<T>, options: CreateOptions<T>) => ObjectTypes[T]

function constructorOf<const T extends ObjectType>(type: T): Constructor<T> {
  return (properties, options) => create(type, properties, options)
}

/** Makes a campaign (STIX 2.1 §4.2). */
export const createCampaign = constructorOf('campaign')
/** Makes a grouping (STIX 2.1 §4.4). */
export const createGrouping = constructorOf('grouping')
/** Makes an identity (STIX 2.1 §4.5). */
export const createIdentity = constructorOf('identity')
/** Makes an indicator (STIX 2.1 §4.7). */
export const createIndicator = constructorOf('indicator')
/** Makes a malware object (STIX 2.1 §4.11). */
export const createMalware = constructorOf('malware')
/** Makes a note (STIX 2.1 §4.13). */
export const createNote = constructorOf('note')
/** Makes observed data (STIX 2.1 §4.14). */
export const createObservedData = constructorOf('observed-data')
/** Makes a report (STIX 2.1 §4.16). */
export const createReport = constructorOf('report')
/** Makes a relationship (STIX 2.1 §5.1). */
export const createRelationship = constructorOf('relationship')
/** Makes a sighting (STIX 2.1 §5.2). */
export const createSighting = constructorOf('sighting')
