import { createMessage, decrypt, encrypt, enums, readMessage } from 'openpgp'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { UnprocessableError } from '../errors.ts'

/**
 * RFC 9580 in the form that every OpenPGP program reads, GnuPG 2 among them: AES-256 in a version 1 packet with its
 * modification detection code, the key from the passphrase by iterated and salted SHA-256 over 65 MB (§3.7.1.3).
 */
const FORM = {
  aeadProtect: false,
  preferredSymmetricAlgorithm: enums.symmetric.aes256,
  preferredCompressionAlgorithm: enums.compression.uncompressed,
  s2kType: enums.s2k.iterated,
  s2kIterationCountByte: 255,
} as const

/** Encrypts a stream with a passphrase; the result comes in pieces while the input is read. */
export async function encryptStream(
  plain: Readable,
  passphrase: string,
  nowMicros: number,
): Promise<AsyncIterable<Uint8Array>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node's byte streams are streams of Uint8Array
  const binary = Readable.toWeb(plain) as ReadableStream<Uint8Array> // a byte stream: its chunks are Buffers
  const message = await createMessage({ binary, filename: 'backup.ndjson.gz', date: new Date(nowMicros / 1000) })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- openpgp's type does not follow the format that was asked for
  return (await encrypt({
    message,
    passwords: [passphrase],
    format: 'binary',
    config: FORM,
  })) as ReadableStream<Uint8Array>
}

/**
 * Decrypts a stream. The code that detects modification stands at the end of it, so nothing that comes out may be relied
 * on before the whole stream was read.
 * @throws {UnprocessableError} when it is no OpenPGP message, or the passphrase does not open it
 */
export async function decryptStream(cipher: Readable, passphrase: string): Promise<Readable> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node's byte streams are streams of Uint8Array
  const binaryMessage = Readable.toWeb(cipher) as ReadableStream<Uint8Array> // a byte stream: its chunks are Buffers
  // the limits of a message's packets come from the library; the size is that of the file
  const message = await readMessage({ binaryMessage, config: { allowUnauthenticatedStream: true } }).catch(notABackup)
  const { data } = await decrypt({
    message,
    passwords: [passphrase],
    format: 'binary',
    config: { allowUnauthenticatedStream: true },
  }).catch(wrongPassphrase)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- openpgp's type does not follow the format that was asked for
  return Readable.fromWeb(data as ReadableStream<Uint8Array>)
}

function notABackup(error: unknown): never {
  // a file that cannot be read is another matter
  if (error instanceof Error && 'code' in error) throw error
  throw new UnprocessableError('not_a_backup', 'this is no backup: it does not begin as an OpenPGP message')
}

function wrongPassphrase(): never {
  throw new UnprocessableError(
    'wrong_passphrase',
    'the passphrase does not open this backup: give the one that was set when the backup was made',
  )
}
