/** One thing that `doctor` looked at. */
export interface Check {
  /** Stable, for scripts: for example `backup`. */
  readonly name: string
  readonly outcome: 'ok' | 'warn' | 'fail'
  /** What was found, one line. */
  readonly message: string
  /** The command to type or the setting to change; always there unless the outcome is ok. */
  readonly fix?: string
}

/** All checks, and whether none of them failed. */
export interface Diagnosis {
  readonly ok: boolean
  readonly checks: readonly Check[]
}

/** Nothing to do. */
export function ok(name: string, message: string): Check {
  return { name, outcome: 'ok', message }
}

/** Works, but somebody should do something; the exit code stays 0. */
export function warn(name: string, message: string, fix: string): Check {
  return { name, outcome: 'warn', message, fix }
}

/** Does not work, or must not be trusted. */
export function fail(name: string, message: string, fix: string): Check {
  return { name, outcome: 'fail', message, fix }
}

/** A length of time in the unit that suits it. */
export function spanOf(micros: number): string {
  const minutes = Math.max(0, Math.round(micros / 60_000_000))
  if (minutes < 120) return `${minutes} minutes`
  return minutes < 2880 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`
}
