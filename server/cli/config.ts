import { columns } from './columns.ts'
import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'

/** `vouchsafe config ...`. */
export const configCommands: readonly Command[] = [
  {
    words: ['config', 'check'],
    summary: 'Check the configuration and report every problem',
    examples: ['vouchsafe config check', 'VOUCHSAFE_CONFIG=/etc/vouchsafe.yaml vouchsafe config check --json'],
    json: '{"ok": boolean, "problems": [{"key", "source", "message"}]}',
    async run(invocation) {
      const { loadConfig } = await import('../config/load.ts')
      const loaded = loadConfig(invocation.surroundings.env)
      const problems = loaded.ok ? [] : loaded.problems
      invocation.result(
        { ok: loaded.ok, problems },
        loaded.ok
          ? ['The configuration is good.']
          : problems.map(({ key, source, message }) => `${key} (${source}) ${message}`),
      )
      return loaded.ok ? EXIT.ok : EXIT.usage
    },
  },
  {
    words: ['config', 'show'],
    summary: 'Show the configuration in force, without secrets',
    examples: ['vouchsafe config show', 'vouchsafe config show --json'],
    json: 'every key with its value, for example {"listen_port": 8080, "taxii.page_size": 1000}',
    async run(invocation) {
      const { redactedConfig } = await import('../config/redact.ts')
      const shown = redactedConfig(await invocation.config())
      const json = Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, value ?? null]))
      const rows = Object.entries(json).map(([key, value]) => [key, value === null ? '-' : textOf(value)])
      invocation.result(json, columns(rows))
      return EXIT.ok
    },
  },
]

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
