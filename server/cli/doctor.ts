import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'

/** `vouchsafe doctor`. */
export const doctorCommand: Command = {
  words: ['doctor'],
  summary: 'Check machine, network, database and site, and say the exact fix',
  details: [
    'Changes nothing. Works with and without a running server. Exits with 1 when a check fails; warnings do not count.',
  ],
  examples: ['vouchsafe doctor', 'vouchsafe doctor --json'],
  json: '{"ok": boolean, "checks": [{"name", "outcome": "ok", "warn" or "fail", "message", "fix"}]}',
  async run(invocation) {
    const { examine } = await import('../doctor/examine.ts')
    const found = await examine(await invocation.config(), (message) => invocation.note(message))
    const lines = found.checks.flatMap(({ outcome, name, message, fix }) => [
      `${outcome.padEnd(4)}  ${name}: ${message}`,
      ...(fix === undefined ? [] : [`      fix: ${fix}`]),
    ])
    invocation.result(found, lines)
    return found.ok ? EXIT.ok : EXIT.failed
  },
}
