/** A picture that a browser can show without running anything. */
export interface Image {
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/webp'
  readonly width: number
  readonly height: number
}

const PNG = Buffer.from('89504e470d0a1a0a', 'hex')

/**
 * What kind of picture bytes are, by the bytes alone: PNG (RFC 2083 §3), JPEG (ITU T.81 annex B) or WebP (RFC 9649 §2).
 * Never SVG: that is a document which can hold scripts.
 * @returns undefined for everything else, and for a picture that is cut off before its size
 */
export function imageOf(bytes: Uint8Array): Image | undefined {
  const picture = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = png(picture) ?? jpeg(picture) ?? webp(picture)
  return found && found.width > 0 && found.height > 0 ? found : undefined
}

function png(picture: Buffer): Image | undefined {
  if (picture.length < 24 || !picture.subarray(0, 8).equals(PNG) || picture.toString('latin1', 12, 16) !== 'IHDR') {
    return undefined
  }
  return { mediaType: 'image/png', width: picture.readUInt32BE(16), height: picture.readUInt32BE(20) }
}

/** Markers with a frame header: every SOF but DHT, JPG and DAC, which lie between them. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])

function jpeg(picture: Buffer): Image | undefined {
  if (picture.length < 4 || picture.readUInt16BE(0) !== 0xffd8) return undefined
  let at = 2
  while (at + 9 <= picture.length && picture[at] === 0xff) {
    const marker = picture[at + 1] ?? 0
    if (FRAMES.has(marker)) {
      return { mediaType: 'image/jpeg', height: picture.readUInt16BE(at + 5), width: picture.readUInt16BE(at + 7) }
    }
    // a marker may be preceded by any number of fill bytes
    at += marker === 0xff ? 1 : 2 + picture.readUInt16BE(at + 2)
  }
  return undefined
}

function webp(picture: Buffer): Image | undefined {
  if (picture.length < 30 || picture.toString('latin1', 0, 4) !== 'RIFF') return undefined
  if (picture.toString('latin1', 8, 12) !== 'WEBP') return undefined
  const mediaType = 'image/webp'
  const chunk = picture.toString('latin1', 12, 16)
  if (chunk === 'VP8 ') {
    return { mediaType, width: picture.readUInt16LE(26) & 0x3fff, height: picture.readUInt16LE(28) & 0x3fff }
  }
  if (chunk === 'VP8L' && picture[20] === 0x2f) {
    const packed = picture.readUInt32LE(21)
    return { mediaType, width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 }
  }
  if (chunk !== 'VP8X') return undefined
  return { mediaType, width: picture.readUIntLE(24, 3) + 1, height: picture.readUIntLE(27, 3) + 1 }
}
