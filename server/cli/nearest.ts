import { suggest } from '../config/suggest.ts'

const MIN_BEGINNING = 3

/** The known name that somebody meant: one with the same letters in another order, else the nearest, else a longer one. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  return (
    known.find((name) => sorted(name) === sorted(word)) ??
    suggest(word, known) ??
    (word.length >= MIN_BEGINNING ? known.find((name) => name.startsWith(word)) : undefined)
  )
}

function sorted(word: string): string {
  return Array.from(word).sort().join('')
}
