import { hash, verify } from '@node-rs/argon2'
import { TooManyRequestsError } from '../errors.ts'

/** OWASP's first choice for Argon2id; about 30 ms of one core. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Waiting verifications in all, and of one network: beyond that an attacker would queue out everybody else. */
const MAX_WAITING = 64
const MAX_WAITING_OF_ONE = 4

/** Hashes a password with Argon2id (RFC 9106). */
export async function hashPassword(password: string): Promise<string> {
  return await hash(password, COST)
}

/** A hash of nobody's password: an unknown name takes the time of a known one. */
const NOBODY = hashPassword('no account has this password')

/**
 * Verifies passwords one at a time: a hash takes a core for 30 ms, and a flood of wrong logins must leave the other core
 * to those who have signed in.
 */
export class PasswordVerifier {
  #running: Promise<unknown> = Promise.resolve()
  #waiting = 0
  readonly #waitingOf = new Map<string, number>()

  /**
   * @param passwordHash undefined for an account that does not exist or has no password: takes the same time
   * @param network whose turn it is, usually the remote address
   * @throws {TooManyRequestsError} when too many wait, in all or of this network
   */
  async verify(passwordHash: string | undefined, password: string, network: string): Promise<boolean> {
    const ofNetwork = this.#waitingOf.get(network) ?? 0
    if (this.#waiting >= MAX_WAITING || ofNetwork >= MAX_WAITING_OF_ONE) throw new TooManyRequestsError(2)
    this.#waiting += 1
    this.#waitingOf.set(network, ofNetwork + 1)
    const turn = this.#running.then(async () => {
      const right = await verify(passwordHash ?? (await NOBODY), password)
      return right && passwordHash !== undefined
    })
    this.#running = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      this.#waiting -= 1
      const left = (this.#waitingOf.get(network) ?? 1) - 1
      if (left === 0) this.#waitingOf.delete(network)
      else this.#waitingOf.set(network, left)
    }
  }
}
