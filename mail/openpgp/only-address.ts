import {
  PacketList,
  type PublicKeyPacket,
  type PublicSubkeyPacket,
  type SignaturePacket,
  type UserIDPacket,
} from 'openpgp'
import { readTransferableKey } from './transferable-key.ts'
import { addressOfUserId } from './user-address.ts'

/**
 * A minimised certificate with the User IDs of one address only: whoever knows a member by this address learns of no other.
 * One that does not name the address stays as it is, since without a User ID programs would not take it.
 */
export async function withOnlyAddress(body: Uint8Array, address: string): Promise<Uint8Array> {
  const read = await readTransferableKey(body)
  if (!read.ok) return body
  const { primary, signatures, users, subkeys } = read.key
  const named = users.filter(({ packet }) => addressOfUserId(packet.userID) === address)
  if (named.length === 0) return body
  const packets = new PacketList<PublicKeyPacket | SignaturePacket | UserIDPacket | PublicSubkeyPacket>()
  packets.push(primary, ...signatures)
  for (const each of [...named, ...subkeys]) packets.push(each.packet, ...each.signatures)
  return packets.write()
}
