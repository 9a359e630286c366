import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'

/** `vouchsafe migrate`. */
export const migrate: Command = {
  words: ['migrate'],
  summary: 'Bring the schema of the database up to date',
  details: ['Every command does so by itself; this one does nothing else. Changes are additive and are never undone.'],
  options: { plan: { kind: 'flag', meaning: 'only say what would be applied' } },
  examples: ['vouchsafe migrate --plan', 'vouchsafe migrate --json'],
  json: '{"applied": [name], "pending": [name]}',
  async run(invocation) {
    const config = await invocation.config()
    const { migrateSite } = await import('../admin/migrate-site.ts')
    const log = await invocation.log(config)
    const plan = invocation.flag('plan')
    const done = await migrateSite(config, log, { plan, onWait: (message) => invocation.note(message) })
    const names = plan ? done.pending : done.applied
    invocation.result(
      done,
      names.length === 0
        ? ['The schema is up to date.']
        : names.map((name) => (plan ? `would apply ${name}` : `applied ${name}`)),
    )
    return EXIT.ok
  },
}
