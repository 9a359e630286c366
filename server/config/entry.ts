import type { Slot } from './catalogue.ts'

/** One thing that is wrong with the configuration. */
export interface Problem {
  /** The setting, or the name as it was written when it is unknown. */
  readonly key: string
  /** An environment name, `file:line`, `command line` or `default`. */
  readonly source: string
  /** What is wrong and what would be right; never the value of a secret. */
  readonly message: string
}

/** A value as it was written, not yet checked. */
export interface Entry {
  readonly slot: Slot
  readonly value: unknown
  readonly source: string
  /** Relative paths start here: the folder of the configuration file, else the working folder. */
  readonly folder: string
  /** Whether the value is text that stands for something else, as `true` and `10` do in the environment. */
  readonly isText: boolean
}

/** What one source gave. */
export interface Entries {
  readonly entries: readonly Entry[]
  readonly problems: readonly Problem[]
}

/** The entry for a setting and its `…_file` twin are alternatives: giving both in one source is a problem. */
export function refuseTwins(entries: readonly Entry[]): Entries {
  const first = new Map<string, Entry>()
  const problems: Problem[] = []
  for (const entry of entries) {
    const { key } = entry.slot.setting
    const other = first.get(key)
    if (other)
      problems.push({ key, source: entry.source, message: `is also given by ${other.source}: keep one of them` })
    else first.set(key, entry)
  }
  return { entries: [...first.values()], problems }
}
