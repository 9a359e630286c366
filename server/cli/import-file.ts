import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { fileFingerprint, NAME_BYTES } from '../intel/import-name.ts'
import { UsageError } from './usage-error.ts'

/** A file that is to be imported. */
export interface InputFile {
  readonly name: string
  /** Undefined for a pipe, as the fingerprint. */
  readonly size: number | undefined
  readonly fingerprint: string | undefined
  read(): AsyncIterable<Uint8Array>
}

/**
 * Looks at a file before anything is done with it.
 * @throws {UsageError} when it cannot be read
 */
export async function inputFile(name: string): Promise<InputFile> {
  const read = () => createReadStream(name, { highWaterMark: 256 * 1024 })
  try {
    await using handle = await open(name, 'r')
    const stat = await handle.stat()
    if (stat.isDirectory()) throw new UsageError(`${name} is a folder: name the files in it`)
    if (!stat.isFile()) return { name, size: undefined, fingerprint: undefined, read }
    const { size } = stat
    const ends = [0, Math.max(0, size - NAME_BYTES)].map(async (position) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(NAME_BYTES), 0, NAME_BYTES, position)
      return buffer.subarray(0, bytesRead)
    })
    const [first = Buffer.alloc(0), last = Buffer.alloc(0)] = await Promise.all(ends)
    return { name, size, fingerprint: fileFingerprint(size, first, last), read }
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error)) throw error
    const code = 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageError(`there is no file ${name}`)
    if (code === 'EACCES' || code === 'EPERM') throw new UsageError(`${name} may not be read: check its owner and mode`)
    throw error
  }
}

/** The first line of a file that holds a secret. @throws {UsageError} when it cannot be read or is empty */
export async function secretFile(name: string): Promise<string> {
  const file = await inputFile(name)
  if ((file.size ?? 0) > 10_000) throw new UsageError(`${name} is too long for a token`)
  const chunks: Uint8Array[] = []
  for await (const chunk of file.read()) chunks.push(chunk)
  const [line = ''] = Buffer.concat(chunks).toString().split(/\r?\n/, 1)
  if (line.trim() === '') throw new UsageError(`${name} holds no token in its first line`)
  return line.trim()
}
