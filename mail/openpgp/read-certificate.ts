import { PacketList, type PublicKeyPacket, type PublicSubkeyPacket, type SignaturePacket } from 'openpgp'
import { type Certificate, type CertificateProblem, type Examination, type Examined, refused } from './certificate.ts'
import { dearmor } from './dearmor.ts'
import { CLOCK_TOLERANCE_MICROS, dateOf, LIMITS } from './limits.ts'
import { earliest, expiryOf, latest } from './expiry.ts'
import { encryptionKey } from './encryption-key.ts'
import { keptSubkeys, type KeptSubkey, subkeyTrouble } from './kept-subkeys.ts'
import { keptUsers, type KeptUser } from './kept-users.ts'
import { mergeKeys } from './merge-keys.ts'
import { KINDS, newestSignature } from './own-signatures.ts'
import { isRefusal } from './refusals.ts'
import { algorithmName, isNewFormat, strengthOf } from './strength.ts'
import { readTransferableKey, type TransferableKey } from './transferable-key.ts'

/**
 * Reads a public key that somebody uploads: binary or armored packets of one key (RFC 9580 §10.1).
 * @returns the minimised certificate, or the first reason why it is not taken
 */
export async function readCertificate(upload: Uint8Array | string, examination: Examination): Promise<Examined> {
  const examined = await examineCertificate(upload, examination)
  if (!examined.ok) return examined
  const code = examined.certificate.problems.find((problem) => isRefusal(problem))
  return code === undefined || !isRefusal(code) ? examined : refused(code)
}

/**
 * Like {@link readCertificate}, but a key that is weak, expired or revoked comes back with its problems: for what is on
 * file already.
 */
export async function examineCertificate(upload: Uint8Array | string, examination: Examination): Promise<Examined> {
  const dearmored = await dearmor(upload)
  if (!dearmored.ok) return refused(dearmored.code)
  const read = await readTransferableKey(dearmored.binary)
  if (!read.ok) return refused(read.code)
  const known = examination.known && (await readTransferableKey(examination.known))
  const isSame = known?.ok === true && known.key.primary.getFingerprint() === read.key.primary.getFingerprint()
  return examineKey(isSame ? mergeKeys(known.key, read.key) : read.key, examination)
}

async function examineKey(key: TransferableKey, { nowMicros, addresses }: Examination): Promise<Examined> {
  const { primary } = key
  const strength = strengthOf(primary)
  if (strength === 'unusable') return refused('key_algorithm')
  // whatever a weak key signs about itself, everybody could sign
  if (strength === 'weak') return refused('key_weak_algorithm')
  const date = dateOf(nowMicros + CLOCK_TOLERANCE_MICROS)
  if (primary.getCreationTime() > date) return refused('key_not_yet_valid')
  const users = await keptUsers(key, date, addresses)
  if (users.trouble !== undefined) return refused(users.trouble)
  const direct = await newestSignature(key.signatures, KINDS.direct, { key: primary }, date)
  const revocation = await newestSignature(key.signatures, KINDS.revocation, { key: primary }, date, true)
  const keyExpires = earliest([expiryOf(primary, users.speaker), expiryOf(primary, direct)])
  const subkeys = await keptSubkeys(key, date)
  const encrypting = subkeys.filter(({ encrypts }) => encrypts)
  const encryption = encrypting.filter(({ endsMicros = Infinity }) => endsMicros > nowMicros)
  const endings = (encryption.length > 0 ? encryption : encrypting).map(({ endsMicros }) => endsMicros)
  // a key that was never for encryption has been useless from the start; that it is said now will do
  const subkeysEnd = endings.length > 0 ? latest(endings) : nowMicros
  const encryptionExpires = users.primaryEncrypts ? undefined : subkeysEnd
  // what has ended goes, unless nothing else would say why nothing can be encrypted
  const kept =
    encryption.length > 0
      ? subkeys.filter(({ endsMicros = Infinity, revoked }) => revoked || endsMicros > nowMicros)
      : subkeys
  const body = written(primary, [revocation, direct], users.kept, kept)
  const problems: CertificateProblem[] = []
  if (revocation) problems.push('key_revoked')
  if (keyExpires !== undefined && keyExpires <= nowMicros) problems.push('key_expired')
  if (!users.primaryEncrypts && encryption.length === 0) problems.push(subkeyTrouble(key))
  if (!problems.length && !(await encryptionKey(body, nowMicros))) {
    problems.push(users.kept.length === 0 ? 'key_no_address' : 'key_no_encryption')
  }
  if (users.kept.length === 0 && !problems.includes('key_no_address')) problems.push('key_no_address')
  if (users.ocbOnly) problems.push('key_ocb_only')
  if (body.length > LIMITS.keptBytes) return refused('key_too_large')
  const used = encryption.map(({ packet }) => packet)
  if ([primary, ...used].some(isNewFormat)) problems.push('key_new_format')
  const certificate: Certificate = {
    fingerprint: primary.getFingerprint().toUpperCase(),
    algorithm: [...new Set([primary, ...used.slice(0, 1)].map(algorithmName))].join(' + '),
    madeMicros: primary.getCreationTime().getTime() * 1000,
    expiresMicros: earliest([keyExpires, encryptionExpires]),
    revokedMicros: revocation?.created ? revocation.created.getTime() * 1000 : undefined,
    addresses: [...new Set(users.kept.map(({ address }) => address))].toSorted(),
    body,
    problems,
  }
  return { ok: true, certificate }
}

function written(
  primary: PublicKeyPacket,
  own: readonly (SignaturePacket | undefined)[],
  users: readonly KeptUser[],
  subkeys: readonly KeptSubkey[],
): Uint8Array {
  const packets = new PacketList<PublicKeyPacket | SignaturePacket | KeptUser['packet'] | PublicSubkeyPacket>()
  packets.push(primary, ...own.filter((signature) => signature !== undefined))
  for (const { packet, certification } of users) packets.push(packet, certification)
  for (const { packet, binding, revoked } of subkeys) packets.push(packet, ...(revoked ? [revoked] : []), binding)
  return packets.write()
}
