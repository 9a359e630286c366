import { unarmor } from 'openpgp'
import { LIMITS } from './limits.ts'
import type { CertificateRefusal } from './refusals.ts'

/** The packets of an upload, or why there are none. */
type Dearmored =
  { readonly ok: true; readonly binary: Uint8Array } | { readonly ok: false; readonly code: CertificateRefusal }

const BEGIN = /^-----BEGIN PGP ([A-Z ,/0-9]+)-----/gm

/** Takes off the armor of one public key, if there is one. A secret key is known by its first line and not decoded. */
export async function dearmor(upload: Uint8Array | string): Promise<Dearmored> {
  if (upload.length > LIMITS.uploadBytes) return { ok: false, code: 'key_too_large' }
  // every packet begins with a byte above 0x7f (RFC 9580 §4.2), every armored text with one below
  if (typeof upload !== 'string' && (upload[0] ?? 0) >= 0x80) return checkedSize(upload)
  const text = typeof upload === 'string' ? upload : Buffer.from(upload).toString('latin1')
  if (text.trim() === '') return { ok: false, code: 'key_empty' }
  const kinds = [...text.matchAll(BEGIN)].map((match) => match[1] ?? '')
  if (kinds.some((kind) => kind.includes('PRIVATE') || kind.includes('SECRET')))
    return { ok: false, code: 'key_secret' }
  const keys = kinds.filter((kind) => kind === 'PUBLIC KEY BLOCK')
  if (keys.length === 0) return { ok: false, code: 'key_not_a_key' }
  if (keys.length > 1) return { ok: false, code: 'key_several' }
  const block = text.slice(text.indexOf('-----BEGIN PGP PUBLIC KEY BLOCK-----'))
  try {
    const { data } = await unarmor(block)
    return data instanceof Uint8Array ? checkedSize(data) : { ok: false, code: 'key_damaged' }
  } catch {
    return { ok: false, code: 'key_damaged' }
  }
}

function checkedSize(binary: Uint8Array): Dearmored {
  if (binary.length === 0) return { ok: false, code: 'key_empty' }
  return binary.length > LIMITS.binaryBytes ? { ok: false, code: 'key_too_large' } : { ok: true, binary }
}
