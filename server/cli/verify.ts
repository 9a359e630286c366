import type { ChainReport } from '../backup/chain-report.ts'
import { neededPassphrase, PASSPHRASE_OPTIONS } from './backup-passphrase.ts'
import { columns } from './columns.ts'
import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'
import { createProgress } from './progress.ts'

/** `vouchsafe verify`. */
export const verifyCommand: Command = {
  words: ['verify'],
  summary: 'Walk every chain and compare views, ledgers and bytes',
  details: [
    'Names the first thing of each chain that does not fit, with its place, and exits with 1. With --backup it loads the',
    'file into a temporary database, verifies it there and removes it: the proof that a backup restores.',
    'Heads that are kept in another place show later that nothing before them was changed.',
  ],
  options: {
    backup: { kind: 'text', value: 'FILE', meaning: 'verify a backup instead of the site' },
    ...PASSPHRASE_OPTIONS,
  },
  examples: ['vouchsafe verify', 'vouchsafe verify --backup site.backup --passphrase-file passphrase --json'],
  json: '{"ok": boolean, "chains": [{"chain", "checked", "head" or "problem"}]}',
  async run(invocation) {
    const path = invocation.text('backup')
    const progress = createProgress(invocation.surroundings.stderr, 'verifying')
    let found: { readonly ok: boolean; readonly chains: readonly ChainReport[] }
    if (path === undefined) {
      found = await invocation.withAdmin((admin) =>
        admin.download(
          'site.verify',
          {},
          async () => undefined,
          (state) => progress.update(state),
        ),
      )
    } else {
      const passphrase = await neededPassphrase(invocation)
      const { verifyBackupFile } = await import('../backup/restore-site.ts')
      const onBytes = (done: number, total: number) => progress.update({ done, total, unit: 'bytes' })
      found = (await verifyBackupFile({ path, passphrase, onBytes })).verification
    }
    progress.end()
    invocation.result(found, [
      ...columns(
        found.chains.map(({ chain, checked, head, problem }) => [chain, String(checked), problem ?? head ?? 'whole']),
      ),
      found.ok ? 'Everything fits.' : 'Something does not fit: keep the database as it is and find out who changed it.',
    ])
    return found.ok ? EXIT.ok : EXIT.failed
  },
}
