import { BadRequestError, InsufficientStorageError, type TrustGroupError, UnavailableError } from '../errors.ts'

/** Codes of a network or of PostgreSQL that say: not now (SQLSTATE classes 08, 53, 57, and lock or statement timeouts). */
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|08\w{3}|53[03]00|57P0[0-5]|57014|55P03|40P01|40001)$/

/** A text that PostgreSQL cannot hold (SQLSTATE 22021): the character NUL, which no person types. */
const NO_TEXT = '22021'

/**
 * Turns a failure of the database into what a client may be told: come back later, the disk is full, or this is no text
 * that can be looked for or kept. Undefined: it is no such failure. Tests codes, never classes: the two databases have different ones.
 */
export function databaseFailure(error: unknown): TrustGroupError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
    if (code === '53100' || code === 'ENOSPC' || /no space left on device/i.test(cause.message)) {
      return new InsufficientStorageError()
    }
    if (code === NO_TEXT) return new BadRequestError('bad_text', 'a text holds the character NUL')
    if (
      AWAY.test(code) ||
      /Connection terminated|is not queryable|timeout exceeded when trying to connect|PGlite is closed/.test(
        cause.message,
      )
    ) {
      return new UnavailableError()
    }
  }
  return undefined
}
