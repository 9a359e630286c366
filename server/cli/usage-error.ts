import { TrustGroupError } from '../errors.ts'

/** The command line cannot be understood; nothing was done. */
export class UsageError extends TrustGroupError {
  override readonly name = 'UsageError'
  constructor(message: string) {
    super(400, 'usage', message)
  }
}

/** The configuration is wrong; the message has one line for each problem. */
export class ConfigurationError extends TrustGroupError {
  override readonly name = 'ConfigurationError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(400, 'configuration', problems.join('; '))
    this.problems = problems
  }
}
