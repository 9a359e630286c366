import type { Access, Account } from '../storage/access.ts'
import type { Origin } from './request.ts'

/** What a connection has proven. */
export interface Bind {
  readonly dn: string
  readonly accountNo: number
  /** As it was then: a password that was changed counts no more. */
  readonly credentialGeneration: number
  /** SHA-256 in hex of the token that was given in place of the password. */
  readonly token: string | undefined
  /** Whether it counts as a second factor. */
  readonly strong: boolean
}

/** slapd closes connections by itself; those whose end it did not tell are forgotten when so many came after them. */
const MAX_REMEMBERED = 10_000

/**
 * Remembers how connections were bound. slapd says only as whom: with what it was, and whether that still counts, is asked
 * here at each request.
 */
export class Binds {
  readonly #byConnection = new Map<string, Bind>()

  remember(origin: Origin, bind: Bind): void {
    this.forget(origin)
    const [oldest] = this.#byConnection.keys()
    if (oldest !== undefined && this.#byConnection.size >= MAX_REMEMBERED) this.#byConnection.delete(oldest)
    this.#byConnection.set(keyOf(origin), bind)
  }

  forget(origin: Origin): void {
    this.#byConnection.delete(keyOf(origin))
  }

  /** How a connection was bound as the one that slapd says it is. */
  of(origin: Origin): Bind | undefined {
    const bind = this.#byConnection.get(keyOf(origin))
    return bind?.dn === origin.bindDn ? bind : undefined
  }
}

/**
 * The account of a bind, while what it was bound with still counts.
 * @param access as of now
 */
export function accountOf(access: Access, bind: Bind, nowMicros: number): Account | undefined {
  const account = access.account(bind.accountNo)
  if (!account?.active || account.credentialGeneration !== bind.credentialGeneration) return undefined
  if (bind.token === undefined) return account.secondFactor ? undefined : account
  const token = access.token(bind.token)
  const counts = token?.accountNo === account.accountNo && token.expiresMicros > nowMicros
  return counts && token.scopes.has('directory') ? account : undefined
}

/** Numbers of connections begin anew with slapd; the address then tells them apart. */
function keyOf({ connectionId, peerName }: Origin): string {
  return `${connectionId} ${peerName}`
}
