import { type Key, readKey } from 'openpgp'
import { CLOCK_TOLERANCE_MICROS, dateOf } from './limits.ts'

/** A key, and a date at which openpgp.js encrypts to it. */
export interface EncryptionKey {
  readonly key: Key
  readonly date: Date
}

/**
 * The key of a certificate if anything can be encrypted to it now. openpgp.js has the last word: a certificate that it
 * would not encrypt to is of no use, whatever we think of it. A key made moments ago on a faster clock counts.
 */
export async function encryptionKey(body: Uint8Array, nowMicros: number): Promise<EncryptionKey | undefined> {
  const key = await readKey({ binaryKey: body }).catch(() => {})
  for (const micros of [nowMicros, nowMicros + CLOCK_TOLERANCE_MICROS]) {
    const date = dateOf(micros)
    const found = await key?.getEncryptionKey(undefined, date).catch(() => {})
    if (key && found) return { key, date }
  }
  return undefined
}
