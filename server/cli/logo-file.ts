import { readFile, stat } from 'node:fs/promises'
import { UsageError } from './usage-error.ts'

/** More is no logo, whatever it is: it is not even read. */
const MAX_FILE = 10 * 1024 * 1024

/**
 * Reads a picture that is to be the logo; whether it can be one is the site's to say.
 * @returns its bytes, to be sent along
 * @throws {UsageError} when there is no such file
 */
export async function logoFile(path: string): Promise<() => AsyncGenerator<Uint8Array>> {
  let bytes: Uint8Array
  try {
    if ((await stat(path)).size > MAX_FILE) throw new UsageError(`${path} is too large for a logo`)
    bytes = await readFile(path)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${path} cannot be read: name a PNG, JPEG or WebP file`)
  }
  return async function* send() {
    yield bytes
  }
}
