/** What the exit code of a command means; scripts rely on it. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  unavailable: 3,
} as const

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** For help and documentation. */
export const EXIT_MEANING: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'refused or failed: the message says why and what to do',
  2: 'the command line or the configuration is wrong; nothing was done',
  3: 'the database or the running server cannot be reached, or is busy: try again later',
}
