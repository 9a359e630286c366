import { hash } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { TooManyRequestsError } from '../../errors.ts'
import type { Database } from '../../storage/database.ts'
import { countAttempt, forgetAttempts, type FullCount, giveBack, isKept, keepMark } from '../../storage/attempts.ts'
import { countedNetwork } from './counted-network.ts'

const MINUTE = 60_000_000
const WINDOW_MICROS = 15 * MINUTE
const FAMILIAR_MICROS = 30 * 24 * 60 * MINUTE

/**
 * Wrong ones within 15 minutes. `own` is of one account from one place; the others are of all places where the account was
 * not seen before. A guesser with many networks gets 30 guesses at a password of 15 characters, and 10 at six digits: with
 * three codes good at a time, one chance in 33,000 of those who have the password already.
 */
const MOST = {
  password: { own: 10, network: 60, account: 30, everybody: 6000 },
  basic: { own: 10, network: 60, account: 30, everybody: 6000 },
  code: { own: 10, network: 60, account: 10, everybody: 6000 },
} as const

/** Who tries what, and from where. */
export interface Try {
  /** `basic` is a password in HTTP Basic: a program with an old password does not use up its owner's tries. */
  readonly what: keyof typeof MOST
  /** The account as it was named; whether there is one of that name makes no difference. */
  readonly name: string
  readonly network: string
  /** Names the browser, when it is known to have signed in to this account, or the session that has. */
  readonly knownBrowser?: string | undefined
}

/** A try that was let through and counted. */
interface CountedTry {
  /** Whether the account was used from there before. */
  readonly familiar: boolean
  readonly own: string
  readonly shared: readonly string[]
}

/** A full count is refused without asking the database for so long: a flood must not become a flood of statements. */
const REMEMBERED_MICROS = 5_000_000
const MAX_REMEMBERED = 10_000

/**
 * Counts tries to sign in, in the database, so that all processes count together. What is counted where keeps a flood from
 * locking out its victim: a browser that has signed in to the account has a count of its own, a network in which the
 * account was used in the last 30 days has one per account, and only all other places share the counts of the account, of
 * their network and of everybody. (OWASP: slow down online guessing with device cookies.)
 *
 * rate-limiter-flexible is not used: it reads `Date.now()`, and here the clock is injected; its counters do not know of
 * familiar places; what is left of it is one statement.
 */
export class Attempts {
  readonly #database: Database
  readonly #clock: Clock
  readonly #full = new Map<string, { readonly untilMicros: number; readonly lookMicros: number }>()

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /**
   * Counts a try before it is made, so that tries at the same time cannot pass the limit together.
   * @throws {TooManyRequestsError} with the time until the count starts anew
   */
  async begin(wanted: Try): Promise<CountedTry> {
    const { what, name, knownBrowser } = wanted
    const network = countedNetwork(wanted.network)
    const most = MOST[what]
    if (knownBrowser !== undefined) {
      const own = keyOf(what, 'browser', name, knownBrowser)
      await this.#count([[own, most.own]])
      return { familiar: true, own, shared: [] }
    }
    const own = keyOf(what, 'place', name, network)
    if (await this.isFamiliar(name, network)) {
      await this.#count([[own, most.own]])
      return { familiar: true, own, shared: [] }
    }
    const [ofNetwork, ofAccount, ofAll] = [keyOf(what, 'network', network), keyOf(what, 'account', name), keyOf(what)]
    // those of the place first: one that is over its own limit must not use up what all places share
    await this.#count([
      [own, most.own],
      [ofNetwork, most.network],
    ])
    await this.#count([
      [ofAccount, most.account],
      [ofAll, most.everybody],
    ])
    return { familiar: false, own, shared: [ofNetwork, ofAccount, ofAll] }
  }

  /** The try was right: it counts no more, and the place's wrong ones before it are forgiven. */
  async succeeded({ own, shared }: CountedTry): Promise<void> {
    await forgetAttempts(this.#database, [own])
    if (shared.length > 0) await giveBack(this.#database, shared)
  }

  /** Whether the account was used from a network in the last 30 days. */
  async isFamiliar(name: string, network: string): Promise<boolean> {
    return await isKept(this.#database, familiarKey(name, countedNetwork(network)), this.#clock.nowMicros())
  }

  /** An account was used from a network: for 30 days, what others do elsewhere does not count there. */
  async noteFamiliar(name: string, network: string): Promise<void> {
    const until = this.#clock.nowMicros() + FAMILIAR_MICROS
    await keepMark(this.#database, familiarKey(name, countedNetwork(network)), until)
  }

  /**
   * Counts something of which there are few, for example the codes of one sign-in.
   * @param key names it; it is hashed
   * @returns false when there were as many already
   */
  async countUpTo(key: string, most: number, windowMicros: number): Promise<boolean> {
    const nowMicros = this.#clock.nowMicros()
    const full = await countAttempt(this.#database, [[keyOf(key), most]], nowMicros, windowMicros)
    return full.length === 0
  }

  async #count(limits: readonly (readonly [key: string, most: number])[]): Promise<void> {
    const nowMicros = this.#clock.nowMicros()
    for (const [key] of limits) {
      const full = this.#full.get(key)
      if (full && full.lookMicros > nowMicros) throw tooMany(full.untilMicros, nowMicros)
    }
    const full = await countAttempt(this.#database, limits, nowMicros, WINDOW_MICROS)
    if (full.length === 0) return
    for (const each of full) this.#rememberFull(each, nowMicros)
    throw tooMany(Math.max(...full.map(({ untilMicros }) => untilMicros)), nowMicros)
  }

  #rememberFull({ key, untilMicros }: FullCount, nowMicros: number): void {
    this.#full.delete(key)
    const [oldest] = this.#full.keys()
    if (oldest !== undefined && this.#full.size >= MAX_REMEMBERED) this.#full.delete(oldest)
    this.#full.set(key, { untilMicros, lookMicros: Math.min(untilMicros, nowMicros + REMEMBERED_MICROS) })
  }
}

function tooMany(untilMicros: number, nowMicros: number): TooManyRequestsError {
  return new TooManyRequestsError(Math.max(1, Math.ceil((untilMicros - nowMicros) / 1_000_000)))
}

function familiarKey(name: string, network: string): string {
  return keyOf('familiar', name, network)
}

/** Hashed: what is typed into the field of a name is sometimes a password. */
function keyOf(...parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url')
}
