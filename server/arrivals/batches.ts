/** Rows of one insert: few enough for the parameters that a statement may have, at any width of ours. */
const ROWS = 500

/** A list in pieces that one statement can take. */
export function batches<T>(rows: readonly T[], size = ROWS): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  )
}
