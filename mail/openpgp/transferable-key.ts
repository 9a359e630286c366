import {
  type AnyPacket,
  config,
  enums,
  PacketList,
  PublicKeyPacket,
  PublicSubkeyPacket,
  SignaturePacket,
  UnparseablePacket,
  UserIDPacket,
} from 'openpgp'
import { countPackets } from './count-packets.ts'
import { LIMITS } from './limits.ts'
import type { CertificateRefusal } from './refusals.ts'

/** A User ID or subkey with the signatures that the key itself made over it. */
export interface Bound<T> {
  readonly packet: T
  readonly signatures: SignaturePacket[]
}

/** A public key as its packets say, with nothing verified. Signatures of others and pictures are left out (RFC 9580 §10.1). */
export interface TransferableKey {
  readonly primary: PublicKeyPacket
  /** Made by the key over itself: direct signatures and revocations. */
  readonly signatures: SignaturePacket[]
  readonly users: Bound<UserIDPacket>[]
  readonly subkeys: Bound<PublicSubkeyPacket>[]
}

type Read =
  { readonly ok: true; readonly key: TransferableKey } | { readonly ok: false; readonly code: CertificateRefusal }

/** Stands for a packet of a secret key; its content is not kept. */
class SecretMaterial {
  read(): void {}
  write(): Uint8Array {
    return new Uint8Array()
  }
}

class Picture {
  read(): void {}
  write(): Uint8Array {
    return new Uint8Array()
  }
}

/** The packets that a public key may have. Any other below tag 40 makes it something else (RFC 9580 §4.3). */
const PACKETS = {
  [enums.packet.publicKey]: PublicKeyPacket,
  [enums.packet.publicSubkey]: PublicSubkeyPacket,
  [enums.packet.userID]: UserIDPacket,
  [enums.packet.signature]: SignaturePacket,
  [enums.packet.userAttribute]: Picture,
  [enums.packet.secretKey]: SecretMaterial,
  [enums.packet.secretSubkey]: SecretMaterial,
}

/** Sorts the packets of one key to what they belong to, within the limits. */
export async function readTransferableKey(binary: Uint8Array): Promise<Read> {
  const count = countPackets(binary)
  if (count === undefined) return { ok: false, code: 'key_not_a_key' }
  if (count > LIMITS.packets) return { ok: false, code: 'key_flooded' }
  let packets: PacketList<AnyPacket>
  try {
    // the parser looks packets up by property; its type says Map
    packets = await PacketList.fromBinary(binary, Object.assign(new Map<enums.packet, object>(), PACKETS), {
      ...config,
      ignoreMalformedPackets: true,
      maxUserIDLength: LIMITS.userIdCharacters,
    })
  } catch {
    return { ok: false, code: 'key_not_a_key' }
  }
  if (packets.some((packet) => packet instanceof SecretMaterial)) return { ok: false, code: 'key_secret' }
  const [primary, ...rest] = packets
  if (primary instanceof UnparseablePacket && primary.tag === enums.packet.publicKey) {
    const [version] = primary.write()
    return { ok: false, code: version === 4 || version === 6 ? 'key_algorithm' : 'key_version' }
  }
  if (!(primary instanceof PublicKeyPacket) || !isPrimary(primary)) return { ok: false, code: 'key_not_a_key' }
  if (rest.some((packet) => isPrimary(packet))) return { ok: false, code: 'key_several' }
  const key = sorted(primary, rest)
  return isFlooded(key) ? { ok: false, code: 'key_flooded' } : { ok: true, key }
}

function isPrimary(packet: object): boolean {
  // a subkey's class is one of primary keys too
  if (packet instanceof PublicKeyPacket) return !(packet instanceof PublicSubkeyPacket)
  return packet instanceof UnparseablePacket && packet.tag === enums.packet.publicKey
}

function sorted(primary: PublicKeyPacket, rest: readonly object[]): TransferableKey {
  const key: TransferableKey = { primary, signatures: [], users: [], subkeys: [] }
  const id = primary.getKeyID()
  let over: SignaturePacket[] | undefined = key.signatures
  for (const packet of rest) {
    if (packet instanceof SignaturePacket) {
      if (packet.issuerKeyID.equals(id)) over?.push(packet)
    } else if (packet instanceof UserIDPacket) {
      over = []
      key.users.push({ packet, signatures: over })
    } else if (packet instanceof PublicSubkeyPacket) {
      over = []
      key.subkeys.push({ packet, signatures: over })
    } else if (!(packet instanceof UnparseablePacket && packet.tag === enums.packet.signature)) {
      // what belongs to a picture, or to something that is not known here, goes with it
      over = undefined
    }
  }
  return key
}

function isFlooded({ signatures, users, subkeys }: TransferableKey): boolean {
  const own = [{ signatures }, ...users, ...subkeys].reduce((sum, each) => sum + each.signatures.length, 0)
  return users.length > LIMITS.userIds || subkeys.length > LIMITS.subkeys || own > LIMITS.ownSignatures
}
