import { PASSPHRASE_OPTIONS, passphraseOf } from './backup-passphrase.ts'
import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'
import { createProgress } from './progress.ts'

/** `vouchsafe backup`. */
export const backupCommand: Command = {
  words: ['backup'],
  summary: 'Make one encrypted file of everything, also while the server serves',
  details: [
    'The file holds the site as it is at one moment: objects, views, ledgers, audit, accounts and keys. It is there whole',
    'or not at all; an older file of the same name is replaced only when the new one is safe on the disk.',
    'It is an OpenPGP message. Without this program: gpg --decrypt FILE | gunzip. Keep the passphrase in another place.',
  ],
  positionals: [{ name: 'FILE', meaning: 'the file to be made, for its owner only' }],
  options: PASSPHRASE_OPTIONS,
  examples: [
    'vouchsafe backup /var/backups/vouchsafe.backup --passphrase-file /etc/vouchsafe/backup-passphrase --json',
    'echo "six words make a good passphrase" | vouchsafe backup site.backup --passphrase-stdin',
  ],
  json: '{"file": path, "made": time, "bytes": number, "sha256": hex, "rows": {table: number}}',
  async run(invocation) {
    const file = invocation.positional('FILE')
    const passphrase = await passphraseOf(invocation)
    const { keepFile } = await import('../backup/backup-file.ts')
    const progress = createProgress(invocation.surroundings.stderr, 'backing up')
    const report = await invocation.withAdmin(async (admin) => {
      const made = await keepFile(file, (write) =>
        admin.download('backup.make', { passphrase }, write, (state) => progress.update(state)),
      )
      // only now: the record says that the file is safe
      await admin.call('backup.note', made)
      return made
    })
    progress.end()
    const { object = 0, release = 0 } = report.rows
    invocation.result({ file, ...report }, [
      `${file}: ${report.bytes} bytes, ${object} objects, ${release} releases, as of ${report.made}`,
      `Check it with "vouchsafe verify --backup ${file}", and keep the passphrase in another place.`,
    ])
    return EXIT.ok
  },
}
