/** One measured line. */
export interface Result {
  readonly name: string
  /** What was done, for people. */
  readonly work: string
  /** Median of the rounds. */
  readonly value: number
  readonly unit: string
  /** Median of the floor's rounds in the same unit; undefined when the target is absolute. */
  readonly floor?: number | undefined
  /** Value by floor, or for times the other way round as the target says. */
  readonly ratio?: number | undefined
  readonly target?: Target | undefined
  /** Where the time goes, for people. */
  readonly detail?: string | undefined
  /** The same at several sizes, for the plot. */
  readonly growth?: readonly { readonly objects: number; readonly millis: number }[]
}

/** What must be reached, by the ratio or by the value itself. */
export interface Target {
  readonly of: 'ratio' | 'value'
  readonly atLeast?: number
  readonly atMost?: number
}

/** Whether the target is reached; true where there is none. */
export function isMet({ target, ratio, value }: Result): boolean {
  if (!target) return true
  const measured = target.of === 'ratio' ? (ratio ?? Number.NaN) : value
  return measured >= (target.atLeast ?? -Infinity) && measured <= (target.atMost ?? Infinity)
}

/** The results as `--json` prints them. */
export function toJson(results: readonly Result[]) {
  return {
    results: Object.fromEntries(
      results.map((result) => [
        result.name,
        {
          value: round(result.value),
          unit: result.unit,
          ratio: result.ratio === undefined ? null : round(result.ratio),
          floor: result.floor === undefined ? null : round(result.floor),
          target: result.target ? (result.target.atLeast ?? result.target.atMost ?? null) : null,
          met: isMet(result),
        },
      ]),
    ),
  }
}

/** Four significant digits: more would claim what no round repeats. */
function round(value: number): number {
  return Number(value.toPrecision(4))
}
