import { TaxiiClientError } from './errors.ts'

/** An object to send: a value for JSON.stringify, or the exact bytes of one JSON object. */
export type OutgoingObject = Readonly<Record<string, unknown>> | Uint8Array

/** A body for POST, and which objects of the input it holds. */
export interface Envelope {
  readonly kind: 'envelope'
  readonly body: Buffer
  /** Positions in the input, ascending. */
  readonly indexes: readonly number[]
}

/** An object that fits into no envelope. It is not sent. */
export interface TooLarge {
  readonly kind: 'too-large'
  readonly index: number
  /** Of an envelope with this object alone. */
  readonly bytes: number
}

/** Where envelopes end. */
export interface EnvelopeLimits {
  /** `max_content_length` of the API root; every body stays below it. */
  readonly maxContentLength: number
  readonly maxObjects?: number | undefined
}

const HEAD = Buffer.from('{"objects":[')
const TAIL = Buffer.from(']}')
const COMMA = Buffer.from(',')
const FRAME_BYTES = HEAD.length + TAIL.length

/** One request for a thousand objects is refused or lost as one. */
const DEFAULT_MAX_OBJECTS = 1000

/**
 * Cuts objects into envelopes in their order (TAXII 2.1 §3.7, §4.2.1). Each object is in exactly one envelope, or is
 * reported as too large. Reads its input as it goes.
 * @throws {TaxiiClientError} `bad-option` when a limit is no integer above zero
 */
export function* cutEnvelopes(
  objects: Iterable<OutgoingObject>,
  limits: EnvelopeLimits,
): Generator<Envelope | TooLarge, void, void> {
  const maxBytes = integer(limits.maxContentLength, 'maxContentLength') - 1
  const maxObjects = integer(limits.maxObjects ?? DEFAULT_MAX_OBJECTS, 'maxObjects')
  let parts: Buffer[] = []
  let indexes: number[] = []
  let length = FRAME_BYTES
  const flush = (): Envelope => {
    const envelope: Envelope = { kind: 'envelope', body: Buffer.concat([HEAD, ...parts, TAIL], length), indexes }
    parts = []
    indexes = []
    length = FRAME_BYTES
    return envelope
  }
  let index = -1
  for (const object of objects) {
    index += 1
    const bytes = encode(object)
    if (FRAME_BYTES + bytes.length > maxBytes) {
      yield { kind: 'too-large', index, bytes: FRAME_BYTES + bytes.length }
      continue
    }
    const isFull = indexes.length === maxObjects || length + bytes.length + COMMA.length > maxBytes
    if (isFull && indexes.length > 0) yield flush()
    if (indexes.length > 0) {
      parts.push(COMMA)
      length += COMMA.length
    }
    parts.push(bytes)
    indexes.push(index)
    length += bytes.length
  }
  if (indexes.length > 0) yield flush()
}

function encode(object: OutgoingObject): Buffer {
  if (object instanceof Uint8Array) return Buffer.from(object.buffer, object.byteOffset, object.byteLength)
  return Buffer.from(JSON.stringify(object))
}

function integer(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new TaxiiClientError('bad-option', `${name} must be an integer above zero`)
}
