import type { PatternProblem } from './problem.ts'
import type { Span } from './tree.ts'

/** Ends a match early. `matchPattern` turns it into its answer; it never leaves there. */
export class MatchStop extends Error {
  override readonly name = 'MatchStop'
  readonly problem: PatternProblem
  constructor(span: Span, rule: string, message: string) {
    super(message)
    this.problem = { start: span.start, end: span.end, rule, message }
  }
}

/** Steps that one match may take, each about 100 ns. Choosing observations is exponential at worst, so it needs an end. */
export class Budget {
  #left: number
  readonly #span: Span

  constructor(steps: number, span: Span) {
    this.#left = steps
    this.#span = span
  }

  /** Takes steps away; throws {@link MatchStop} when there are none left. */
  spend(steps: number): void {
    this.#left -= steps
    if (this.#left < 0) {
      const message = 'The match takes too many steps; use fewer observations, repeats or wildcards, or less data.'
      throw new MatchStop(this.#span, 'match-budget', message)
    }
  }
}
