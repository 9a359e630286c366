import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** The reader and the query that a page token belongs to: another's token, or another query's, opens nothing. */
export interface PageBinding {
  readonly accountNo: number
  readonly collectionNo: number
  /** Which endpoint: objects, manifest, versions of an object. */
  readonly endpoint: string
  /** The filters in one text. */
  readonly filters: string
}

const NONCE = 12

/**
 * Seals the position after a page into `next` (TAXII 2.1 §3.5): opaque, good over restarts and in every process that has
 * the key, and bound to reader and query by the associated data of AES-256-GCM.
 */
export class PageTokens {
  readonly #key: Buffer

  /** @param key 32 bytes that every process of this site has */
  constructor(key: Uint8Array) {
    this.#key = Buffer.from(key)
  }

  seal(positionMicros: number, binding: PageBinding): string {
    const nonce = randomBytes(NONCE)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    cipher.setAAD(associated(binding))
    const position = Buffer.allocUnsafe(8)
    position.writeBigInt64BE(BigInt(positionMicros))
    return Buffer.concat([nonce, cipher.update(position), cipher.final(), cipher.getAuthTag()]).toString('base64url')
  }

  /** The position in microseconds; undefined when the token was not made for this reader and this query. */
  open(token: string, binding: PageBinding): number | undefined {
    if (!/^[\w-]{48}$/.test(token)) return undefined // 36 bytes, and one spelling of them only
    const bytes = Buffer.from(token, 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE))
    decipher.setAAD(associated(binding))
    decipher.setAuthTag(bytes.subarray(NONCE + 8))
    try {
      const position = Buffer.concat([decipher.update(bytes.subarray(NONCE, NONCE + 8)), decipher.final()])
      return Number(position.readBigInt64BE(0))
    } catch {
      return undefined
    }
  }
}

function associated(binding: PageBinding): Buffer {
  const { accountNo, collectionNo, endpoint, filters } = binding
  return createHash('sha256')
    .update(JSON.stringify([accountNo, collectionNo, endpoint, filters]))
    .digest()
}
