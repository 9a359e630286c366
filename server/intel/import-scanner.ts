import { BrokenInputError, type Found, type Place, shown } from './import-found.ts'
import { ByteKeeper } from './import-keeper.ts'
import { MAX_OBJECT_DEPTH, ValueReader } from './import-value.ts'

/** One object; the largest in public collections have 3 MB (an artifact with its payload). */
export const MAX_OBJECT_BYTES = 8 * 1024 ** 2

/** Keys and short texts of the wrapper that are looked at: longer ones are none of those we know. */
const MAX_TEXT = 256

const LINE_FEED = 0x0a
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const BOM = [0xef, 0xbb, 0xbf]

/** What may come next in the outermost value and in the list of objects; `value` is also where the input may end. */
type Expecting =
  'value' | 'first key' | 'key' | 'colon' | 'member' | 'comma' | 'first object' | 'object' | 'object comma'

/** The outermost value that is being read. */
interface Outermost {
  readonly line: number
  readonly isList: boolean
  /** `type` and `spec_version`, as far as they were read. */
  type: string | undefined
  specVersion: string | undefined
  /** It has no other keys than an envelope has. */
  isEnvelope: boolean
  /** Its list of objects was read. */
  hasObjects: boolean
}

/**
 * Finds the objects of a STIX bundle, a TAXII envelope, a JSON list, or of several of them or single objects one after
 * another (NDJSON), in chunks that may be cut anywhere. It keeps the exact bytes of each object and follows brackets and
 * strings only: whether the inside of an object is JSON is found out by its reader. Memory is bounded by one object.
 */
export class ObjectScanner {
  readonly #maxBytes: number
  readonly #keeper: ByteKeeper
  readonly #value = new ValueReader()
  #expecting: Expecting = 'value'
  #reading: 'key' | 'member' | 'object' | undefined // what the value is that is being read
  #top: Outermost = outermost(1, false)
  #key = ''
  #text: string | undefined // of a key or a short member
  #count = 0 // objects in the whole input
  #index = 0 // objects in this list
  #line = 1
  #valueLine = 1
  #offset = 0 // of the current chunk

  /** @param maxBytes of one object; what is larger is told of and not kept */
  constructor(maxBytes = MAX_OBJECT_BYTES) {
    this.#maxBytes = maxBytes
    this.#keeper = new ByteKeeper(maxBytes)
  }

