import type { Delivery } from './ports.ts'

/** What a failed attempt of nodemailer says beside its message. */
interface Failure extends Error {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
}

const MAX_REASON = 300

/**
 * Sorts the failure of an attempt. Given up is only what the relay refuses for good about this recipient or this message
 * (RFC 5321 §4.2.1: 5yz in answer to RCPT or DATA). Everything else may pass: a relay that is away, a 4yz, and also a 5yz to
 * sign-in, TLS or our sender address, because that is a setting of ours that somebody will mend, and the mail must not be lost
 * by then.
 */
export function deliveryFailure(error: unknown): Delivery {
  const { code, command, responseCode = 0 } = failureOf(error)
  const aboutThisMail = code === 'EMESSAGE' || (code === 'EENVELOPE' && command === 'RCPT TO')
  // 503 says that the session was in a wrong state, not that the mail is refused
  const forGood = responseCode >= 500 && responseCode !== 503
  return { outcome: aboutThisMail && forGood ? 'refused' : 'later', reason: reasonOf(error) }
}

/** The failure as one short line without control characters: part of it are words of the relay. */
export function reasonOf(error: unknown): string {
  const failure = failureOf(error)
  const text = failure.message === '' ? (failure.code ?? failure.name) : failure.message
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim()
  return line.length > MAX_REASON ? `${line.slice(0, MAX_REASON)}…` : line
}

function failureOf(error: unknown): Failure {
  return error instanceof Error ? error : new Error(String(error))
}
