import { hash } from 'node:crypto'
import { callbackify } from 'node:util'
import { Store, type SessionData } from 'express-session'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../storage/database.ts'
import { findSession, insertSession, removeSession, touchSession, updateSession } from '../../storage/web-sessions.ts'

/** A use is noted at most once in this time, so that reading a page seldom writes. */
const TOUCH_MICROS = 60_000_000
/** A session in which nobody has signed in: a sign-in that is under way. */
const UNDER_WAY_MICROS = 3_600_000_000

type Done = (error?: unknown) => void

/**
 * Web sessions in the database, under the SHA-256 of their identifier: whoever reads the table cannot use one. Nothing is
 * remembered in the process, so a session that was ended has ended on every process with its next request.
 */
export class SessionStore extends Store {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    super()
    this.#database = database
    this.#clock = clock
  }

  override get(sid: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    callbackify(() => this.#find(sid))(callback)
  }

  override set(sid: string, session: SessionData, callback: Done = noop): void {
    callbackify(() => this.#keep(sid, session))(callback)
  }

  override destroy(sid: string, callback: Done = noop): void {
    callbackify(() => removeSession(this.#database, sessionHash(sid)))(callback)
  }

  override touch(sid: string, session: SessionData, callback: Done = noop): void {
    const nowMicros = this.#clock.nowMicros()
    if (nowMicros - (session.seenMicros ?? 0) < TOUCH_MICROS) {
      callback()
      return
    }
    callbackify(() => touchSession(this.#database, sessionHash(sid), nowMicros))(callback)
  }

  async #find(sid: string): Promise<SessionData | null> {
    const nowMicros = this.#clock.nowMicros()
    const found = await findSession(this.#database, sessionHash(sid), nowMicros)
    if (!found) return null
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by set() below and by nobody else
    const session = JSON.parse(found.data) as SessionData
    if (session.idleMicros && found.seenMicros + session.idleMicros <= nowMicros) return null
    session.seenMicros = found.seenMicros
    return session
  }

  async #keep(sid: string, session: SessionData): Promise<void> {
    const nowMicros = this.#clock.nowMicros()
    const sha256 = sessionHash(sid)
    if (session.storedMicros) {
      await updateSession(this.#database, sha256, textOf(session), nowMicros)
      return
    }
    session.storedMicros = nowMicros
    const { provider } = session
    await insertSession(this.#database, {
      sha256,
      accountNo: session.accountNo,
      data: textOf(session),
      device: session.device ?? '',
      network: session.network ?? '',
      provider: provider && { ...provider, sid: provider.sid },
      createdMicros: nowMicros,
      expiresMicros: session.endsMicros ?? nowMicros + UNDER_WAY_MICROS,
    })
  }
}

/** What is stored of a session's identifier. 256 random bits need no slow hash. */
export function sessionHash(sid: string): Buffer {
  return hash('sha256', sid, 'buffer')
}

function textOf(session: SessionData): string {
  const { seenMicros: _, ...kept } = session
  return JSON.stringify(kept)
}

function noop(): void {}
