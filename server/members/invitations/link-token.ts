import { hash, randomBytes } from 'node:crypto'

/** The secret of a one-time link: 256 random bits, 43 characters. */
export function newLinkToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of it. 256 random bits need no slow hash. */
export function linkHash(token: string): Buffer {
  return hash('sha256', `vouchsafe link ${token}`, 'buffer')
}
