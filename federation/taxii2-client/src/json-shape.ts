import { TaxiiClientError } from './errors.ts'

/** A JSON object whose properties are not yet checked. */
export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Reads one JSON object property by property. A property that is absent and optional is undefined; one of the wrong
 * type is an error that names its JSON pointer and never its value.
 */
export class Shape {
  readonly #record: JsonRecord
  readonly #pointer: string

  /** @throws {TaxiiClientError} `bad-resource` when the value is no JSON object */
  constructor(value: unknown, pointer: string) {
    if (!isRecord(value)) throw wrong(pointer, 'an object')
    this.#record = value
    this.#pointer = pointer
  }

  text(name: string): string {
    const value = this.optionalText(name)
    if (value === undefined) throw wrong(`${this.#pointer}/${name}`, 'a string')
    return value
  }

  optionalText(name: string): string | undefined {
    const value = this.#record[name]
    if (value === undefined || typeof value === 'string') return value
    throw wrong(`${this.#pointer}/${name}`, 'a string')
  }

  flag(name: string): boolean {
    const value = this.#record[name]
    if (typeof value === 'boolean') return value
    throw wrong(`${this.#pointer}/${name}`, 'true or false')
  }

  /** Absent means false. */
  optionalFlag(name: string): boolean {
    return this.#record[name] === undefined ? false : this.flag(name)
  }

  integer(name: string, least: number): number {
    const value = this.#record[name]
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
    throw wrong(`${this.#pointer}/${name}`, `an integer of at least ${least}`)
  }

  /** Absent means empty: TAXII has no empty lists (TAXII 2.1 §2). */
  list(name: string): readonly unknown[] {
    const value = this.#record[name]
    if (value === undefined) return []
    if (Array.isArray(value)) return value
    throw wrong(`${this.#pointer}/${name}`, 'a list')
  }

  texts(name: string): readonly string[] {
    return this.list(name).map((value, index) => {
      if (typeof value === 'string') return value
      throw wrong(`${this.#pointer}/${name}/${index}`, 'a string')
    })
  }
}

/** @throws {TaxiiClientError} `not-json`. The parser's own message is left out: it quotes the body. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(decoder.decode(body))
  } catch {
    throw new TaxiiClientError('not-json', 'The answer is not JSON in UTF-8')
  }
}

/** Replacement characters would change what somebody signed or hashed. */
const decoder = new TextDecoder('utf-8', { fatal: true })

function wrong(pointer: string, expected: string): TaxiiClientError {
  return new TaxiiClientError('bad-resource', `${pointer || 'The resource'} is not ${expected}`, { pointer })
}
