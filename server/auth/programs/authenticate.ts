import { createHmac, randomBytes } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { UnauthenticatedError } from '../../errors.ts'
import type { Access, Account } from '../../storage/access.ts'
import type { Attempts } from '../factors/attempts.ts'
import type { PasswordVerifier } from '../factors/password.ts'
import { SERVICE_SCOPES } from './scopes.ts'
import { isTokenText, tokenHash } from './token-text.ts'

/** What a request brings to say who it is. */
export interface Presented {
  readonly authorization: string | undefined
  /** SHA-256 of a client certificate that TLS has verified, in hex. */
  readonly certificate: string | undefined
  /** Remote address: the network whose turn it is when passwords are verified. */
  readonly network: string
}

/** Who it is, and what the credential is good for. */
export interface Caller {
  readonly account: Account
  /** A password or certificate is good for everything that the account may do. */
  readonly scopes: ReadonlySet<string> | 'all'
  /** Tells tokens apart for last-used bookkeeping. */
  readonly tokenNo: number | undefined
  /** Whether it counts as a second factor: only a token that was made behind one does. */
  readonly strong: boolean
}

/** A verified password counts for four hours, unless the account's credentials change. */
const REMEMBERED_MICROS = 4 * 3_600_000_000
/** Verified and refused credentials that are remembered. */
const MAX_REMEMBERED = 10_000
/** A wrong password that is sent again within this time is refused without hashing it again. */
const WRONG_MICROS = 60_000_000
/** The longest Authorization header that we make or take: 128 characters each of name and password, in Base64. */
const MAX_HEADER = 1400

interface Given {
  readonly name: string
  readonly password: string
  readonly network: string
}

interface Remembered {
  /** Undefined for a name that nobody has: it is remembered too, or the time of a second try would tell. */
  readonly accountNo: number | undefined
  readonly credentialGeneration: number | undefined
  readonly right: boolean
  readonly untilMicros: number
}

/**
 * Finds out who a request comes from: bearer token, HTTP Basic (RFC 7617), client certificate. Verified passwords are
 * remembered under a keyed hash with the account's credential generation, so that Basic costs as little as a token and a
 * changed or suspended credential counts no more from the next request on.
 */
export class Authenticator {
  readonly #clock: Clock
  readonly #passwords: PasswordVerifier
  readonly #attempts: Attempts
  readonly #key = randomBytes(32) // of this process: what is remembered says nothing outside it
  readonly #remembered = new Map<string, Remembered>()
  readonly #verifying = new Map<string, Promise<boolean>>()

  /** @param passwords shared with the portal: one lane for all passwords of the process */
  constructor(clock: Clock, passwords: PasswordVerifier, attempts: Attempts) {
    this.#clock = clock
    this.#passwords = passwords
    this.#attempts = attempts
  }

  /**
   * @param access as of now: read after the request came in
   * @throws {UnauthenticatedError} for nobody, somebody unknown, a wrong secret, an inactive account: one answer for all
   * @throws {TooManyRequestsError} when too many passwords wait to be verified, or too many were wrong
   */
  async authenticate(access: Access, presented: Presented): Promise<Caller> {
    const caller = await this.#find(access, presented)
    if (!caller?.account.active) throw new UnauthenticatedError()
    // certificate and password together must be of one account
    const certified = presented.certificate ? access.accountOfCertificate(presented.certificate) : undefined
    if (certified && certified.accountNo !== caller.account.accountNo) throw new UnauthenticatedError()
    return caller.account.service ? { ...caller, scopes: serviceScopes(caller.scopes) } : caller
  }

  async #find(access: Access, presented: Presented): Promise<Caller | undefined> {
    const { authorization, certificate } = presented
    if (authorization === undefined) {
      const account = certificate ? access.accountOfCertificate(certificate) : undefined
      return account && { account, scopes: 'all', tokenNo: undefined, strong: false }
    }
    if (authorization.length > MAX_HEADER) return undefined
    const space = authorization.indexOf(' ')
    const scheme = authorization.slice(0, space).toLowerCase()
    const secret = authorization.slice(space + 1).trim()
    if (scheme === 'bearer') return this.#token(access, secret)
    return scheme === 'basic' ? await this.#password(access, secret, presented.network) : undefined
  }

  #token(access: Access, text: string): Caller | undefined {
    if (!isTokenText(text)) return undefined
    const token = access.token(tokenHash(text, 'hex'))
    if (!token || token.expiresMicros <= this.#clock.nowMicros()) return undefined
    const account = access.account(token.accountNo)
    return account && { account, scopes: token.scopes, tokenNo: token.tokenNo, strong: token.strong }
  }

  async #password(access: Access, credentials: string, network: string): Promise<Caller | undefined> {
    const key = createHmac('sha256', this.#key).update(credentials).digest('base64')
    const [name, password] = nameAndPassword(credentials)
    const account = access.accountNamed(name)
    const known = this.#remembered.get(key)
    if (known && known.untilMicros > this.#clock.nowMicros() && isOf(known, account)) {
      return known.right && account ? { account, scopes: 'all', tokenNo: undefined, strong: false } : undefined
    }
    // a password alone is not enough for whoever has a second factor: their programs use tokens or certificates
    const hash = account?.active && !account.secondFactor ? account.passwordHash : undefined
    const right = await this.#verify(`${key} ${account?.credentialGeneration}`, hash, { name, password, network })
    this.#remember(key, account, right)
    return right && account ? { account, scopes: 'all', tokenNo: undefined, strong: false } : undefined
  }

  /** Requests that bring the same credential at the same time share one verification, so none of them is put off. */
  async #verify(key: string, hash: string | undefined, given: Given): Promise<boolean> {
    let running = this.#verifying.get(key)
    if (!running) {
      running = this.#count(hash, given).finally(() => this.#verifying.delete(key))
      this.#verifying.set(key, running)
    }
    return await running
  }

  /** What is remembered comes here no more, so programs with the right password are never counted but once in hours. */
  async #count(hash: string | undefined, { name, password, network }: Given): Promise<boolean> {
    this.#passwords.mustHaveRoom({ network })
    const counted = await this.#attempts.begin({ what: 'basic', name, network })
    const right = await this.#passwords.verify(hash, password, { network, familiar: counted.familiar })
    if (right) {
      await this.#attempts.succeeded(counted)
      await this.#attempts.noteFamiliar(name, network)
    }
    return right
  }

  #remember(key: string, account: Account | undefined, right: boolean): void {
    this.#remembered.delete(key)
    if (this.#remembered.size >= MAX_REMEMBERED) {
      const [oldest] = this.#remembered.keys()
      if (oldest !== undefined) this.#remembered.delete(oldest)
    }
    this.#remembered.set(key, {
      accountNo: account?.accountNo,
      credentialGeneration: account?.credentialGeneration,
      right,
      untilMicros: this.#clock.nowMicros() + (right ? REMEMBERED_MICROS : WRONG_MICROS),
    })
  }
}

function serviceScopes(scopes: Caller['scopes']): ReadonlySet<string> {
  return scopes === 'all' ? SERVICE_SCOPES : SERVICE_SCOPES.intersection(scopes)
}

/** Whether what is remembered was said of the account that has the name now, with the credentials that it has now. */
function isOf(known: Remembered, account: Account | undefined): boolean {
  return known.accountNo === account?.accountNo && known.credentialGeneration === account?.credentialGeneration
}

/** RFC 7617 §2: the name ends at the first colon. */
function nameAndPassword(credentials: string): readonly [string, string] {
  const text = Buffer.from(credentials, 'base64').toString()
  const colon = text.indexOf(':')
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
}
