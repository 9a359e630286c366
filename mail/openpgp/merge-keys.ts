import type { SignaturePacket } from 'openpgp'
import type { Bound, TransferableKey } from './transferable-key.ts'

/**
 * Everything that two copies of one key say together: an old copy can then take nothing away that a newer one said, a
 * revocation least of all.
 */
export function mergeKeys(a: TransferableKey, b: TransferableKey): TransferableKey {
  return {
    primary: a.primary,
    signatures: signaturesOf(a.signatures, b.signatures),
    users: bound(a.users, b.users, ({ packet }) => packet.userID),
    subkeys: bound(a.subkeys, b.subkeys, ({ packet }) => packet.getFingerprint()),
  }
}

function bound<T>(a: readonly Bound<T>[], b: readonly Bound<T>[], name: (each: Bound<T>) => string): Bound<T>[] {
  const merged = new Map<string, Bound<T>>()
  for (const each of [...a, ...b]) {
    const signatures = signaturesOf(merged.get(name(each))?.signatures ?? [], each.signatures)
    merged.set(name(each), { packet: each.packet, signatures })
  }
  return [...merged.values()]
}

function signaturesOf(a: readonly SignaturePacket[], b: readonly SignaturePacket[]): SignaturePacket[] {
  const merged = new Map([...a, ...b].map((each) => [Buffer.from(each.write()).toString('base64'), each]))
  return [...merged.values()]
}
