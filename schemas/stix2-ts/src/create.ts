import { checkAnything } from './anything.ts'
import type { Identifier } from './identifier.ts'
import { DEFINITIONS } from './object.ts'
import type { ObjectType, ObjectTypes } from './object.ts'
import { observableId } from './observable-id.ts'
import { parseStixObject } from './parse.ts'
import { Report } from './report.ts'
import type { Problem } from './report.ts'
import type { Timestamp } from './timestamp.ts'

/** The properties that {@link create} fills in. */
type Filled = 'type' | 'id' | 'spec_version' | 'created' | 'modified'

type Fillable<T> = { readonly [K in keyof T as K extends Extract<Filled, 'type' | 'id'> ? never : K]: T[K] }

/** What a caller gives to make an object of a type: its own properties, and those of the common ones that it wants to set. */
export type NewObject<T extends ObjectType> = Omit<Fillable<ObjectTypes[T]>, Filled> & {
  readonly [K in keyof ObjectTypes[T] as K extends 'created' | 'modified' ? K : never]?: ObjectTypes[T][K]
}

/** Where time, randomness and a chosen id come from: the package reads neither clock nor random source. */
export interface CreateOptions<T extends string = string> {
  /** Time of creation, for objects that have one. */
  readonly now: Timestamp
  /** Makes a random UUIDv4, for example `crypto.randomUUID`. Not called for an observable whose content makes its id. */
  readonly uuid: () => string
  /** The id to take instead. */
  readonly id?: Identifier<T>
}

/** Properties that do not make a valid object. */
export class InvalidObjectError extends Error {
  override readonly name = 'InvalidObjectError'
  readonly problems: readonly Problem[]

  constructor(type: string, problems: readonly Problem[]) {
    super(`the ${type} is not valid STIX 2.1: ${problems.map(({ message }) => message).join(' ')}`)
    this.problems = problems
  }
}

/**
 * Makes an object of a type of the standard: fills in type, id, spec_version, created and modified, and checks the whole.
 * The id of an observable is that of its content (STIX 2.1 §2.9).
 * @throws {InvalidObjectError} when the properties do not make a valid object
 */
export function create<const T extends ObjectType>(
  type: T,
  properties: NewObject<T>,
  options: CreateOptions<T>,
): ObjectTypes[T] {
  const family = DEFINITIONS.get(type)?.family
  const created = 'created' in properties ? properties.created : options.now
  const times = family === 'sco' ? {} : type === 'marking-definition' ? { created } : { created, modified: created }
  const id = options.id ?? (family === 'sco' ? contentId(type, properties) : undefined) ?? `${type}--${options.uuid()}`
  const result = parseStixObject({ type, spec_version: '2.1', id, ...times, ...properties })
  if (!result.ok) throw new InvalidObjectError(type, result.problems)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has just been checked as one of this very type
  return result.object as unknown as ObjectTypes[T]
}

/** The id of the content, which is looked at first because the canonical form of bad text throws. */
function contentId(type: ObjectType, properties: object): string | undefined {
  const report = new Report()
  checkAnything(properties, report)
  if (report.problems.length > 0) throw new InvalidObjectError(type, report.problems)
  return observableId({ ...properties, type })
}
