import { unarmor } from 'openpgp'

const BLOCK = /-----BEGIN PGP PUBLIC KEY BLOCK-----[\s\S]*?-----END PGP PUBLIC KEY BLOCK-----/g
const MAX_RING = 2_000_000
const MAX_KEYS = 200
const PUBLIC_KEY = 6
const SECRET_KEY = 5

/** The keys of a ring, or why it cannot be read. */
export type SplitRing =
  | { readonly ok: true; readonly keys: readonly Uint8Array[] }
  | { readonly ok: false; readonly reason: 'ring-unreadable' | 'ring-too-large' | 'ring-has-secret-key' }

/**
 * Takes an armored keyring apart: several blocks, and several keys in one block (RFC 9580 §10.1). Nothing is verified.
 * @returns the packets of each key, binary
 */
export async function splitKeyring(ring: string): Promise<SplitRing> {
  if (ring.length > MAX_RING) return { ok: false, reason: 'ring-too-large' }
  if (/-----BEGIN PGP (?:PRIVATE|SECRET)/.test(ring)) return { ok: false, reason: 'ring-has-secret-key' }
  const keys: Uint8Array[] = []
  for (const [block] of ring.matchAll(BLOCK)) {
    const binary = await packetsOf(block)
    const parts = binary && split(binary)
    if (parts === 'secret') return { ok: false, reason: 'ring-has-secret-key' }
    // a block that is damaged does not take the others with it
    keys.push(...(parts ?? []))
  }
  if (keys.length > MAX_KEYS) return { ok: false, reason: 'ring-too-large' }
  return keys.length > 0 ? { ok: true, keys } : { ok: false, reason: 'ring-unreadable' }
}

async function packetsOf(block: string): Promise<Uint8Array | undefined> {
  try {
    const { data } = await unarmor(block)
    return data instanceof Uint8Array ? data : undefined
  } catch {
    return undefined
  }
}

/** Cuts before each primary key. @returns undefined where the packets do not fit together */
function split(binary: Uint8Array): readonly Uint8Array[] | 'secret' | undefined {
  const starts: number[] = []
  for (let at = 0; at < binary.length;) {
    const packet = header(binary, at)
    if (!packet || packet.end > binary.length) return undefined
    if (packet.tag === SECRET_KEY) return 'secret'
    if (packet.tag === PUBLIC_KEY) starts.push(at)
    at = packet.end
  }
  return starts.map((start, index) => binary.subarray(start, starts[index + 1]))
}

/** Header of a packet, old or new form (RFC 9580 §4.2); partial lengths are not for keys. */
function header(bytes: Uint8Array, at: number): { readonly tag: number; readonly end: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = bytes[at] ?? 0
  if ((first & 0x80) === 0 || at + 6 > bytes.length) return undefined
  if ((first & 0x40) === 0) {
    const size = first & 3
    if (size === 3) return undefined
    const length = size === 0 ? view.getUint8(at + 1) : size === 1 ? view.getUint16(at + 1) : view.getUint32(at + 1)
    return { tag: (first >> 2) & 15, end: at + 1 + 2 ** size + length }
  }
  const tag = first & 63
  const length = view.getUint8(at + 1)
  if (length < 192) return { tag, end: at + 2 + length }
  if (length < 224) return { tag, end: at + 3 + (((length - 192) << 8) | view.getUint8(at + 2)) + 192 }
  return length === 255 ? { tag, end: at + 6 + view.getUint32(at + 2) } : undefined
}
