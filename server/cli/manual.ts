import { readFileSync, writeFileSync } from 'node:fs'
import { COMMON_OPTIONS, type Command, nameOf } from './command.ts'
import { COMMANDS } from './commands.ts'
import { EXIT_MEANING } from './exit-codes.ts'
import { meaningOf, optionText, usageOf } from './help.ts'

/** The page that is made from the command table. */
export const MANUAL = new URL('../../docs/cli.md', import.meta.url)

/** The manual of the command line in Markdown, as prettier would write it. */
export function renderManual(commands: readonly Command[] = COMMANDS): string {
  return [
    '# The command line',
    '',
    'This page is made from the command table: `node server/cli/manual.ts --write` brings it up to date.',
    '',
    'Run the commands with `npx vouchsafe` in the folder of the project. `VOUCHSAFE_DATA` names the data folder, which is `./data` otherwise; `DATABASE_URL` selects PostgreSQL. All settings are in [operate.md](operate.md).',
    '',
    'While a server has an embedded database open, the commands have it do the work: they talk to it over a socket in the data folder that only its own user can open. While another command has the database open, they wait for up to a minute. With PostgreSQL they open the database themselves.',
    '',
    'Every command takes `--help`, and `--json`: then standard output holds exactly one JSON object, a failure is `{"error": {"code": text, "message": text}}`, and messages go to standard error.',
    '',
    '## Exit codes',
    '',
    ...Object.entries(EXIT_MEANING).map(([code, meaning]) => `- \`${code}\` ${meaning}`),
    '',
    '## Commands',
    '',
    ...commands.map((command) => `- [${nameOf(command)}](#${command.words.join('-')}): ${lowerFirst(command.summary)}`),
    ...commands.flatMap(sectionOf),
    '',
  ].join('\n')
}

function sectionOf(command: Command): readonly string[] {
  const options = Object.entries(command.options ?? {}).filter(([name]) => !(name in COMMON_OPTIONS))
  const rows = [
    ...(command.positionals ?? []).map(({ name, meaning }) => `- \`${name}\` ${meaning}`),
    ...options.map(([name, option]) => `- \`${optionText(name, option)}\` ${meaningOf(option)}`),
  ]
  return [
    '',
    `### ${nameOf(command)}`,
    '',
    `${command.summary}.${command.details?.length ? ` ${command.details.join(' ')}` : ''}`,
    '',
    '```sh',
    usageOf(command),
    '```',
    '',
    ...(rows.length > 0 ? [...rows, ''] : []),
    'Examples:',
    '',
    '```sh',
    ...command.examples,
    '```',
    '',
    `With \`--json\`: \`${command.json}\``,
  ]
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}

if (import.meta.main) {
  if (process.argv.includes('--write')) writeFileSync(MANUAL, renderManual())
  else process.stdout.write(readFileSync(MANUAL, 'utf8') === renderManual() ? 'up to date\n' : renderManual())
}
