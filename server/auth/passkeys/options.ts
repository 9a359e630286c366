import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import type { Passkey } from '../../storage/passkeys.ts'
import { ANSWER_MICROS } from './challenge.ts'
import type { PasskeyPlace } from './place.ts'

/**
 * COSE numbers of EdDSA, ES256 and RS256 (RFC 9053 §2, RFC 8812 §2): what authenticators have. ML-DSA, which the library
 * would add, is still an experiment of Node; passkeys of it could stop working with another release.
 */
export const ALGORITHMS = [-8, -7, -257]

const TIMEOUT_MILLIS = ANSWER_MICROS / 1000

/** Options for asking for one of some passkeys, or for any that the browser has for this site when there are none given. */
export async function requestOptions(
  place: PasskeyPlace,
  challenge: string,
  passkeys: readonly Passkey[],
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return await generateAuthenticationOptions({
    rpID: place.rpId,
    challenge: bytesOf(challenge),
    timeout: TIMEOUT_MILLIS,
    userVerification: 'required',
    ...(passkeys.length > 0 && { allowCredentials: passkeys.map(described) }),
  })
}

/** Options for making a passkey that is found without a name (WebAuthn §6.2.2) and asks for finger, face or PIN. */
export async function creationOptions(
  place: PasskeyPlace,
  challenge: string,
  owner: {
    readonly siteName: string
    readonly name: string
    readonly displayName: string
    readonly handle: Uint8Array<ArrayBuffer>
    /** Those that the account has: the same authenticator is not taken twice. */
    readonly passkeys: readonly Passkey[]
  },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  return await generateRegistrationOptions({
    rpName: owner.siteName,
    rpID: place.rpId,
    userName: owner.name,
    userDisplayName: owner.displayName,
    userID: owner.handle,
    challenge: bytesOf(challenge),
    timeout: TIMEOUT_MILLIS,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: owner.passkeys.map(described),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

function described({ credentialId, transports }: Passkey): { id: string; transports: string[] } {
  return { id: Buffer.from(credentialId).toString('base64url'), transports: [...transports] }
}

/** The library would encode a text once more. */
function bytesOf(challenge: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(challenge, 'base64url'))
}
