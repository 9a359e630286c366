import { config, enums, type PublicKeyPacket, type PublicSubkeyPacket } from 'openpgp'

type KeyPacket = PublicKeyPacket | PublicSubkeyPacket

const ENCRYPTS: ReadonlySet<number> = new Set([
  enums.publicKey.rsaEncryptSign,
  enums.publicKey.rsaEncrypt,
  enums.publicKey.ecdh,
  enums.publicKey.x25519,
  enums.publicKey.x448,
])
const NEW: ReadonlySet<number> = new Set([
  enums.publicKey.x25519,
  enums.publicKey.x448,
  enums.publicKey.ed25519,
  enums.publicKey.ed448,
])
const RETIRED: ReadonlySet<number> = new Set([enums.publicKey.dsa, enums.publicKey.elgamal])
const MAX_RSA_BITS = 8192

/** What the strength of a key's mathematics allows. RFC 9580 §12.4: RSA below 2048 bits, DSA and ElGamal are over. */
export function strengthOf(packet: KeyPacket): 'good' | 'weak' | 'unusable' {
  const { bits, curve } = packet.getAlgorithmInfo()
  if (RETIRED.has(packet.algorithm)) return 'weak'
  // GnuPG's 2048 bits may begin with a zero
  if (bits !== undefined) return bits < 2047 ? 'weak' : bits > MAX_RSA_BITS ? 'unusable' : 'good'
  return curve === 'secp256k1' ? 'unusable' : 'good'
}

/** Whether one can encrypt with the algorithm at all. */
export function canEncryptWith(packet: KeyPacket): boolean {
  return ENCRYPTS.has(packet.algorithm)
}

/** Whether programs of before RFC 9580 cannot read it: version 6, or the algorithms 25 to 28. */
export function isNewFormat(packet: KeyPacket): boolean {
  return packet.version === 6 || NEW.has(packet.algorithm)
}

/** As people know it, for example `RSA 3072` or `Ed25519`. */
export function algorithmName(packet: KeyPacket): string {
  const { algorithm, bits, curve } = packet.getAlgorithmInfo()
  if (bits !== undefined)
    return `${RETIRED.has(packet.algorithm) ? (packet.algorithm === 17 ? 'DSA' : 'ElGamal') : 'RSA'} ${bits}`
  const name = curve ?? algorithm
  return (name.charAt(0).toUpperCase() + name.slice(1)).replace('Legacy', '')
}

const WEAK_HASHES = new Set<enums.hash>([enums.hash.md5, enums.hash.ripemd, enums.hash.sha1])

/** Whether two texts with the same hash can be made: a signature over one is then one over the other. */
export function isWeakHash(hash: enums.hash | null): boolean {
  return hash !== null && WEAK_HASHES.has(hash)
}

/** Takes no signature made with a weak hash: what binds a key must be stronger. */
export const STRICT = { ...config, rejectHashAlgorithms: WEAK_HASHES }

/** Takes any signature that is right: a revocation counts, however it was made. */
export const LENIENT = { ...config, rejectHashAlgorithms: new Set<enums.hash>() }
