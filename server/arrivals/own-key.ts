import { type Certificate, type CertificateProblem, endsEncryption } from '../../mail/openpgp/certificate.ts'
import { examineCertificate } from '../../mail/openpgp/read-certificate.ts'
import { splitKeyring } from './split-keyring.ts'

/** Why the key of an address does not come, in sentences for the operator. */
export const KEY_REASONS = {
  'no-keyring': 'there is a key id but no keyring: the key itself was a file there; its owner uploads it here',
  'ring-unreadable': 'the keyring cannot be read',
  'ring-too-large': 'the keyring is too large',
  'ring-has-secret-key': 'the keyring holds a secret key: nothing of it was read further, and its owner should be told',
  'no-key-of-address': 'no key of the ring has a valid User ID with this address',
  'id-differs': 'a key of the ring has this address, but another id than the one that was chosen there',
  'several-keys': 'several keys of the ring have this address, and no id says which: its owner uploads the right one',
  revoked: 'the key is revoked',
  unusable: 'the key is too weak, or nothing can be encrypted to it: its owner uploads another one here',
  'address-not-verified': 'the address is not proven, so nobody can say whose key this is',
  'fingerprint-taken': 'somebody else has this key here',
  shared: 'several members there have this key: each of them needs one of their own',
} as const
export type KeyReason = keyof typeof KEY_REASONS

const EXPIRED: ReadonlySet<CertificateProblem> = new Set(['key_expired', 'key_encryption_expired'])

/** The key of an address, or why there is none. */
export type OwnKey =
  | { readonly ok: true; readonly certificate: Certificate }
  | { readonly ok: false; readonly reason: KeyReason; readonly refusal?: string }

/**
 * Finds the key of one address in a ring that may hold keys of others too: by its User ID, then by the end of its id. An
 * expired key is found all the same, with its problem: time alone has ended it, and its owner extends it.
 * @param address normalised, as are `addresses`: others of the same owner, whose User IDs are kept beside it
 * @param id as it was kept: some hexadecimal digits, perhaps without their leading zeros; undefined where none was
 */
export async function ownKey(
  ring: string | undefined,
  address: string,
  id: string | undefined,
  { nowMicros, addresses }: { readonly nowMicros: number; readonly addresses: readonly string[] },
): Promise<OwnKey> {
  if (ring === undefined) return { ok: false, reason: 'no-keyring' }
  const split = await splitKeyring(ring)
  if (!split.ok) return split
  const found: Certificate[] = []
  let refusal: string | undefined
  const wanted = { nowMicros, addresses: new Set([address, ...addresses]) }
  for (const packets of split.keys) {
    const examined = await examineCertificate(packets, wanted)
    if (!examined.ok) refusal = examined.code
    else if (examined.certificate.addresses.includes(address)) found.push(examined.certificate)
  }
  if (found.length === 0) {
    // of a ring with one key its own refusal says more than that none was found
    return split.keys.length === 1 && refusal !== undefined
      ? { ok: false, reason: 'no-key-of-address', refusal }
      : { ok: false, reason: 'no-key-of-address' }
  }
  const end = id?.replace(/^0x/i, '').toUpperCase()
  const chosen = end === undefined ? found : found.filter(({ fingerprint }) => fingerprint.endsWith(end))
  const [certificate, another] = chosen
  if (!certificate) return { ok: false, reason: 'id-differs' }
  if (another && another.fingerprint !== certificate.fingerprint) return { ok: false, reason: 'several-keys' }
  if (certificate.revokedMicros !== undefined) return { ok: false, reason: 'revoked' }
  const refused = certificate.problems.filter(endsEncryption).find((problem) => !EXPIRED.has(problem))
  return refused === undefined ? { ok: true, certificate } : { ok: false, reason: 'unusable', refusal: refused }
}
