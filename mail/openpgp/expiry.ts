import type { PublicKeyPacket, PublicSubkeyPacket, SignaturePacket } from 'openpgp'

/** When a key ends by what one of its signatures says; a signature may end, too. */
export function expiryOf(
  packet: PublicKeyPacket | PublicSubkeyPacket,
  signature: SignaturePacket | undefined,
): number | undefined {
  if (!signature) return undefined
  const ends: (number | undefined)[] = []
  if (signature.keyNeverExpires === false && signature.keyExpirationTime) {
    ends.push((packet.getCreationTime().getTime() + signature.keyExpirationTime * 1000) * 1000)
  }
  const signatureEnds = signature.getExpirationTime()
  if (signatureEnds instanceof Date) ends.push(signatureEnds.getTime() * 1000)
  return earliest(ends)
}

/** Undefined among them is never. @returns undefined when it never comes */
export function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

/** Undefined among them is never, which is the latest of all. There is at least one. */
export function latest(times: readonly (number | undefined)[]): number | undefined {
  return times.includes(undefined) ? undefined : Math.max(...times.filter((time) => time !== undefined))
}
