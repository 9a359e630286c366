import type { Session, SessionData } from 'express-session'

/** How somebody has proven to be the holder of an account. */
export type Means =
  | 'password'
  | 'ldap'
  | 'oidc'
  /** The OpenID provider says that it asked for a second factor, in words that an administrator counts as one. */
  | 'oidc-second-factor'
  | 'passkey'
  | 'totp'
  | 'hotp'
  | 'recovery-code'
  | 'remembered-device'
  | 'invitation'
  | 'setup-link'

/** An outside provider's word on who this is; what its back-channel logout names. */
export interface ProviderSession {
  readonly issuer: string
  readonly subject: string
  readonly sid?: string
  /** Name of an OpenID provider here: where its own sign-out is found. */
  readonly provider?: string
}

/** Why somebody was sent to an outside provider, by the provider's name. */
export interface OutsideVisit {
  /** `sign-in`: whoever arrives; `link`: to be linked with the account; `prove`: must be the account's again. */
  readonly purpose: 'sign-in' | 'link' | 'prove'
  /** Who was signed in at the start, for `link` and `prove`. */
  readonly accountNo?: number
  readonly next: string
  readonly sinceMicros: number
}

/** The first factor is proven, the second is still wanted. */
export interface PendingSignIn {
  readonly accountNo: number
  readonly credentialGeneration: number
  readonly means: readonly Means[]
  readonly sinceMicros: number
  readonly next: string
  readonly provider?: ProviderSession
}

declare module 'express-session' {
  /** What is kept between requests. Everything here was decided by the server; nothing was taken from a form as it was. */
  interface SessionData {
    /** Set when the session was first stored: one that has ended is not brought back by a late write. */
    storedMicros: number
    /** Last use, as the database has it; not kept in the data itself. */
    seenMicros: number
    /** Browser and system, and the address that it came from: for its owner's list. */
    device: string
    network: string
    /** Who has signed in. */
    accountNo: number
    /** Of the account at the sign-in: when it has been raised, the session has ended. */
    credentialGeneration: number
    means: readonly Means[]
    signedInMicros: number
    /** When a factor was last proven: dangerous acts want it to be recent. */
    provenMicros: number
    /** How long it may rest. */
    idleMicros: number
    /** When it ends, used or not. */
    endsMicros: number
    provider: ProviderSession
    /** Goes into every form. */
    csrf: string
    pending: PendingSignIn
    /** A passkey challenge that was handed out, for one answer. */
    challenge: { readonly text: string; readonly purpose: string; readonly untilMicros: number }
    /** The code generator that was started in this session: its secret is shown to no other. */
    generatorNo: number
    /** Visits to outside providers that are under way, by the provider's name. */
    outside: Readonly<Record<string, OutsideVisit>>
    /** One sentence for the next page. */
    toast: string
    /** Shown once on the next page: a new token, recovery codes. */
    secretOnce: { readonly kind: string; readonly lines: readonly string[] }
  }
}

/** The session of a request. */
export type WebSession = Session & Partial<SessionData>

/** Any of these beside another means, or a passkey alone, is a second factor. */
const SECOND: ReadonlySet<Means> = new Set([
  'passkey',
  'totp',
  'hotp',
  'recovery-code',
  'remembered-device',
  'oidc-second-factor',
])

/** What somebody gives at the moment, as against a device that is remembered and the word of a provider. */
const GIVEN_NOW: ReadonlySet<Means> = new Set(['passkey', 'totp', 'hotp', 'recovery-code'])

/** Whether a second factor that is kept here was given at this sign-in itself. */
export function gaveSecondFactor(means: readonly Means[]): boolean {
  return means.some((each) => GIVEN_NOW.has(each))
}

/** Whether a sign-in was proven by more than a password. */
export function isStrong(means: readonly Means[]): boolean {
  return means.some((each) => SECOND.has(each))
}
