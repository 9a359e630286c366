import { ResultCodeError } from 'ldapts'

/** What can be wrong with a directory, each with a cause and a remedy in the portal's words. */
export type LdapTroubleKind =
  | 'name-unknown'
  | 'refused'
  | 'silent'
  | 'cut'
  | 'not-tls'
  | 'starttls-refused'
  | 'authority-unknown'
  | 'certificate-name'
  | 'certificate-expired'
  | 'bind-refused'
  | 'base-unknown'
  | 'search-refused'
  | 'referral'
  | 'nobody-found'
  | 'too-many'
  | 'id-missing'
  | 'groups-unread'

/** The directory could not be asked, or gave no answer that counts. Says nothing about the person who wants to sign in. */
export class LdapTrouble extends Error {
  override readonly name = 'LdapTrouble'
  readonly kind: LdapTroubleKind
  constructor(kind: LdapTroubleKind, cause?: unknown) {
    super(`the directory: ${kind}`, { cause })
    this.kind = kind
  }
}

/** RFC 4511 §4.1.9. */
export const RESULT = { referral: 10, noSuchObject: 32, invalidCredentials: 49, busy: 51, unavailable: 52 } as const

const BY_CODE: Readonly<Record<string, LdapTroubleKind>> = {
  ENOTFOUND: 'name-unknown',
  EAI_AGAIN: 'name-unknown',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  ETIMEDOUT: 'silent',
  ECONNRESET: 'cut',
  EPIPE: 'cut',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-name',
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-expired',
  UNABLE_TO_GET_ISSUER_CERT: 'authority-unknown',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'authority-unknown',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'authority-unknown',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'authority-unknown',
  SELF_SIGNED_CERT_IN_CHAIN: 'authority-unknown',
}

/**
 * What an error of the socket, of TLS or of the directory means.
 * @param otherwise when it says nothing clearer
 */
export function troubleOf(error: unknown, otherwise: LdapTroubleKind): LdapTrouble {
  if (error instanceof LdapTrouble) return error
  if (error instanceof ResultCodeError) return new LdapTrouble(ofResult(error.code, otherwise), error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('ERR_SSL_')) return new LdapTrouble('not-tls', error)
  const message = error instanceof Error ? error.message : ''
  // ldapts says these two in words only
  if (/timed out|timeout/i.test(message)) return new LdapTrouble('silent', error)
  if (/^(Connection closed|Socket )/.test(message)) return new LdapTrouble('cut', error)
  return new LdapTrouble(BY_CODE[code] ?? otherwise, error)
}

function ofResult(code: number, otherwise: LdapTroubleKind): LdapTroubleKind {
  if (code === RESULT.referral) return 'referral'
  if (code === RESULT.noSuchObject) return 'base-unknown'
  return code === RESULT.busy || code === RESULT.unavailable ? 'silent' : otherwise
}
