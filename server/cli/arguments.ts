import { parseArgs } from 'node:util'
import { COMMON_OPTIONS, type Command, nameOf, type Option } from './command.ts'
import { nearest } from './nearest.ts'
import { UsageError } from './usage-error.ts'

/** What was typed after the words of a command. */
export interface Arguments {
  readonly positionals: readonly string[]
  readonly values: ReadonlyMap<string, string | true | readonly string[]>
}

/**
 * Reads options and positionals of a command.
 * @throws {UsageError} with the nearest known option, or with the positional that is missing
 */
export function readArguments(command: Command, args: readonly string[]): Arguments {
  const known = { ...command.options, ...COMMON_OPTIONS }
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(Object.entries(known).map(([name, option]) => [name, parserOption(option)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const positionals: string[] = []
  const values = new Map<string, string | true | readonly string[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const name = token.rawName === '-h' ? 'help' : token.name
    const option = Object.hasOwn(known, name) ? known[name] : undefined
    if (!option) throw unknownOption(command, token.rawName, Object.keys(known))
    values.set(name, valueOf(token.rawName, option, token.value, values.get(name)))
  }
  if (!values.has('help')) checkPositionals(command, positionals)
  return { positionals, values }
}

function parserOption(option: Option) {
  return { type: option.kind === 'flag' ? ('boolean' as const) : ('string' as const) }
}

function valueOf(
  rawName: string,
  option: Option,
  value: string | undefined,
  before: string | true | readonly string[] | undefined,
): string | true | readonly string[] {
  if (option.kind === 'flag') {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value: leave out ${JSON.stringify(`=${value}`)}`)
    return true
  }
  if (value === undefined || (value.startsWith('--') && value.length > 2)) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${option.value ?? 'VALUE'}`)
  }
  if (option.kind === 'list') return [...(Array.isArray(before) ? before : []), value]
  if (before !== undefined) throw new UsageError(`${rawName} is given twice: keep one`)
  return value
}

function unknownOption(command: Command, rawName: string, known: readonly string[]): UsageError {
  const near = rawName.startsWith('--') ? nearest(rawName.slice(2), known) : undefined
  const hint = near ? `did you mean --${near}?` : `see "vouchsafe ${nameOf(command)} --help"`
  return new UsageError(`${nameOf(command)} has no option ${rawName}: ${hint}`)
}

function checkPositionals(command: Command, given: readonly string[]): void {
  const wanted = command.positionals ?? []
  const missing = wanted.find((positional, index) => !positional.optional && given[index] === undefined)
  if (missing) {
    throw new UsageError(
      `${nameOf(command)} needs ${missing.name} (${missing.meaning}): see "vouchsafe ${nameOf(command)} --help"`,
    )
  }
  const extra = given[wanted.length]
  if (extra !== undefined && wanted.at(-1)?.many !== true) {
    throw new UsageError(
      `${nameOf(command)} does not take ${JSON.stringify(extra)}: put quotes around text of several words`,
    )
  }
}
