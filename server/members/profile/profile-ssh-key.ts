/** Kinds of public keys that OpenSSH takes today (RFC 4253 §6.6, RFC 5656, RFC 8709, and keys on tokens). DSA is gone. */
const KINDS: ReadonlySet<string> = new Set([
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
])

/**
 * Whether a line has the shape of an SSH public key: kind, base64, remark. The bytes must begin with the same kind, and
 * consist of strings with their lengths, to the last byte (RFC 4251 §5).
 */
export function isSshKey(line: string): boolean {
  const [kind = '', base64 = ''] = line.split(' ')
  if (!KINDS.has(kind) || !/^[A-Za-z0-9+/]{40,3500}={0,2}$/.test(base64)) return false
  const bytes = Buffer.from(base64, 'base64')
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return false
    const end = at + 4 + bytes.readUInt32BE(at)
    if (end > bytes.length) return false
    parts.push(bytes.subarray(at + 4, end))
    at = end
  }
  return parts.length >= 2 && parts[0]?.toString('latin1') === kind
}
