import { imageOf } from '../site/logo-image.ts'

const MAX_BYTES = 1_000_000
const MAX_SIDE = 2000
const SIGNATURE = 8
/** Chunks that a picture needs to be drawn (PNG, third edition, §11.2 and §11.3.2); all others can say things. */
const KEPT = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'sRGB', 'cHRM'])

/** A picture, or why there is none. */
type Portrait =
  | { readonly ok: true; readonly mediaType: 'image/png'; readonly body: Uint8Array }
  | { readonly ok: false; readonly reason: string }

/** Reads a picture as the portal keeps it: PNG in base64, with line breaks or not. Texts and dates in it are taken out. */
export function portraitFrom(base64: string): Portrait {
  const text = base64.replace(/^data:image\/png;base64,/, '').replaceAll(/\s+/g, '')
  if (text.length > (MAX_BYTES * 4) / 3) return { ok: false, reason: 'the picture is larger than 1 MB' }
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return { ok: false, reason: 'the picture is no base64' }
  const bytes = Buffer.from(text, 'base64')
  const image = imageOf(bytes)
  if (image?.mediaType !== 'image/png') return { ok: false, reason: 'the picture is no PNG' }
  if (image.width > MAX_SIDE || image.height > MAX_SIDE) return { ok: false, reason: 'the picture is too wide or high' }
  const body = stripped(bytes)
  return body ? { ok: true, mediaType: 'image/png', body } : { ok: false, reason: 'the picture is cut off' }
}

function stripped(bytes: Buffer): Buffer | undefined {
  const kept = [bytes.subarray(0, SIGNATURE)]
  for (let at = SIGNATURE; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at)
    if (end > bytes.length) return undefined
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (KEPT.has(type)) kept.push(bytes.subarray(at, end))
    // whatever hides behind the end stays behind
    if (type === 'IEND') return Buffer.concat(kept)
    at = end
  }
  return undefined
}
