import { readArguments } from './arguments.ts'
import { COMMANDS } from './commands.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { type Failure, failureOf } from './failure.ts'
import { findCommand } from './find-command.ts'
import { commandHelp, overviewHelp } from './help.ts'
import { Invocation, type Surroundings } from './invocation.ts'
import { UsageError } from './usage-error.ts'

const TITLE = 'Vouchsafe: a TAXII 2.1 server for trust groups.'

/** Runs the process as the command line; its exit code is set when all is done. */
export async function main(args: readonly string[]): Promise<void> {
  // a reader such as head may stop reading: that is no failure of ours
  process.stdout.on('error', () => process.exit(EXIT.ok))
  process.exitCode = await runCommandLine(args, process)
}

/** Runs one command line and reports what went wrong, in words or as JSON. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const json = args.includes('--json')
  try {
    return await dispatch(args, surroundings)
  } catch (error) {
    const failure = await failureOf(error)
    report(failure, error, json, surroundings)
    return failure.exit
  }
}

async function dispatch(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  if (args[0] === '--version') return await version(args.includes('--json'), surroundings)
  const found = findCommand(COMMANDS, args)
  if (found.kind === 'help') {
    const asked = args.some((word) => word === '--help' || word === '-h' || word === 'help')
    const [wrong] = args
    if (!asked && wrong?.startsWith('-')) throw new UsageError(`there is no option ${wrong}: see "vouchsafe --help"`)
    const text = overviewHelp(found.commands, TITLE)
    if (asked && args.includes('--json')) surroundings.stdout.write(`${JSON.stringify({ help: text })}\n`)
    else (asked ? surroundings.stdout : surroundings.stderr).write(text)
    return asked ? EXIT.ok : EXIT.usage
  }
  const given = readArguments(found.command, found.rest)
  const invocation = new Invocation(found.command, given, surroundings)
  if (given.values.has('help')) {
    const text = commandHelp(found.command)
    invocation.result({ help: text }, [text.trimEnd()])
    return EXIT.ok
  }
  return await found.command.run(invocation)
}

async function version(json: boolean, { stdout }: Surroundings): Promise<ExitCode> {
  const { readFile } = await import('node:fs/promises')
  const manifest: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  const text =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown'
  stdout.write(json ? `${JSON.stringify({ version: text })}\n` : `vouchsafe ${text}\n`)
  return EXIT.ok
}

function report(failure: Failure, error: unknown, json: boolean, { stdout, stderr }: Surroundings): void {
  const { code, message } = failure
  if (json) stdout.write(`${JSON.stringify({ error: { code, message } })}\n`)
  stderr.write(`vouchsafe: ${message}\n`)
  if (code === 'internal' && error instanceof Error) {
    stderr.write(`This is a fault of Vouchsafe. Please report it with these lines:\n${error.stack ?? ''}\n`)
  }
}
