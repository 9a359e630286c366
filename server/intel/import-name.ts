import { createHash } from 'node:crypto'

/** So much of each end of a file is hashed: a file of any size is named at once. */
export const NAME_BYTES = 64 * 1024

/**
 * Tells files apart: SHA-256 in hex over the size and both ends. A file that has changed is, as good as always, another.
 * @param first its first {@link NAME_BYTES} bytes, or all
 * @param last its last {@link NAME_BYTES} bytes, or all
 */
export function fileFingerprint(size: number, first: Uint8Array, last: Uint8Array): string {
  return createHash('sha256').update(`${size}\n`).update(first).update(last).digest('hex')
}

/** The name under which the position in a file is kept: of the file and the collection that it goes into. */
export function importName(collectionId: string, fingerprint: string): string {
  return `import ${createHash('sha256').update(`${collectionId} ${fingerprint}`).digest('hex')}`
}
