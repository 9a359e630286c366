import { type RegistrationResponseJSON, verifyRegistrationResponse } from '@simplewebauthn/server'
import type { Context } from '../../context.ts'
import { ConflictError } from '../../errors.ts'
import { raiseAccess } from '../../site/site.ts'
import type { Account } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run } from '../../storage/database.ts'
import { spendChallenge } from '../../storage/passkeys.ts'
import { readRegistration } from './answer.ts'
import { ANSWER_MICROS } from './challenge.ts'
import { factorChanged, isUnchanged } from '../factors/factor-changed.ts'
import { ALGORITHMS } from './options.ts'
import type { CeremonyPlace, PasskeyPlace } from './place.ts'

/** Nobody has more security keys and laptops, and the browser is told of each. */
export const MAX_PASSKEYS = 20

/** Longest name of a passkey, in characters. */
export const MAX_PASSKEY_NAME = 60

/**
 * Adds the passkey that a browser has made (WebAuthn §7.1).
 * @returns the account's new credential generation; undefined when the answer is not right
 * @throws {ConflictError} when the passkey is known already, or the account has too many
 */
export async function addPasskey(
  context: Context,
  wanted: {
    readonly account: Account
    readonly place: CeremonyPlace
    readonly challenge: string | undefined
    readonly text: string
    readonly name: string
  },
): Promise<number | undefined> {
  const { account, place, challenge } = wanted
  const response = readRegistration(wanted.text)
  if (!response || challenge === undefined || place.kind !== 'here') return undefined
  const made = await verified(response, place, challenge)
  if (!made) return undefined
  const { credential } = made
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    if (!(await isUnchanged(trx, account))) return undefined
    if (!(await spendChallenge(trx, challenge, nowMicros + ANSWER_MICROS))) return undefined
    const { count } = await run(
      trx,
      `insert into passkey (credential_id, account_no, name, public_key, counter, transports, backed_up, created_micros)
       select $1::bytea, $2::int, $3::text, $4::bytea, $5::bigint, $6::text, $7::boolean, $8::bigint
        where (select count(*) from passkey where account_no = $2::int) < $9::int
       on conflict do nothing`,
      [
        Buffer.from(credential.id, 'base64url'),
        account.accountNo,
        wanted.name,
        credential.publicKey,
        credential.counter,
        (response.response.transports ?? []).join(' '),
        made.credentialBackedUp,
        nowMicros,
        MAX_PASSKEYS,
      ],
    )
    if (count === 0) {
      throw new ConflictError('passkey_known', `this passkey is known already, or the account has ${MAX_PASSKEYS}`)
    }
    const generation = await factorChanged(trx, context, account)
    const detail = { account: account.name, passkey: wanted.name }
    await recordAudit(trx, nowMicros, [{ kind: 'passkey_added', actor: account.name, detail }])
    return generation
  })
}

async function verified(response: RegistrationResponseJSON, place: PasskeyPlace, challenge: string) {
  try {
    const answer = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: place.origin,
      expectedRPID: place.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    return answer.registrationInfo
  } catch {
    // the library throws a plain error for each of the steps; the message quotes the answer
    return undefined
  }
}
