import { errors, type JWTPayload, jwtVerify } from 'jose'
import type { OidcProvider } from '../providers/providers.ts'
import { type OpenIdProviders, SIGNATURES } from './openid-providers.ts'
import { OidcTrouble } from './trouble.ts'

/** Who has signed out at a provider: a subject everywhere, or one session there. */
export interface LogoutToken {
  readonly issuer: string
  readonly subject: string | undefined
  readonly sid: string | undefined
  readonly tokenId: string
  /** Until when the token would be taken. */
  readonly expiresMicros: number
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** A logout token is sent at once: an old one is not from the provider's own hand. */
const MAX_AGE_SECONDS = 300
const TOLERANCE_SECONDS = 60
/** `jti` goes into a key of the database. */
const MAX_ID = 300

/** Types of tokens that are no logout token whatever they hold; providers of before the rule leave it out or say JWT. */
const TYPES: ReadonlySet<string | undefined> = new Set(['logout+jwt', 'application/logout+jwt', 'jwt', undefined])

/**
 * Checks a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6). That it was not spent is for the caller to check.
 * @returns in one word what is wrong with it, for the log
 * @throws when the provider cannot be asked for its keys
 */
export async function readLogoutToken(
  providers: OpenIdProviders,
  provider: OidcProvider,
  token: string,
  nowMicros: number,
): Promise<LogoutToken | string> {
  const { issuer } = await providers.metadata(provider)
  const keys = await providers.keys(provider)
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      algorithms: [...SIGNATURES],
      issuer,
      audience: provider.settings.clientId,
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
      maxTokenAge: MAX_AGE_SECONDS,
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: new Date(nowMicros / 1000),
    })
    if (!TYPES.has(protectedHeader.typ?.toLowerCase())) return 'typ'
    return checked(payload, issuer)
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    // a key set that cannot be had is not the token's fault
    if (NO_KEYS.has(error.code)) throw new OidcTrouble('unreachable', 'the provider gave no keys', { cause: error })
    return error.code
  }
}

const NO_KEYS: ReadonlySet<string> = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'])

function checked(payload: JWTPayload, issuer: string): LogoutToken | string {
  const { sub, sid, jti, exp, iat, events, nonce } = payload
  // an ID token may have what a logout token has, but for these two
  if (nonce !== undefined) return 'nonce'
  if (!hasEvent(events)) return 'events'
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_ID) return 'jti'
  if (sub !== undefined && typeof sub !== 'string') return 'sub'
  if (sid !== undefined && typeof sid !== 'string') return 'sid'
  if (!sub && !sid) return 'nobody'
  const endsSeconds = Math.min(exp ?? 0, (iat ?? 0) + MAX_AGE_SECONDS) + TOLERANCE_SECONDS
  return {
    issuer,
    subject: sub || undefined,
    sid: sid || undefined,
    tokenId: jti,
    expiresMicros: Math.ceil(endsSeconds) * 1_000_000,
  }
}

function hasEvent(events: unknown): boolean {
  if (typeof events !== 'object' || events === null || !Object.hasOwn(events, EVENT)) return false
  const event: unknown = Reflect.get(events, EVENT)
  return typeof event === 'object' && event !== null && !Array.isArray(event)
}