  /**
   * Reads on.
   * @param found gets what ends in this chunk; its bytes are views of the chunk
   * @throws {BrokenInputError} where the input cannot be read on; what was found before is in `found`
   */
  push(chunk: Buffer, found: Found[]): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#reading) {
        at = this.#readOn(chunk, at, found)
        continue
      }
      const byte = chunk[at] ?? 0
      if (byte === LINE_FEED) this.#line += 1
      else if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) this.#step(byte, at, found, chunk)
      if (!this.#reading) at += 1 // else a value begins with this byte
    }
    this.#keeper.endChunk(chunk)
    this.#offset += chunk.length
  }

  /** @throws {BrokenInputError} when the input ends in the middle */
  end(): void {
    if (this.#offset === 0) throw new BrokenInputError('the input is empty', 1, 0)
    if (this.#reading === 'object') throw this.#broken(0, `the input ends inside the object ${shown(this.#place())}`)
    if (this.#reading || this.#expecting !== 'value') {
      throw this.#broken(0, `the input ends before the value that begins on line ${this.#top.line} is complete`)
    }
  }

  #step(byte: number, at: number, found: Found[], chunk: Buffer): void {
    switch (this.#expecting) {
      case 'value':
        if (this.#offset + at >= 3 || byte !== BOM[this.#offset + at]) this.#beginTop(byte, at)
        return
      case 'first key':
      case 'key':
        if (byte === QUOTE) this.#begin('key', byte, at)
        else if (byte === CLOSE_OBJECT && this.#expecting === 'first key') this.#endTop(at, found, chunk)
        else throw this.#broken(at, 'expected a key in double quotes')
        return
      case 'colon':
        if (byte !== COLON) throw this.#broken(at, 'expected : after a key')
        this.#expecting = 'member'
        return
      case 'member':
        this.#beginMember(byte, at)
        return
      case 'comma':
        if (byte === COMMA) this.#expecting = 'key'
        else if (byte === CLOSE_OBJECT) this.#endTop(at, found, chunk)
        else throw this.#broken(at, 'expected , or }')
        return
      case 'first object':
      case 'object':
        if (byte === CLOSE_LIST && this.#expecting === 'first object') this.#endList()
        else {
          this.#begin('object', byte, at)
          this.#keeper.begin(at)
        }
        return
      case 'object comma':
        if (byte === COMMA) this.#expecting = 'object'
        else if (byte === CLOSE_LIST) this.#endList()
        else throw this.#broken(at, `expected , or ] after the object ${shown(this.#place(this.#index - 1))}`)
    }
  }

  #beginTop(byte: number, at: number): void {
    this.#index = 0
    this.#top = outermost(this.#line, byte === OPEN_LIST)
    this.#value.isTooDeep = false
    if (byte === OPEN_LIST) this.#expecting = 'first object'
    else if (byte === OPEN_OBJECT) {
      this.#expecting = 'first key'
      this.#keeper.begin(at) // it may be an object itself
    } else {
      const hint = byte >= 0xfe ? ': this looks like UTF-16, convert it to UTF-8' : ''
      throw this.#broken(at, `expected { or [, a bundle, an envelope, a list or one object a line${hint}`)
    }
  }

  #beginMember(byte: number, at: number): void {
    const top = this.#top
    // a STIX 2.0 observed-data has `objects` of its own, and some custom object may
    if (this.#key === 'objects' && byte === OPEN_LIST && (top.type === undefined || top.type === 'bundle')) {
      if (top.hasObjects) throw this.#broken(at, 'the key "objects" stands twice in one JSON object')
      this.#expecting = 'first object'
      this.#keeper.forget()
      return
    }
    if (this.#key !== 'more' && this.#key !== 'next') top.isEnvelope = false
    this.#begin('member', byte, at)
    const isWanted = this.#key === 'type' || this.#key === 'spec_version'
    this.#text = isWanted && this.#value.isString ? '' : undefined
  }

  #begin(reading: 'key' | 'member' | 'object', byte: number, at: number): void {
    const wasTooDeep = reading !== 'object' && this.#value.isTooDeep // an outermost object is as deep as its members
    if (!this.#value.begin(byte, reading === 'object' ? 0 : 1)) throw this.#broken(at, 'expected a JSON value')
    this.#value.isTooDeep = wasTooDeep
    this.#reading = reading
    this.#text = reading === 'key' ? '' : undefined
    this.#valueLine = this.#line
  }

  #endList(): void {
    this.#top.hasObjects = true
    this.#expecting = this.#top.isList ? 'value' : 'comma'
  }

  #endTop(at: number, found: Found[], chunk: Buffer): void {
    this.#expecting = 'value'
    const { hasObjects, isEnvelope, type, line } = this.#top
    if (hasObjects || isEnvelope || type === 'bundle') this.#keeper.forget()
    else this.#emit(chunk, at + 1, { line, pointer: '' }, found)
  }

  /** Reads on in a key, a member of the outermost object, or an object; the position after what was read. */
  #readOn(chunk: Buffer, start: number, found: Found[]): number {
    const value = this.#value
    const at = value.read(chunk, start)
    this.#line = this.#valueLine + value.lines
    if (value.mismatch !== undefined) {
      const which = this.#reading === 'object' ? ` in the object ${shown(this.#place())}` : ''
      throw this.#broken(value.mismatch, `a bracket closes nothing that is open${which}`)
    }
    if (value.isTooDeep) this.#keeper.forget()
    const end = at < 0 ? chunk.length : at
    if (this.#text !== undefined && this.#text.length < MAX_TEXT) {
      this.#text += chunk.toString('utf8', start, Math.min(end, start + MAX_TEXT))
    }
    if (at >= 0) this.#endValue(chunk, end, found)
    return end
  }

  #endValue(chunk: Buffer, end: number, found: Found[]): void {
    const reading = this.#reading
    this.#reading = undefined
    if (reading === 'object') {
      this.#emit(chunk, end, this.#place(), found)
      this.#index += 1
      this.#expecting = 'object comma'
    } else if (reading === 'key') {
      this.#key = textOf(this.#text)
      this.#expecting = 'colon'
    } else {
      if (this.#key === 'type') this.#top.type = textOf(this.#text)
      else if (this.#key === 'spec_version') this.#top.specVersion = textOf(this.#text)
      this.#expecting = 'comma'
    }
  }

  #emit(chunk: Buffer, end: number, place: Place, found: Found[]): void {
    const sequence = this.#count++
    const bytes = this.#keeper.take(chunk, end)
    if (this.#value.isTooDeep) {
      const message = `the object is nested deeper than ${MAX_OBJECT_DEPTH} levels: flatten it`
      found.push({ kind: 'unfit', sequence, place, rule: 'too-deep', message })
    } else if (!bytes) {
      const message = `the object is larger than ${this.#maxBytes} bytes: leave payloads out`
      found.push({ kind: 'unfit', sequence, place, rule: 'too-large', message })
    } else found.push({ kind: 'object', sequence, place, bytes, specVersion: this.#top.specVersion })
  }

  #place(index = this.#index): Place {
    return { line: this.#valueLine, pointer: this.#top.isList ? `/${index}` : `/objects/${index}` }
  }

  #broken(at: number, message: string): BrokenInputError {
    return new BrokenInputError(message, this.#line, this.#offset + at)
  }
}

function outermost(line: number, isList: boolean): Outermost {
  return { line, isList, type: undefined, specVersion: undefined, isEnvelope: true, hasObjects: false }
}

/** A string of JSON with its quotes; '' for one that is no string or too long to be one of ours. */
function textOf(json: string | undefined): string {
  if (json === undefined) return ''
  if (!json.includes('\\')) return json.slice(1, -1)
  try {
    const text: unknown = JSON.parse(json)
    return typeof text === 'string' ? text : ''
  } catch {
    return ''
  }
}
