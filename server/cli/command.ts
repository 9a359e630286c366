import type { ExitCode } from './exit-codes.ts'
import type { Invocation } from './invocation.ts'

/** An option; `--json` and `--help` are there for every command. */
export interface Option {
  readonly kind: 'text' | 'list' | 'number' | 'flag'
  /** What stands for the value in help, for example `LABEL`; a flag has none. */
  readonly value?: string
  readonly meaning: string
  readonly minimum?: number
  readonly maximum?: number
}

/** A word after the command's own words. */
export interface Positional {
  readonly name: string
  readonly meaning: string
  readonly optional?: true
  /** Takes all words that are left; only the last one may. */
  readonly many?: true
}

/** One command of the table. */
export interface Command {
  /** For example `['collection', 'add']`. */
  readonly words: readonly [string, ...string[]]
  /** One line without a full stop. */
  readonly summary: string
  /** What else there is to know, in paragraphs. */
  readonly details?: readonly string[]
  readonly positionals?: readonly Positional[]
  readonly options?: Readonly<Record<string, Option>>
  /** Whole lines, as typed. */
  readonly examples: readonly [string, ...string[]]
  /** Shape of what `--json` prints, for people. */
  readonly json: string
  /** @returns the exit code; a refusal is thrown */
  run(invocation: Invocation): Promise<ExitCode>
}

/** The name as typed. */
export function nameOf({ words }: Pick<Command, 'words'>): string {
  return words.join(' ')
}

/** Options that every command takes. */
export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  json: { kind: 'flag', meaning: 'print one JSON object on standard output; messages go to standard error' },
  help: { kind: 'flag', meaning: 'show this help' },
}
