/** Rows of one insert: few enough for the parameters that a statement may have, at any width of ours. */
const ROWS = 500

/** A list in pieces that one insert can take. */
export function batches<T>(rows: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(rows.length / ROWS) }, (_, index) =>
    rows.slice(index * ROWS, (index + 1) * ROWS),
  )
}
