import { randomBytes } from 'node:crypto'
import type { WebSession } from '../sessions/web-session.ts'

/** What the answer to a challenge is good for. */
export type Purpose = 'sign-in' | 'second' | 'prove' | 'add'

/** How long somebody may look for the security key. */
export const ANSWER_MICROS = 5 * 60_000_000

/** Hands out 256 random bits, in base64url, for one answer; an earlier challenge of the session counts no more. */
export function newChallenge(session: WebSession, purpose: Purpose, nowMicros: number): string {
  const text = randomBytes(32).toString('base64url')
  session.challenge = { text, purpose, untilMicros: nowMicros + ANSWER_MICROS }
  return text
}

/**
 * Takes the challenge of a session away, so that it counts for one answer.
 * @returns undefined when there is none, when it was for something else, and when its time is over
 */
export function takeChallenge(session: WebSession, purpose: Purpose, nowMicros: number): string | undefined {
  const { challenge } = session
  delete session.challenge
  if (!challenge || challenge.purpose !== purpose || challenge.untilMicros <= nowMicros) return undefined
  return challenge.text
}
