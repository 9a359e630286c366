import { readFile } from 'node:fs/promises'
import type { Option } from './command.ts'
import type { Invocation } from './invocation.ts'
import { UsageError } from './usage-error.ts'

/** Where the passphrase of a backup comes from when it is not the configured one. */
export const PASSPHRASE_OPTIONS: Readonly<Record<string, Option>> = {
  'passphrase-file': {
    kind: 'text',
    value: 'FILE',
    meaning: 'a file with the passphrase; backup.passphrase unless given',
  },
  'passphrase-stdin': { kind: 'flag', meaning: 'read the passphrase from the first line of standard input' },
}

/**
 * The passphrase as given on the command line, else as configured; undefined when neither.
 * @throws {UsageError} when it is given twice or the file cannot be read
 */
export async function passphraseOf(invocation: Invocation): Promise<string | undefined> {
  const file = invocation.text('passphrase-file')
  const fromInput = invocation.flag('passphrase-stdin')
  if (file !== undefined && fromInput) throw new UsageError('give --passphrase-file or --passphrase-stdin, not both')
  if (fromInput) return await invocation.passwordFromInput()
  if (file === undefined) return (await invocation.config()).backup.passphrase
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new UsageError(`the passphrase file ${file} cannot be read (${code})`)
  }
}

/** @throws {UsageError} when there is none */
export async function neededPassphrase(invocation: Invocation): Promise<string> {
  const passphrase = await passphraseOf(invocation)
  if (passphrase !== undefined) return passphrase
  throw new UsageError(
    'give the passphrase of the backup: --passphrase-file FILE or --passphrase-stdin, or set backup.passphrase_file',
  )
}
