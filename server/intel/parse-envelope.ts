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
  const objects: ParsedObject[] = []
  const refused: RefusedObject[] = []
  for (const [index, value] of list.objects.entries()) {
    const parsed = parseStixObject(value)
    if (!parsed.ok) {
      refused.push({ index, ...nameOf(value), message: problemLine(parsed.problems) })
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
  const text: unknown = (value as Record<string, unknown>)[key] // own or absent: prototypes were refused by readJson
  return typeof text === 'string' && text.length <= 300 && text.isWellFormed() && !text.includes('\0') ? text : ''
}

interface Finding {
  readonly pointer: string
  readonly rule: string
  readonly message: string
}

const SHOWN = 3

function problemLine(problems: readonly Finding[]): string {
  const lines = problems
    .slice(0, SHOWN)
    .map((problem) => `${problem.pointer || '/'}: ${problem.message} [${problem.rule}]`)
  return problems.length > SHOWN ? `${lines.join('; ')}; and ${problems.length - SHOWN} more` : lines.join('; ')
}

function adviceLine(warnings: readonly Finding[]): string | undefined {
  if (warnings.length === 0) return undefined
  const shown = warnings.slice(0, SHOWN).map((warning) => `${warning.pointer || '/'} [${warning.rule}]`)
  return `stored; the standard advises otherwise at ${shown.join(', ')}${warnings.length > SHOWN ? ` and ${warnings.length - SHOWN} more` : ''}`
}
