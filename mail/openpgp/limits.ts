/** What an upload may measure; everything is checked before cryptography begins. */
export const LIMITS = {
  /** An upload as it came, armored or not. */
  uploadBytes: 400_000,
  /** The same without its armor. */
  binaryBytes: 262_144,
  /** What is kept of it. */
  keptBytes: 65_536,
  packets: 3000,
  userIds: 60,
  /** Longer User IDs are passed over, with the signatures over them. */
  userIdCharacters: 1000,
  subkeys: 40,
  /** Signatures that claim to be the key's own; each of them may cost a verification. */
  ownSignatures: 150,
} as const

/** How far a clock may be ahead of ours before what it dates counts as not yet valid. */
export const CLOCK_TOLERANCE_MICROS = 600_000_000

/** A `Date` for openpgp.js, which counts in milliseconds. */
export function dateOf(micros: number): Date {
  return new Date(Math.floor(micros / 1000))
}
