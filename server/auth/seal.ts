import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const NONCE = 12
const TAG = 16

/**
 * Seals secrets that the database must give back as they were: generator secrets, bind passwords, client secrets.
 * AES-256-GCM under the site's sealing key; a sealed secret opens only for what it was sealed for.
 */
export class Seal {
  readonly #key: Uint8Array

  /** @param key 32 random bytes of the site */
  constructor(key: Uint8Array) {
    this.#key = new Uint8Array(hkdfSync('sha256', key, '', 'vouchsafe seal', 32))
  }

  /** @param purpose what it is for, for example `code generator 7`: stands in the clear in our own tables */
  close(secret: Uint8Array, purpose: string): Buffer {
    const nonce = randomBytes(NONCE)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(purpose))
    return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
  }

  /** @throws {Error} when it was changed, or sealed for something else */
  open(sealed: Uint8Array, purpose: string): Buffer {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
    const cipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE))
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(-TAG))
    return Buffer.concat([cipher.update(bytes.subarray(NONCE, -TAG)), cipher.final()])
  }
}
