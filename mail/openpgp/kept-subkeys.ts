import { enums, type PublicSubkeyPacket, type SignaturePacket } from 'openpgp'
import { expiryOf } from './expiry.ts'
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
  /** When it ends or ended, by expiry or revocation; undefined: never. Microseconds. */
  readonly endsMicros: number | undefined
}

/** The subkeys that are bound to the key by strong signatures and are strong themselves, whether they have ended or not. */
export async function keptSubkeys({ primary, subkeys }: TransferableKey, date: Date): Promise<readonly KeptSubkey[]> {
  const kept: KeptSubkey[] = []
  for (const { packet, signatures } of subkeys) {
    if (strengthOf(packet) !== 'good' || packet.getCreationTime() > date) continue
    const over = { key: primary, bind: packet }
    const binding = await newestSignature(signatures, KINDS.binding, over, date)
    if (!binding) continue
    if (isForSigning(binding) && !(await hasBackSignature(binding, over, date))) continue
    const revoked = await newestSignature(signatures, KINDS.subkeyRevocation, over, date, true)
    const encrypts = canEncryptWith(packet) && isForEncryption(binding)
    const revokedMicros = revoked?.created ? revoked.created.getTime() * 1000 : undefined
    const endsMicros = revokedMicros ?? expiryOf(packet, binding)
    kept.push({ packet, binding, encrypts, revoked, endsMicros })
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
