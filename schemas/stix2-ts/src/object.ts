import type { ObjectOf, Definition, CustomProperties } from './definition.ts'
import { DOMAIN_OBJECTS } from './domain-objects.ts'
import { extensionDefinition } from './extension.ts'
import type { ExternalReference } from './external-reference.ts'
import type { GranularMarking } from './granular-marking.ts'
import type { Identifier } from './identifier.ts'
import { languageContent } from './language-content.ts'
import { markingDefinition } from './marking.ts'
import { OBSERVABLES } from './observables.ts'
import { RELATIONSHIPS } from './relationships.ts'
import type { JsonObject } from './table.ts'
import type { Timestamp } from './timestamp.ts'

const META_OBJECTS = {
  'extension-definition': extensionDefinition,
  'language-content': languageContent,
  'marking-definition': markingDefinition,
} as const

const OBJECTS = { ...DOMAIN_OBJECTS, ...OBSERVABLES, ...RELATIONSHIPS, ...META_OBJECTS } as const

/** The definition of each object type of the standard, by type. */
export const DEFINITIONS: ReadonlyMap<string, Definition> = new Map<string, Definition>(Object.entries(OBJECTS))

/** Each object type of the standard with the type of its objects. */
export type ObjectTypes = { readonly [T in keyof typeof OBJECTS]: ObjectOf<(typeof OBJECTS)[T]> }

/** Name of an object type of the standard. */
export type ObjectType = keyof ObjectTypes

/** An SDO (STIX 2.1 §4). */
export type DomainObject = ObjectTypes[keyof typeof DOMAIN_OBJECTS]
/** An SCO (STIX 2.1 §6). */
export type Observable = ObjectTypes[keyof typeof OBSERVABLES]
/** An SRO (STIX 2.1 §5). */
export type RelationshipObject = ObjectTypes[keyof typeof RELATIONSHIPS]

/**
 * The name of a custom object type. An extension may define one without `x-`; the type says `x-` for all of them, because
 * then a comparison of `type` with a standard name tells the compiler which object it has.
 */
export type CustomType = `x-${string}`

/** An object of a type that the standard does not know (STIX 2.1 §11.2). Only the form of its id and type is sure. */
export interface CustomObject extends CustomProperties {
  readonly type: CustomType
  readonly id: Identifier
  readonly spec_version?: '2.1'
  readonly created_by_ref?: Identifier<'identity'>
  readonly created?: Timestamp
  readonly modified?: Timestamp
  readonly revoked?: boolean
  readonly labels?: readonly string[]
  readonly confidence?: number
  readonly lang?: string
  readonly external_references?: readonly ExternalReference[]
  readonly object_marking_refs?: readonly Identifier<'marking-definition'>[]
  readonly granular_markings?: readonly GranularMarking[]
  readonly extensions?: JsonObject
}

/** Any STIX object: of the standard or custom. A bundle is none (STIX 2.1 §8). */
export type StixObject = ObjectTypes[ObjectType] | CustomObject

/** The value of any property, custom ones included; undefined when it is absent. */
export function propertyOf(object: object, name: string): unknown {
  const value: unknown = Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined
  return value
}

/**
 * What tells versions of one object apart: the exact text of `modified`, else of `created`, else undefined (an SCO has
 * neither).
 */
export function versionOf(object: object): Timestamp | undefined {
  const { modified, created }: { readonly modified?: unknown; readonly created?: unknown } = object
  if (typeof modified === 'string') return modified
  return typeof created === 'string' ? created : undefined
}
