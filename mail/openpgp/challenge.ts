import { armor, createMessage, encrypt, enums } from 'openpgp'
import { encryptionKey } from './encryption-key.ts'

/**
 * Encrypts a short text to one certificate, armored. The form follows what the key says that it takes (RFC 9580 §13.7):
 * version 1 packets with a modification detection code for all but keys that ask for version 2.
 *
 * The armor has its checksum line: without one, GnuPG 2.2 takes the end of a message whose length divides by three for
 * damage.
 * @throws {Error} when nothing can be encrypted to it now: ask `endsEncryption` of its problems first
 */
export async function encryptChallenge(body: Uint8Array, text: string, nowMicros: number): Promise<string> {
  const found = await encryptionKey(body, nowMicros)
  if (!found) throw new Error('nothing can be encrypted to this certificate now')
  const { key, date } = found
  const packets: unknown = await encrypt({
    message: await createMessage({ text, date }),
    encryptionKeys: key,
    date,
    format: 'binary',
    config: { preferredCompressionAlgorithm: enums.compression.uncompressed },
  })
  if (!(packets instanceof Uint8Array)) throw new Error('the encrypted text did not come as bytes')
  // RFC 9580 §6.1: no checksum where version 6 packets are
  return armor(enums.armor.message, packets, undefined, undefined, undefined, key.keyPacket.version !== 6)
}
