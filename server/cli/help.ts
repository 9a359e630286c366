import { COMMON_OPTIONS, type Command, nameOf, type Option } from './command.ts'
import { EXIT_MEANING } from './exit-codes.ts'
import { columns } from './columns.ts'

/** Help for one command: usage, options, examples, what `--json` prints. */
export function commandHelp(command: Command): string {
  const positionals = command.positionals ?? []
  const options = { ...command.options, ...COMMON_OPTIONS }
  return [
    `${command.summary}.`,
    '',
    `Usage: ${usageOf(command)}`,
    ...section('', command.details ?? []),
    ...section('Arguments:', columns(positionals.map((each) => [`  ${each.name}`, each.meaning]))),
    ...section(
      'Options:',
      columns(Object.entries(options).map(([name, option]) => [`  ${optionText(name, option)}`, meaningOf(option)])),
    ),
    ...section(
      'Examples:',
      command.examples.map((line) => `  ${line}`),
    ),
    ...section('With --json:', [`  ${command.json}`]),
    ...section('Exit codes:', exitLines()),
    '',
  ].join('\n')
}

/** Help for a noun, or for all commands: one line each. */
export function overviewHelp(commands: readonly Command[], title: string): string {
  const [only] = commands
  if (only && commands.length === 1) return commandHelp(only)
  const nouns = new Set(commands.map((command) => command.words[0]))
  const examples = nouns.size === 1 ? commands.flatMap((command) => command.examples.slice(0, 1)) : []
  return [
    title,
    '',
    `Usage: vouchsafe ${nouns.size === 1 ? [...nouns].join('') : 'COMMAND'} ...`,
    ...section('Commands:', columns(commands.map((command) => [`  ${nameOf(command)}`, command.summary]))),
    ...section(
      'Examples:',
      examples.map((line) => `  ${line}`),
    ),
    ...section('Exit codes:', exitLines()),
    '',
    `"vouchsafe COMMAND --help" shows options and examples. Every command takes --json.`,
    'VOUCHSAFE_DATA names the data folder (./data), DATABASE_URL a PostgreSQL. All settings: docs/operate.md',
    '',
  ].join('\n')
}

/** The line of usage, as in help and documentation. */
export function usageOf(command: Command): string {
  const positionals = (command.positionals ?? []).map(({ name, optional, many }) => {
    const text = many ? `${name}...` : name
    return optional ? `[${text}]` : text
  })
  const options = Object.entries(command.options ?? {}).map(([name, option]) => {
    const text = `[${optionText(name, option)}]`
    return option.kind === 'list' ? `${text}...` : text
  })
  return ['vouchsafe', ...command.words, ...positionals, ...options].join(' ')
}

/** An option with its value, as typed. */
export function optionText(name: string, option: Option): string {
  return option.kind === 'flag' ? `--${name}` : `--${name} ${option.value ?? 'VALUE'}`
}

/** What an option means, with its bounds. */
export function meaningOf({ meaning, kind, minimum, maximum }: Option): string {
  if (kind === 'list') return `${meaning}; may be repeated`
  if (minimum !== undefined && maximum !== undefined) return `${meaning}; ${minimum} to ${maximum}`
  return meaning
}

function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return []
  return title === '' ? ['', ...lines] : ['', title, ...lines]
}

function exitLines(): readonly string[] {
  return Object.entries(EXIT_MEANING).map(([code, meaning]) => `  ${code}  ${meaning}`)
}
