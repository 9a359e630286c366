import { enums, type PublicSubkeyPacket, type SignaturePacket } from 'openpgp'
import { isForEncryption } from './kept-users.ts'
import { hasBackSignature, KINDS, newestSignature } from './own-signatures.ts'
import { canEncryptWith, isWeakHash, strengthOf } from './strength.ts'
import type { TransferableKey } from './transferable-key.ts'

/** A subkey that stays, with the newest signature that binds it. */
export interface KeptSubkey {
  readonly packet: PublicSubkeyPacket
  readonly binding: SignaturePacket
  readonly encrypts: boolean
  /** A revoked subkey stays with its revocation, for keyrings that have it already. */
  readonly revoked: SignaturePacket | undefined
}

/** The subkeys that are bound to the key by strong signatures, are strong themselves and have not expired. */
export async function keptSubkeys(
  { primary, subkeys }: TransferableKey,
  now: Date,
  date: Date,
): Promise<readonly KeptSubkey[]> {
  const kept: KeptSubkey[] = []
  for (const { packet, signatures } of subkeys) {
    if (strengthOf(packet) !== 'good' || packet.getCreationTime() > date) continue
    const over = { key: primary, bind: packet }
    const binding = await newestSignature(signatures, KINDS.binding, over, date)
    if (!binding || hasEnded(packet, binding, now)) continue
    if (isForSigning(binding) && !(await hasBackSignature(binding, over, date))) continue
    const revoked = await newestSignature(signatures, KINDS.subkeyRevocation, over, date, true)
    kept.push({ packet, binding, encrypts: canEncryptWith(packet) && isForEncryption(binding), revoked })
  }
  return kept
}

/** Why no subkey is left to encrypt to. */
export function subkeyTrouble({
  subkeys,
}: TransferableKey): 'key_no_encryption' | 'key_encryption_expired' | 'key_weak_algorithm' | 'key_weak_signature' {
  const bound = subkeys.filter(({ signatures }) => signatures.some((each) => isForEncryption(each)))
  const sound = bound.filter(({ packet }) => strengthOf(packet) === 'good' && canEncryptWith(packet))
  if (bound.length === 0) return 'key_no_encryption'
  if (sound.length === 0) return 'key_weak_algorithm'
  const isWeak = sound.every(({ signatures }) => signatures.every(({ hashAlgorithm }) => isWeakHash(hashAlgorithm)))
  return isWeak ? 'key_weak_signature' : 'key_encryption_expired'
}

function isForSigning({ keyFlags }: SignaturePacket): boolean {
  return ((keyFlags?.[0] ?? 0) & enums.keyFlags.signData) !== 0
}

function hasEnded(packet: PublicSubkeyPacket, binding: SignaturePacket, now: Date): boolean {
  if (binding.keyNeverExpires !== false || !binding.keyExpirationTime) return false
  return packet.getCreationTime().getTime() + binding.keyExpirationTime * 1000 <= now.getTime()
}
