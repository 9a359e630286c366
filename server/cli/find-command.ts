import { type Command, nameOf } from './command.ts'
import { nearest } from './nearest.ts'
import { UsageError } from './usage-error.ts'

/** A command with what follows it, or the help that was asked for. */
export type Found =
  | { readonly kind: 'command'; readonly command: Command; readonly rest: readonly string[] }
  | { readonly kind: 'help'; readonly commands: readonly Command[] }

/**
 * Finds the command that a line begins with. A noun alone, or `help` before any words, asks for help.
 * @throws {UsageError} with the nearest known command
 */
export function findCommand(table: readonly Command[], args: readonly string[]): Found {
  const [first, second] = args
  if (first === 'help') {
    const words = args.slice(1).filter((word) => !word.startsWith('-'))
    return { kind: 'help', commands: words.length === 0 ? table : beginningWith(table, words) }
  }
  if (first === undefined || first.startsWith('-')) return { kind: 'help', commands: table }
  const ofNoun = table.filter((command) => command.words[0] === first)
  const command = ofNoun.find((each) => each.words.length === 1) ?? ofNoun.find((each) => each.words[1] === second)
  if (command) return { kind: 'command', command, rest: args.slice(command.words.length) }
  if (ofNoun.length > 0 && (second === undefined || second.startsWith('-'))) return { kind: 'help', commands: ofNoun }
  return { kind: 'help', commands: beginningWith(table, args.slice(0, ofNoun.length > 0 ? 2 : 1)) }
}

function beginningWith(table: readonly Command[], words: readonly string[]): readonly Command[] {
  const found = table.filter((command) => words.every((word, index) => command.words[index] === word))
  if (found.length > 0) return found
  const wanted = words.join(' ')
  const nouns = table.map((command) => command.words[0])
  const near = nearest(wanted, words.length > 1 ? table.map(nameOf) : [...nouns, ...table.map(nameOf)])
  const ofNoun = table.filter((command) => command.words[0] === words[0]).map(nameOf)
  const hint = near
    ? `did you mean "vouchsafe ${near}"?`
    : ofNoun.length > 0
      ? `there is ${ofNoun.join(', ')}`
      : 'see "vouchsafe --help"'
  throw new UsageError(`there is no command ${JSON.stringify(wanted)}: ${hint}`)
}
