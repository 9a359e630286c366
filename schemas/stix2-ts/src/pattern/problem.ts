/** What is wrong with a pattern or its evaluation. `start` and `end` are UTF-16 offsets into the pattern text. */
export interface PatternProblem {
  readonly start: number
  readonly end: number
  readonly rule: string
  /** A sentence that names the fault and the fix; never holds a value of the pattern or of the data. */
  readonly message: string
}
