import { createCipheriv, createDecipheriv, createSecretKey, hash, type KeyObject, randomFillSync } from 'node:crypto'

/** The reader and the query that a page token belongs to: another's token, or another query's, opens nothing. */
export interface PageBinding {
  readonly accountNo: number
  readonly collectionNo: number
  /** Which endpoint: objects, manifest, versions of an object. */
  readonly endpoint: string
  /** The filters in one text. */
  readonly filters: string
}

/** Tokens that are remembered; a filter of 16 KiB is the longest. */
const MAX_MADE = 500

const NONCE = 12

/**
 * Seals the position after a page into `next` (TAXII 2.1 §3.5): opaque, good over restarts and in every process that has
 * the key, and bound to reader and query by the associated data of AES-256-GCM.
 */
export class PageTokens {
  readonly #key: KeyObject // made once: from raw bytes each time it would cost more than the sealing
  readonly #nonces = Buffer.alloc(NONCE * 512)
  #used = this.#nonces.length
  readonly #made = new Map<string, string>()

  /** @param key 32 bytes that every process of this site has */
  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key)
  }

  /** The token for a position; the same one while it is remembered, because many clients poll the same way. */
  seal(positionMicros: number, binding: PageBinding): string {
    const bound = boundTo(binding)
    const known = `${positionMicros} ${bound}`
    let token = this.#made.get(known)
    if (token === undefined) {
      if (this.#made.size >= MAX_MADE) this.#made.clear()
      token = this.#seal(positionMicros, bound)
      this.#made.set(known, token)
    }
    return token
  }

  #seal(positionMicros: number, bound: string): string {
    const nonce = this.#nonce()
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    cipher.setAAD(associated(bound))
    const position = Buffer.allocUnsafe(8)
    position.writeBigInt64BE(BigInt(positionMicros))
    return Buffer.concat([nonce, cipher.update(position), cipher.final(), cipher.getAuthTag()]).toString('base64url')
  }

  /** Twelve random bytes, drawn for many tokens at once. */
  #nonce(): Buffer {
    if (this.#used === this.#nonces.length) {
      randomFillSync(this.#nonces)
      this.#used = 0
    }
    this.#used += NONCE
    return this.#nonces.subarray(this.#used - NONCE, this.#used)
  }

  /** The position in microseconds; undefined when the token was not made for this reader and this query. */
  open(token: string, binding: PageBinding): number | undefined {
    if (!/^[\w-]{48}$/.test(token)) return undefined // 36 bytes, and one spelling of them only
    const bytes = Buffer.from(token, 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE))
    decipher.setAAD(associated(boundTo(binding)))
    decipher.setAuthTag(bytes.subarray(NONCE + 8))
    try {
      const position = Buffer.concat([decipher.update(bytes.subarray(NONCE, NONCE + 8)), decipher.final()])
      return Number(position.readBigInt64BE(0))
    } catch {
      return undefined
    }
  }
}

/** Reader and query in one text. */
function boundTo({ accountNo, collectionNo, endpoint, filters }: PageBinding): string {
  return JSON.stringify([accountNo, collectionNo, endpoint, filters])
}

function associated(bound: string): Buffer {
  return hash('sha256', bound, 'buffer')
}
