import {
  type Config,
  enums,
  type PublicKeyPacket,
  type PublicSubkeyPacket,
  type SignaturePacket,
  type UserIDPacket,
} from 'openpgp'
import { LENIENT, STRICT } from './strength.ts'

/** What a signature of a key is over: the key alone, with a User ID, or with a subkey. */
interface Over {
  readonly key: PublicKeyPacket
  readonly userID?: UserIDPacket
  readonly bind?: PublicSubkeyPacket
}

const CERTIFICATIONS: ReadonlySet<number> = new Set([
  enums.signature.certGeneric,
  enums.signature.certPersona,
  enums.signature.certCasual,
  enums.signature.certPositive,
])

/** Kinds of signatures by which a key speaks of itself. */
export const KINDS = {
  certification: CERTIFICATIONS,
  userRevocation: new Set<number>([enums.signature.certRevocation]),
  direct: new Set<number>([enums.signature.key]),
  revocation: new Set<number>([enums.signature.keyRevocation]),
  binding: new Set<number>([enums.signature.subkeyBinding]),
  subkeyRevocation: new Set<number>([enums.signature.subkeyRevocation]),
} as const

/**
 * The newest signature of a kind that is right and in force at a date.
 * @param weak takes SHA-1 and MD5 too
 */
export async function newestSignature(
  signatures: readonly SignaturePacket[],
  kind: ReadonlySet<number>,
  over: Over,
  date: Date,
  weak = false,
): Promise<SignaturePacket | undefined> {
  const newestFirst = signatures
    .filter(({ signatureType }) => signatureType !== null && kind.has(signatureType))
    .toSorted((a, b) => madeAt(b) - madeAt(a))
  for (const signature of newestFirst) {
    if (await isRight(signature, over, date, weak ? LENIENT : STRICT)) return lean(signature)
  }
  return undefined
}

/** Whether the subkey agrees to be one of this key: without that, anybody could take another's signing subkey as theirs. */
export async function hasBackSignature(
  binding: SignaturePacket,
  over: Required<Omit<Over, 'userID'>>,
  date: Date,
): Promise<boolean> {
  const back = binding.embeddedSignature
  if (back?.signatureType !== enums.signature.keyBinding) return false
  try {
    await back.verify(over.bind, enums.signature.keyBinding, over, date, undefined, STRICT)
    return true
  } catch {
    return false
  }
}

async function isRight(signature: SignaturePacket, over: Over, date: Date, config: Config): Promise<boolean> {
  if (signature.signatureType === null) return false
  try {
    await signature.verify(over.key, signature.signatureType, over, date, undefined, config)
    return true
  } catch {
    return false
  }
}

function madeAt(signature: SignaturePacket): number {
  return signature.created?.getTime() ?? 0
}

const ISSUER = 16
const EMBEDDED = 32
const ISSUER_FINGERPRINT = 33

/** Leaves of the part that is not signed, where anybody may write, only what verification needs. */
function lean(signature: SignaturePacket): SignaturePacket {
  signature.unhashedSubpackets = signature.unhashedSubpackets.filter(
    ({ type }) => type === ISSUER || type === EMBEDDED || type === ISSUER_FINGERPRINT,
  )
  return signature
}
