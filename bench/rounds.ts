/** The middle of a list; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** The median of one figure of several rounds. */
export function medianOf<T>(rounds: readonly T[], figure: (round: T) => number): number {
  return median(rounds.map(figure))
}

/**
 * Runs the sides in turn, round after round, so that whatever else the machine does hits them alike.
 * @returns for each side its rounds, in order
 */
export async function interleave<Sides extends Record<string, (round: number) => Promise<unknown>>>(
  rounds: number,
  sides: Sides,
): Promise<{ readonly [Side in keyof Sides]: readonly Awaited<ReturnType<Sides[Side]>>[] }> {
  const measured: Record<string, unknown[]> = Object.fromEntries(Object.keys(sides).map((side) => [side, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [side, run] of Object.entries(sides)) measured[side]?.push(await run(round))
  }
  // the keys are those of `sides`, and each list holds what its own side returned
  return measured as never
}
