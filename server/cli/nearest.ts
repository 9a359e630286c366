import { suggest } from '../config/suggest.ts'

/** The known name that somebody meant: one with the same letters in another order, else the nearest. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  return known.find((name) => sorted(name) === sorted(word)) ?? suggest(word, known)
}

function sorted(word: string): string {
  return Array.from(word).sort().join('')
}
