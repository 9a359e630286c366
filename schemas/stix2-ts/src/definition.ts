import { constant, language, list, string, boolean, integer, timestamp } from './fields.ts'
import type { ObjectRule } from './fields.ts'
import { extensions } from './extensions-field.ts'
import type { Extensions } from './extensions-field.ts'
import { externalReference } from './external-reference.ts'
import { granularMarking, selectorsResolve } from './granular-marking.ts'
import { idOf, looseRef, ref } from './identifier-fields.ts'
import type { Identifier } from './identifier.ts'
import { ordered } from './object-rules.ts'
import { compile, required } from './table.ts'
import type { Field, Properties, ShapeOf, Table } from './table.ts'
import { fractionDigits, isTimestamp } from './timestamp.ts'
import type { Timestamp } from './timestamp.ts'

/** SDO, SRO, SCO, or what the standard calls a meta object. */
type Family = 'sdo' | 'sro' | 'sco' | 'meta'

/** Everything that the package knows of one object type. */
export interface Definition<T extends string = string, P extends Properties = Properties> {
  readonly type: T
  readonly family: Family
  /** All properties, those that many types have in common included. */
  readonly properties: P
  readonly table: Table
  readonly rules: readonly ObjectRule[]
  /** For an SCO: the properties that its id is made from (STIX 2.1 §2.9). */
  readonly contributing: readonly string[]
}

/** Custom properties of the old style. Those without the prefix are reached by `propertyOf`. */
export interface CustomProperties {
  readonly [name: `x_${string}`]: unknown
}

/** The static type of the objects that a definition describes. */
export type ObjectOf<D> = D extends Definition<string, infer P> ? ShapeOf<P> & CustomProperties : never

/** created and modified: a timestamp that should have milliseconds (STIX 2.1 §3.2). */
function versionTime(): Field<Timestamp> {
  const base = timestamp()
  return {
    check(value, report) {
      base.check(value, report)
      if (typeof value === 'string' && value.length < 24 && isTimestamp(value) && fractionDigits(value) < 3) {
        report.warning('precision', 'should have at least three digits of a second: write .000Z')
      }
    },
  }
}

/** The common properties (STIX 2.1 §3.2). */
export const COMMON = {
  spec_version: required(constant('2.1')),
  created_by_ref: looseRef('identity'),
  created: required(versionTime()),
  modified: required(versionTime()),
  revoked: boolean(),
  labels: list(string()),
  confidence: integer(0, 100),
  lang: language(),
  external_references: list(externalReference),
  object_marking_refs: list(ref('marking-definition')),
  granular_markings: list(granularMarking),
} as const

const OBSERVABLE_COMMON = {
  spec_version: constant('2.1'),
  object_marking_refs: COMMON.object_marking_refs,
  granular_markings: COMMON.granular_markings,
  defanged: boolean(),
} as const

type Named<T extends string> = {
  readonly type: Field<T> & { required: true }
  readonly id: Field<Identifier<T>> & { required: true }
}
type NoExtensions = { readonly extensions: Field<Extensions<Record<never, never>>> }

const modifiedAfterCreated = ordered('created', 'modified')

/** Defines an SDO. */
export function domainObject<const T extends string, const P extends Properties>(
  type: T,
  own: P,
  ...rules: readonly ObjectRule[]
): Definition<T, Named<T> & typeof COMMON & NoExtensions & P> {
  return define('sdo', type, { ...named(type, 4), ...COMMON, extensions: extensions({}), ...own }, rules)
}

/** Defines an SRO. */
export function relationshipObject<const T extends string, const P extends Properties>(
  type: T,
  own: P,
  ...rules: readonly ObjectRule[]
): Definition<T, Named<T> & typeof COMMON & NoExtensions & P> {
  return define('sro', type, { ...named(type, 4), ...COMMON, extensions: extensions({}), ...own }, rules)
}

/** Defines an SCO. `contributing` are the properties that its id is made from; `known` its predefined extensions. */
export function observable<
  const T extends string,
  const P extends Properties,
  const E extends Properties = Record<never, never>,
>(
  type: T,
  contributing: readonly (keyof P | 'extensions')[],
  own: P,
  known: E,
  ...rules: readonly ObjectRule[]
): Definition<T, Named<T> & typeof OBSERVABLE_COMMON & { readonly extensions: Field<Extensions<E>> } & P> {
  const properties = { ...named(type), ...OBSERVABLE_COMMON, extensions: extensions(known), ...own }
  return { ...define('sco', type, properties, rules), contributing: contributing.map(String) }
}

/** Defines a meta object from all its properties. */
export function metaObject<const T extends string, const P extends Properties>(
  type: T,
  own: P,
  ...rules: readonly ObjectRule[]
): Definition<T, Named<T> & P> {
  return define('meta', type, { ...named(type, 4), ...own }, rules)
}

function named<const T extends string>(type: T, uuid?: 4): Named<T> {
  return { type: required(constant(type)), id: required(idOf(type, uuid)) }
}

function define<T extends string, P extends Properties>(
  family: Family,
  type: T,
  properties: P,
  rules: readonly ObjectRule[],
): Definition<T, P> {
  const common = family === 'sco' ? [selectorsResolve] : [modifiedAfterCreated, selectorsResolve]
  return { type, family, properties, table: compile(properties), rules: [...common, ...rules], contributing: [] }
}
