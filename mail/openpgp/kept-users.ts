import { enums, type SignaturePacket, type UserIDPacket } from 'openpgp'
import { KINDS, newestSignature } from './own-signatures.ts'
import type { CertificateRefusal } from './refusals.ts'
import { canEncryptWith, isWeakHash } from './strength.ts'
import type { Bound, TransferableKey } from './transferable-key.ts'
import { addressOfUserId } from './user-address.ts'

/** A User ID that stays, with the newest signature that binds it. */
export interface KeptUser {
  readonly packet: UserIDPacket
  readonly address: string
  readonly certification: SignaturePacket
}

/** What the User IDs of a key come to. */
interface Users {
  readonly kept: readonly KeptUser[]
  /** The signature that speaks for the primary key: its expiry and what it takes. */
  readonly speaker: SignaturePacket | undefined
  /** Whether the primary key itself is for encryption. */
  readonly primaryEncrypts: boolean
  /** Whether it takes GnuPG's OCB packets (tag 20) and nothing that RFC 9580 or RFC 4880 know. */
  readonly ocbOnly: boolean
  readonly trouble: CertificateRefusal | undefined
}

const MDC = 0x01
const GNUPG_OCB = 0x02
const SEIPD_V2 = 0x08

/** The valid, self-signed, unrevoked User IDs with an address of the owner. */
export async function keptUsers(key: TransferableKey, date: Date, addresses?: ReadonlySet<string>): Promise<Users> {
  const kept: KeptUser[] = []
  const others: SignaturePacket[] = []
  let trouble: CertificateRefusal = 'key_not_self_signed'
  for (const user of key.users) {
    const certification = await certificationOf(key, user, date)
    if (certification === undefined) {
      trouble = (await troubleOf(key, user, date)) ?? trouble
      continue
    }
    const address = addressOfUserId(user.packet.userID)
    if (address !== undefined && (addresses === undefined || addresses.has(address))) {
      kept.push({ packet: user.packet, address, certification })
    } else {
      others.push(certification)
    }
  }
  const speaking = kept.length > 0 ? kept.map(({ certification }) => certification) : others
  const speaker = speaking
    .toSorted((a, b) => Number(a.isPrimaryUserID ?? 0) - Number(b.isPrimaryUserID ?? 0) || madeAt(a) - madeAt(b))
    .at(-1)
  const features = speaker?.features?.[0] ?? 0
  return {
    kept,
    speaker,
    primaryEncrypts: speaker !== undefined && canEncryptWith(key.primary) && isForEncryption(speaker),
    ocbOnly: (features & GNUPG_OCB) !== 0 && (features & (MDC | SEIPD_V2)) === 0,
    // a key may have no User ID at all in version 6, but then it names no address either
    trouble: speaker ? undefined : key.users.length === 0 ? 'key_no_address' : trouble,
  }
}

/** Whether a signature's flags let the key that it binds be used for encryption. */
export function isForEncryption({ keyFlags }: SignaturePacket): boolean {
  return ((keyFlags?.[0] ?? 0) & (enums.keyFlags.encryptCommunication | enums.keyFlags.encryptStorage)) !== 0
}

async function certificationOf(
  { primary }: TransferableKey,
  { packet, signatures }: Bound<UserIDPacket>,
  date: Date,
): Promise<SignaturePacket | undefined> {
  const over = { key: primary, userID: packet }
  const certification = await newestSignature(signatures, KINDS.certification, over, date)
  if (!certification) return undefined
  const revoked = await newestSignature(signatures, KINDS.userRevocation, over, date, true)
  return revoked ? undefined : certification
}

/** Why a User ID does not count, where that can be mended. */
async function troubleOf(
  { primary }: TransferableKey,
  { packet, signatures }: Bound<UserIDPacket>,
  date: Date,
): Promise<CertificateRefusal | undefined> {
  const over = { key: primary, userID: packet }
  if (await newestSignature(signatures, KINDS.userRevocation, over, date, true)) return 'key_no_address'
  if (signatures.some(({ hashAlgorithm }) => isWeakHash(hashAlgorithm))) return 'key_weak_signature'
  return signatures.some((signature) => madeAt(signature) > date.getTime()) ? 'key_not_yet_valid' : undefined
}

function madeAt(signature: SignaturePacket): number {
  return signature.created?.getTime() ?? 0
}
