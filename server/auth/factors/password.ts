import { hash, verify } from '@node-rs/argon2'
import { TooManyRequestsError } from '../../errors.ts'
import { hashedForm } from './password-rules.ts'

/** OWASP's first choice for Argon2id; about 30 ms of one core. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Waiting verifications in all, and of one network: beyond that an attacker would queue out everybody else. */
const MAX_WAITING = 64
const MAX_WAITING_OF_ONE = 4

/** Hashes a password with Argon2id (RFC 9106). */
export async function hashPassword(password: string): Promise<string> {
  return await hash(hashedForm(password), COST)
}

/** A hash of nobody's password: an unknown name takes the time of a known one. */
const NOBODY = hashPassword('no account has this password')

/** Whose turn it is. */
interface Turn {
  /** The remote address. */
  readonly network: string
  /** Whether the account is known to be used from there: such a verification goes before all others. */
  readonly familiar?: boolean
}

interface Waiting {
  readonly start: () => Promise<void>
}

/**
 * Verifies passwords one at a time: a hash takes a core for 30 ms, and a flood of wrong logins must leave the other core
 * to those who have signed in. Those who come from where they were before have a queue of their own, which goes first, so
 * that a flood cannot fill their places.
 */
export class PasswordVerifier {
  readonly #queues = { familiar: new Array<Waiting>(), others: new Array<Waiting>() }
  readonly #waitingOf = new Map<string, number>()
  #isRunning = false

  /**
   * @param passwordHash undefined for an account that does not exist or has no password: takes the same time
   * @throws {TooManyRequestsError} when too many wait, in all or of this network
   */
  async verify(passwordHash: string | undefined, password: string, turn: Turn): Promise<boolean> {
    this.mustHaveRoom(turn)
    if (this.#queueOf(turn).length >= MAX_WAITING) throw new TooManyRequestsError(2)
    const key = keyOf(turn)
    this.#waitingOf.set(key, (this.#waitingOf.get(key) ?? 0) + 1)
    try {
      return await this.#inTurn(this.#queueOf(turn), () => isRight(passwordHash, password))
    } finally {
      const left = (this.#waitingOf.get(key) ?? 1) - 1
      if (left === 0) this.#waitingOf.delete(key)
      else this.#waitingOf.set(key, left)
    }
  }

  /**
   * Costs nothing, so it comes before anything that does.
   * @throws {TooManyRequestsError} when too many of this network wait
   */
  mustHaveRoom(turn: Turn): void {
    const ofNetwork = this.#waitingOf.get(keyOf(turn)) ?? 0
    if (ofNetwork >= MAX_WAITING_OF_ONE) throw new TooManyRequestsError(2)
  }

  #queueOf({ familiar = false }: Turn): Waiting[] {
    return familiar ? this.#queues.familiar : this.#queues.others
  }

  async #inTurn<T>(queue: Waiting[], work: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    queue.push({ start: () => work().then(resolve, reject) })
    void this.#run()
    return await promise
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    const { familiar, others } = this.#queues
    for (let next = familiar.shift() ?? others.shift(); next; next = familiar.shift() ?? others.shift()) {
      await next.start()
    }
    this.#isRunning = false
  }
}

function keyOf({ network, familiar = false }: Turn): string {
  return familiar ? `${network} familiar` : network
}

/** A hash of a release that took passwords as they came is of that form: it is tried when it is another. */
async function isRight(passwordHash: string | undefined, password: string): Promise<boolean> {
  const against = passwordHash ?? (await NOBODY)
  const form = hashedForm(password)
  const right = (await verify(against, form)) || (form !== password && (await verify(against, password)))
  return right && passwordHash !== undefined
}
