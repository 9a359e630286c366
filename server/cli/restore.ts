import { neededPassphrase, PASSPHRASE_OPTIONS } from './backup-passphrase.ts'
import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'
import { createProgress } from './progress.ts'
import { UsageError } from './usage-error.ts'

/** `vouchsafe restore`. */
export const restoreCommand: Command = {
  words: ['restore'],
  summary: 'Load a backup into an empty database of either kind',
  details: [
    'This is also the way from the embedded database to PostgreSQL. Every chain and every byte is verified before it is',
    'done; when anything is wrong, the database is as empty as before. Clients go on where they were: dates, page tokens,',
    'passwords and tokens stay good. Outgoing traffic is off until "vouchsafe restore --confirm": two copies of one site',
    'must not both send.',
  ],
  positionals: [{ name: 'FILE', meaning: 'a file that "vouchsafe backup" made', optional: true }],
  options: {
    ...PASSPHRASE_OPTIONS,
    confirm: { kind: 'flag', meaning: 'let a restored site send again: the old one is switched off' },
  },
  examples: [
    'DATABASE_URL=postgres://vouchsafe@db.example/vouchsafe vouchsafe restore site.backup --passphrase-file passphrase',
    'vouchsafe restore --confirm',
  ],
  json: '{"made": time, "program": version, "rows": {table: number}, "verified": true, "outgoing": false}, with --confirm {"outgoing": true, "changed": boolean}',
  async run(invocation) {
    const path = invocation.positional('FILE')
    if (invocation.flag('confirm')) {
      if (path !== '') throw new UsageError('give a FILE to restore, or --confirm afterwards, not both')
      const done = await invocation.withAdmin((admin) => admin.call('restore.confirm', {}))
      invocation.result(done, [done.changed ? 'Outgoing traffic is on again.' : 'Outgoing traffic was on already.'])
      return EXIT.ok
    }
    if (path === '') throw new UsageError('name the backup: vouchsafe restore FILE')
    const passphrase = await neededPassphrase(invocation)
    const { restoreSite } = await import('../backup/restore-site.ts')
    const progress = createProgress(invocation.surroundings.stderr, 'restoring')
    const onBytes = (done: number, total: number) => progress.update({ done, total, unit: 'bytes' })
    const onWait = (message: string) => invocation.note(message)
    const { made, program, rows } = await restoreSite(await invocation.config(), { path, passphrase, onBytes }, onWait)
    progress.end()
    invocation.result({ made, program, rows, verified: true, outgoing: false }, [
      `The site is back as of ${made}: ${rows['object'] ?? 0} objects, ${rows['release'] ?? 0} releases, all verified.`,
      'Outgoing traffic is off. When the old site is switched off: vouchsafe restore --confirm',
    ])
    return EXIT.ok
  },
}
