import { type Block, type DomainName, readObserved } from './network-name.ts'

/** Something that is known about a block of addresses or a domain. */
export interface Placed<T> {
  readonly at: Block | DomainName
  readonly value: T
}

/** Finds by address or name. */
export interface NetworkIndex<T> {
  /** What is known at the most specific place around it: the longest prefix, the longest name. */
  nearest(addressOrName: string): T | undefined
  /** Everything that is known around it, the most specific first. */
  around(addressOrName: string): readonly T[]
}

/**
 * Builds an index: one table per length of a prefix, and one of names. A question costs as many look-ups as there are
 * different lengths, or labels in the name; how many places there are makes no difference.
 * @param places of two at the same place the later counts
 */
export function networkIndex<T>(places: Iterable<Placed<T>>): NetworkIndex<T> {
  const blocks = { 4: new Map<number, Map<bigint, T>>(), 6: new Map<number, Map<bigint, T>>() }
  const names = new Map<string, T>()
  for (const { at, value } of places) {
    if (at.kind === 'domain') names.set(at.text, value)
    else {
      const ofFamily = blocks[at.family]
      const ofLength = ofFamily.get(at.length) ?? new Map<bigint, T>()
      ofFamily.set(at.length, ofLength.set(at.start, value))
    }
  }
  const lengths = {
    4: [...blocks[4].keys()].toSorted((a, b) => b - a),
    6: [...blocks[6].keys()].toSorted((a, b) => b - a),
  }

  function* find(addressOrName: string): Generator<T> {
    const observed = readObserved(addressOrName)
    if (observed?.kind === 'block') yield* aroundBlock(observed)
    else if (observed) yield* aroundName(observed.text)
  }

  function* aroundBlock({ family, start, length: most }: Block): Generator<T> {
    const bits = family === 4 ? 32 : 128
    for (const length of lengths[family]) {
      if (length > most) continue
      const hostBits = BigInt(bits - length)
      const value = blocks[family].get(length)?.get((start >> hostBits) << hostBits)
      if (value !== undefined) yield value
    }
  }

  function* aroundName(name: string): Generator<T> {
    const own = names.get(name)
    if (own !== undefined) yield own
    // '.b.c' stands for b.c itself and for everything that ends with it on the border of a label
    for (let from = -1; ;) {
      const value = names.get(from < 0 ? `.${name}` : name.slice(from))
      if (value !== undefined) yield value
      from = name.indexOf('.', from + 1)
      if (from < 0) return
    }
  }

  return {
    nearest(addressOrName) {
      for (const value of find(addressOrName)) return value
      return undefined
    },
    around: (addressOrName) => [...find(addressOrName)],
  }
}
