import { timingSafeEqual } from 'node:crypto'
import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import type { Context } from '../../context.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { findPasskey, notePasskeyUse, type Passkey, spendChallenge } from '../../storage/passkeys.ts'
import { readAssertion } from './answer.ts'
import { ANSWER_MICROS } from './challenge.ts'
import type { CeremonyPlace, PasskeyPlace } from './place.ts'
import { userHandle } from './user-handle.ts'

/** Somebody's answer to a challenge, as the browser sent it. */
export interface PasskeyAnswer {
  readonly place: CeremonyPlace
  /** The one that was taken from the session; undefined when there was none. */
  readonly challenge: string | undefined
  /** JSON out of the form. */
  readonly text: string
  /** Whose passkey it has to be; anybody's at a sign-in, where the passkey itself says so. */
  readonly accountNo?: number
}

/**
 * Verifies the answer of a passkey (WebAuthn §7.2) and notes its use.
 * @returns the number of its account; undefined for whatever is not right, without a word on what it was
 */
export async function verifyPasskey(context: Context, answer: PasskeyAnswer): Promise<number | undefined> {
  const response = readAssertion(answer.text)
  const { place, challenge } = answer
  if (!response || challenge === undefined || place.kind !== 'here') return undefined
  const passkey = await findPasskey(context.database, Buffer.from(response.id, 'base64url'))
  if (!passkey) return undefined
  const { accountNo } = passkey
  if (answer.accountNo !== undefined && answer.accountNo !== accountNo) return undefined
  // step 6: without a name asked for, the passkey must say whose it is
  const handle = response.response.userHandle
  if (handle === undefined ? answer.accountNo === undefined : !isHandleOf(context, handle, accountNo)) return undefined
  const used = await signatureOf(place, challenge, response, passkey)
  if (!used) return undefined
  return (await noteUse(context, challenge, passkey, used)) ? accountNo : undefined
}

function isHandleOf(context: Context, given: string, accountNo: number): boolean {
  const bytes = Buffer.from(given, 'base64url')
  const wanted = userHandle(context, accountNo)
  return bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
}

async function signatureOf(
  place: PasskeyPlace,
  challenge: string,
  response: NonNullable<ReturnType<typeof readAssertion>>,
  passkey: Passkey,
): Promise<{ readonly counter: number; readonly backedUp: boolean } | undefined> {
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: place.origin,
      expectedRPID: place.rpId,
      requireUserVerification: true,
      // the library compares counts before the signature, so anybody could cause the alarm; noteUse compares after it
      credential: { id: response.id, publicKey: new Uint8Array(passkey.publicKey), counter: -1 },
    })
    if (!verified) return undefined
    return { counter: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp }
  } catch {
    // the library throws a plain error for each of the steps; the message quotes the answer
    return undefined
  }
}

async function noteUse(
  { database, clock, log }: Context,
  challenge: string,
  passkey: Passkey,
  used: { readonly counter: number; readonly backedUp: boolean },
): Promise<boolean> {
  const nowMicros = clock.nowMicros()
  return await database.transaction(async (trx) => {
    if (!(await spendChallenge(trx, challenge, nowMicros + ANSWER_MICROS))) return false
    if (await notePasskeyUse(trx, { credentialId: passkey.credentialId, ...used, nowMicros })) return true
    log.warn(
      { account_no: passkey.accountNo, passkey: passkey.key },
      'the count of a passkey went back: it may be copied',
    )
    const detail = {
      account_no: passkey.accountNo,
      passkey: passkey.key,
      counted: used.counter,
      known: passkey.counter,
    }
    await recordAudit(trx, nowMicros, [{ kind: 'passkey_refused', actor: 'anonymous', detail }])
    return false
  })
}
