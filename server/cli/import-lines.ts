import { columns } from './columns.ts'

/** Counts as operations give them. */
export interface IntakeCounts {
  readonly added: number
  readonly known: number
  readonly refused: number
  readonly refused_by_rule: Readonly<Record<string, number>>
  readonly types: Readonly<Record<string, { readonly added: number; readonly known: number; readonly refused: number }>>
}

/** The table of counts at the end of an import: a line for each type, and the sum. */
export function countLines({ added, known, refused, refused_by_rule, types }: IntakeCounts): string[] {
  const number = (count: number) => (count === 0 ? '-' : count.toLocaleString('en'))
  const rows = Object.entries(types).map(([type, counts]) => [
    type,
    number(counts.added),
    number(counts.known),
    number(counts.refused),
  ])
  const rules = Object.entries(refused_by_rule).map(([rule, count]) => `${count.toLocaleString('en')} by ${rule}`)
  return [
    ...columns([
      ['TYPE', 'ADDED', 'KNOWN', 'REFUSED'],
      ...rows,
      ['all', number(added), number(known), number(refused)],
    ]),
    ...(rules.length > 0 ? [`refused: ${rules.join(', ')}`] : []),
  ]
}

/** Several counts as one. */
export function sumOf(counts: readonly IntakeCounts[]): IntakeCounts {
  const refused_by_rule: Record<string, number> = {}
  const types: Record<string, { added: number; known: number; refused: number }> = {}
  let [added, known, refused] = [0, 0, 0]
  for (const each of counts) {
    added += each.added
    known += each.known
    refused += each.refused
    for (const [rule, count] of Object.entries(each.refused_by_rule)) {
      refused_by_rule[rule] = (refused_by_rule[rule] ?? 0) + count
    }
    for (const [type, of] of Object.entries(each.types)) {
      const sum = (types[type] ??= { added: 0, known: 0, refused: 0 })
      sum.added += of.added
      sum.known += of.known
      sum.refused += of.refused
    }
  }
  return { added, known, refused, refused_by_rule, types }
}
