/**
 * Whether two names may be of one person: the same words in any order, whatever their case, accents and punctuation, with
 * a slip of the keyboard or two.
 */
export function isSimilarName(one: string, other: string): boolean {
  const [a, b] = [nameKey(one), nameKey(other)]
  if (a === '' || b === '') return false
  if (a === b) return true
  const slips = Math.min(a.length, b.length) < 8 ? 1 : 2
  return Math.abs(a.length - b.length) <= slips && distance(a, b, slips) <= slips
}

/** A name without what writers differ in: case, accents, punctuation, the order of its words. */
function nameKey(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).toSorted().join(' ')
}

/** Levenshtein's distance; anything above `most` may come back as `most + 1`. */
function distance(a: string, b: string, most: number): number {
  let above = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const change = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(change, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    if (Math.min(...row) > most) return most + 1
    above = row
  }
  return above[b.length] ?? 0
}
