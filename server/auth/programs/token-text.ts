import { hash, randomBytes } from 'node:crypto'

/** So that a leaked token is recognised by scanners and by people. */
const PREFIX = 'vs_'

/** A new API token: 256 random bits and a checksum, so that a mistyped one is told apart without asking the database. */
export function newToken(): string {
  const secret = randomBytes(32).toString('base64url')
  return `${PREFIX}${secret}${checksum(secret)}`
}

/** Whether a text can be one of our tokens at all. */
export function isTokenText(text: string): boolean {
  if (!text.startsWith(PREFIX) || text.length !== PREFIX.length + 43 + 6) return false
  const secret = text.slice(PREFIX.length, -6)
  return checksum(secret) === text.slice(-6)
}

/** What is stored of a token: SHA-256, 32 bytes. 256 random bits need no slow hash. */
export function tokenHash(token: string, encoding: 'hex'): string
export function tokenHash(token: string): Buffer
export function tokenHash(token: string, encoding: 'hex' | 'buffer' = 'buffer'): string | Buffer {
  return hash('sha256', token, encoding)
}

function checksum(secret: string): string {
  return hash('sha256', `vouchsafe token ${secret}`, 'base64url').slice(0, 6)
}
