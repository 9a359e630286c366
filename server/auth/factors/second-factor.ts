import type { Context } from '../../context.ts'
import type { Account } from '../../storage/access.ts'
import { takeRecoveryCode } from './recovery-codes.ts'
import { takeCode } from './take-code.ts'
import type { Means } from '../sessions/web-session.ts'

/** A code that was right, and what it was. */
export interface RightCode {
  readonly means: Extract<Means, 'totp' | 'hotp' | 'recovery-code'>
  /** Of the recovery codes, when it was one. */
  readonly left: number | undefined
}

/**
 * Takes a code of a generator or a recovery code: each is good once.
 * @param tried.knownBrowser names the browser when it has signed in to this account before
 * @returns undefined when it is not right
 * @throws {TooManyRequestsError} after too many wrong ones
 */
export async function takeSecondFactor(
  context: Context,
  account: Account,
  code: string,
  tried: { readonly network: string; readonly knownBrowser: string | undefined },
): Promise<RightCode | undefined> {
  const counted = await context.attempts.begin({ what: 'code', name: account.name, ...tried })
  const kind = await takeCode(context, account.accountNo, code)
  const left = kind ? undefined : await takeRecoveryCode(context, account, code)
  if (!kind && left === undefined) return undefined
  await context.attempts.succeeded(counted)
  return { means: kind ?? 'recovery-code', left }
}
