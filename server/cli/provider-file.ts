import { readFile } from 'node:fs/promises'
import { BadRequestError } from '../errors.ts'
import { readJson } from '../read-json.ts'

/** Settings with the certificates of an authority stay far below. */
const MAX_BYTES = 256 * 1024

/**
 * A JSON object out of a file.
 * @throws {BadRequestError} when the file cannot be read or holds anything else
 */
export async function readProviderFile(path: string): Promise<object> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (error) {
    throw new BadRequestError('no_file', `${path} cannot be read (${error instanceof Error ? error.message : ''})`)
  }
  if (bytes.length > MAX_BYTES) throw new BadRequestError('bad_file', `${path} is larger than 256 KiB`)
  const read = readJson(bytes, '')
  if (!read.ok) throw new BadRequestError('bad_file', `${path}: ${read.problem.message}`)
  const { value } = read.read
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadRequestError('bad_file', `${path} must hold one JSON object`)
  }
  return value
}
