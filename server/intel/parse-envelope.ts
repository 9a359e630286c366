import { hash } from 'node:crypto'
import { normalVersion, parseStixObject, versionOf, type StixObject } from 'stix2-ts'
import { labelOf } from '../../policies/label.ts'
import { rankOf, type Tlp } from '../../policies/tlp.ts'
import { readJson } from '../read-json.ts'
import { digitsOf } from '../storage/version-text.ts'

/** An object of an envelope that is valid STIX 2.1. */
export interface ParsedObject {
  /** Place in the envelope. */
  readonly index: number
  readonly stixId: string
  readonly type: string
  /** Normal form; undefined for an object without a version of its own. */
  readonly version: string | undefined
  readonly versionDigits: number
  readonly labelRank: number
  /** SHA-256 of its bytes in hex. */
  readonly sha256: string
  /** Byte range in the envelope. */
  readonly start: number
  readonly end: number
  /** What the standard advises against, as one line; undefined when there is nothing. */
  readonly advice: string | undefined
}

/** An object that was refused, with what is known of its name. */
export interface RefusedObject {
  readonly index: number
  readonly id: string
  readonly version: string
  /** Code of the first rule that it breaks. */
  readonly rule: string
  readonly message: string
}

/** An envelope cut into objects, or the reason why the whole of it was refused. */
export type ParsedEnvelope =
  | {
      readonly ok: true
      readonly total: number
      readonly objects: readonly ParsedObject[]
      readonly refused: readonly RefusedObject[]
    }
  | { readonly ok: false; readonly status: 400 | 422; readonly code: string; readonly message: string }

/** Each object has a line in the status: more would make an answer that nobody reads, of tens of megabytes. */
const MAX_OBJECTS = 100_000

/** Decimals of a version: the index that tells versions apart takes keys of at most 2,700 bytes. */
const MAX_VERSION_DIGITS = 100

/**
 * Reads a TAXII envelope (TAXII 2.1 §3.7): checks every object, and keeps the exact bytes of each by their range. One bad
 * object never refuses its neighbours.
 * @param unmarked the label of objects that carry none
 */
export function parseEnvelope(bytes: Uint8Array, unmarked: Tlp): ParsedEnvelope {
  const read = readJson(bytes, 'objects')
  if (!read.ok) return { ok: false, status: 400, code: read.problem.code, message: read.problem.message }
  const list = objectsOf(read.read.value)
  if (!list.ok) return list
  const ranges = read.read.elements
  if (ranges.length !== list.objects.length * 2) {
    return unprocessable('not_an_envelope', 'write the key "objects" plainly, without escapes')
  }
  if (list.objects.length > MAX_OBJECTS) {
    return unprocessable('too_many_objects', `an envelope takes ${MAX_OBJECTS} objects: send the others in another`)
  }
  const objects: ParsedObject[] = []
  const refused: RefusedObject[] = []
  for (const [index, value] of list.objects.entries()) {
    const parsed = parseStixObject(value)
    if (!parsed.ok) {
      const rule = parsed.problems[0]?.rule ?? 'invalid'
      refused.push({ index, ...nameOf(value), rule, message: problemLine(parsed.problems) })
      continue
    }
    const version = versionOf(parsed.object)
    if (version !== undefined && digitsOf(version) > MAX_VERSION_DIGITS) {
      const message = `the version has more than ${MAX_VERSION_DIGITS} decimals: round it [timestamp]`
      refused.push({ index, ...nameOf(value), rule: 'timestamp', message })
      continue
    }
    const start = ranges[index * 2] ?? 0
    const end = ranges[index * 2 + 1] ?? 0
    objects.push(describe(parsed.object, index, bytes, start, end, unmarked, adviceLine(parsed.warnings)))
  }
  return { ok: true, total: list.objects.length, objects, refused }
}

function describe(
  object: StixObject,
  index: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  unmarked: Tlp,
  advice: string | undefined,
): ParsedObject {
  const version = versionOf(object)
  return {
    index,
    stixId: object.id,
    type: object.type,
    version: version === undefined ? undefined : normalVersion(version),
    versionDigits: version === undefined ? 6 : digitsOf(version),
    labelRank: rankOf(labelOf(object, unmarked)),
    sha256: hash('sha256', bytes.subarray(start, end), 'hex'),
    start,
    end,
    advice,
  }
}

function objectsOf(
  value: unknown,
): { readonly ok: true; readonly objects: readonly unknown[] } | (ParsedEnvelope & { ok: false }) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return unprocessable('not_an_envelope', 'send an envelope: {"objects": [...]} (TAXII 2.1 §3.7)')
  }
  if ('type' in value && value.type === 'bundle') {
    return unprocessable('bundle', 'this is a STIX bundle: send its objects as an envelope, {"objects": [...]}')
  }
  const objects = 'objects' in value ? value.objects : undefined
  if (!Array.isArray(objects) || objects.length === 0) {
    return unprocessable('no_objects', 'the envelope has no objects: send {"objects": [...]} with at least one')
  }
  return { ok: true, objects }
}

function unprocessable(code: string, message: string): ParsedEnvelope & { ok: false } {
  return { ok: false, status: 422, code, message }
}

/** Id and version of a refused object as far as they can be shown safely. */
function nameOf(value: unknown): { id: string; version: string } {
  const id = textOf(value, 'id')
  return { id: id === '' ? 'unknown' : id, version: textOf(value, 'modified') || textOf(value, 'created') || 'unknown' }
}

function textOf(value: unknown, key: string): string {
  if (typeof value !== 'object' || value === null) return ''
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a parsed object is a record of its own keys
  const text: unknown = (value as Record<string, unknown>)[key] // own or absent: prototypes were refused by readJson
  return typeof text === 'string' && text.length <= 300 && text.isWellFormed() && !text.includes('\0') ? text : ''
}

interface Finding {
  readonly pointer: string
  readonly rule: string
  readonly message: string
}

const SHOWN = 3
/** A pointer may have 4,096 characters: a hostile object's report must not be longer than the object. */
const MAX_LINE = 1000

function problemLine(problems: readonly Finding[]): string {
  const lines = problems
    .slice(0, SHOWN)
    .map((problem) => `${problem.pointer || '/'}: ${problem.message} [${problem.rule}]`)
  const text = lines.join('; ').slice(0, MAX_LINE)
  return problems.length > SHOWN ? `${text}; and ${problems.length - SHOWN} more` : text
}

function adviceLine(warnings: readonly Finding[]): string | undefined {
  if (warnings.length === 0) return undefined
  const shown = warnings.slice(0, SHOWN).map((warning) => `${warning.pointer || '/'} [${warning.rule}]`)
  return `stored; the standard advises otherwise at ${shown.join(', ')}${warnings.length > SHOWN ? ` and ${warnings.length - SHOWN} more` : ''}`
}
