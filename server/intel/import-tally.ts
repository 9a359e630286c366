import type { Outcome } from './ingest.ts'
import type { Place } from './import-found.ts'

/** One object that was refused: where it stands, its name as far as it is known, the rule and the reason. */
export interface Refusal extends Place {
  readonly id: string
  readonly version: string
  readonly rule: string
  readonly message: string
}

/** Objects of one type. */
export interface TypeCounts {
  readonly added: number
  readonly known: number
  readonly refused: number
}

/** What an intake came to. Every object that was read is in exactly one of `added`, `known` and `refused`. */
export interface Counts extends TypeCounts {
  readonly refusedByRule: Readonly<Record<string, number>>
  readonly types: Readonly<Record<string, TypeCounts>>
  /** The first {@link MAX_REFUSALS}; `onRefusal` gets all. */
  readonly refusals: readonly Refusal[]
}

/** Kept for the report; a file of millions of bad objects must not fill the memory. */
const MAX_REFUSALS = 100

/** A file may invent types and rules come from a fixed list: beyond so many types the rest is counted together. */
const MAX_TYPES = 300

type Counter = { -readonly [Key in keyof TypeCounts]: TypeCounts[Key] }

/** Counts an intake while it runs. */
export class IntakeTally {
  readonly #total: Counter = { added: 0, known: 0, refused: 0 }
  readonly #rules = new Map<string, number>()
  readonly #types = new Map<string, Counter>()
  readonly #refusals: Refusal[] = []
  readonly #onRefusal: ((refusal: Refusal) => void) | undefined

  constructor(onRefusal?: (refusal: Refusal) => void) {
    this.#onRefusal = onRefusal
  }

  /** Objects that were dealt with so far. */
  get total(): TypeCounts {
    return this.#total
  }

  /** An object that reached the view, was there, or was refused by `ingest`. */
  note(outcome: Outcome, place: Place): void {
    if (outcome.result === 'refused') this.refuse({ ...place, ...outcome })
    else this.#count(outcome.id, outcome.result)
  }

  refuse({ line, pointer, id, version, rule, message }: Refusal): void {
    this.#count(id, 'refused')
    this.#rules.set(rule, (this.#rules.get(rule) ?? 0) + 1)
    const refusal = { line, pointer, id, version, rule, message }
    if (this.#refusals.length < MAX_REFUSALS) this.#refusals.push(refusal)
    this.#onRefusal?.(refusal)
  }

  counts(): Counts {
    return {
      ...this.#total,
      refusedByRule: Object.fromEntries([...this.#rules].toSorted(byName)),
      types: Object.fromEntries([...this.#types].toSorted(byName)),
      refusals: this.#refusals,
    }
  }

  #count(id: string, result: keyof Counter): void {
    this.#total[result] += 1
    const type = this.#typeOf(id)
    const counter = this.#types.get(type) ?? { added: 0, known: 0, refused: 0 }
    counter[result] += 1
    this.#types.set(type, counter)
  }

  #typeOf(id: string): string {
    const type = id.slice(0, Math.max(0, id.indexOf('--')))
    if (!/^[a-z0-9-]{1,100}$/.test(type)) return 'unknown'
    return this.#types.has(type) || this.#types.size < MAX_TYPES ? type : 'others'
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
