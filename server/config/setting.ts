import { Type, type TSchema } from 'typebox'

/** How the text of an environment variable becomes a value. */
type SettingKind = 'text' | 'integer' | 'bytes' | 'flag' | 'list' | 'path'

/** What a setting says about itself, beside its JSON schema. */
export interface Annotation {
  readonly kind: SettingKind
  /** One or two sentences for the operator. */
  readonly meaning: string
  /** What a value may be, as the end of the sentence "must be …". */
  readonly allowed: string
  /** The value when nothing is given; absent for a setting that may stay unset. */
  readonly preset?: string | number | boolean | readonly string[]
  /** The default in words, where it is not a plain value. */
  readonly presetInWords?: string
  /** The environment variable, where it is not the upper snake case of the path. */
  readonly environment?: string
  /** Never shown, and may also be read from a file. */
  readonly secret?: true
  /** Says where the configuration file is, so cannot stand in it. */
  readonly outsideFile?: true
}

/** A schema that carries its annotation. */
export type Annotated<Schema extends TSchema = TSchema> = Schema & { readonly setting: Annotation }

/** What the makers below take besides the bounds. */
type About = Omit<Annotation, 'kind' | 'allowed'>

/** Adds the annotation to a schema. */
function annotate<Schema extends TSchema>(schema: Schema, setting: Annotation): Annotated<Schema> {
  return Object.assign(schema, { setting })
}

/** Whether a schema is a setting; a group of settings is not. */
export function isAnnotated(schema: TSchema): schema is Annotated {
  return 'setting' in schema
}

/** A whole number with both bounds. */
export function integer(about: About, minimum: number, maximum: number) {
  const allowed = `a whole number from ${minimum} to ${maximum}`
  return annotate(Type.Integer({ minimum, maximum }), { ...about, kind: 'integer', allowed })
}

/** A number of bytes, which may be written with KiB, MiB or GiB. */
export function bytes(about: About, minimum: number, maximum: number) {
  const allowed = `a size from ${formatBytes(minimum)} to ${formatBytes(maximum)}`
  return annotate(Type.Integer({ minimum, maximum }), { ...about, kind: 'bytes', allowed })
}

/** True or false. */
export function flag(about: About) {
  return annotate(Type.Boolean(), { ...about, kind: 'flag', allowed: 'true or false' })
}

/** Text of 1 to `maxLength` characters that passes a check. */
export function text(about: About, allowed: string, maxLength: number, passes: (value: string) => boolean) {
  return annotate(Type.Refine(Type.String({ minLength: 1, maxLength }), passes), { ...about, kind: 'text', allowed })
}

/** The path of a file or folder; a relative one is completed when it is read. */
export function path(about: About) {
  const schema = Type.Refine(Type.String({ minLength: 1, maxLength: MAX_PATH }), (value) => !value.includes('\0'))
  return annotate(schema, { ...about, kind: 'path', allowed: 'a path' })
}

/** A list of texts that each pass a check. */
export function list(about: About, allowed: string, maxItems: number, passes: (value: string) => boolean) {
  const schema = Type.Array(Type.Refine(Type.String({ maxLength: MAX_ITEM }), passes), { maxItems })
  return annotate(schema, { ...about, kind: 'list', allowed })
}

/** One of a few words. */
export function choice<const Words extends string[]>(about: About, words: readonly [...Words]) {
  return annotate(Type.Enum(words), { ...about, kind: 'text', allowed: `one of ${words.join(', ')}` })
}

const MAX_PATH = 4096 // PATH_MAX of Linux
const MAX_ITEM = 100 // an IPv6 network has at most 49 characters

const UNITS = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
] as const

/** A number of bytes in the largest unit that divides it, for example `10 MiB`. */
export function formatBytes(value: number): string {
  for (const [unit, size] of UNITS) if (value !== 0 && value % size === 0) return `${value / size} ${unit}`
  return `${value} bytes`
}

/**
 * A number of bytes from `1048576`, `1024 KiB`, `1MiB` and the like.
 * @returns undefined when the text is no such size
 */
export function parseBytes(value: string): number | undefined {
  const match = /^(\d{1,15}) ?([KMG]iB)?$/.exec(value)
  if (!match) return undefined
  const size = UNITS.find(([unit]) => unit === match[2])?.[1] ?? 1
  return Number(match[1]) * size
}
