/**
 * A picture without what it says beside its pixels: where and with what it was taken, by whom, what it was before. Each
 * format is copied part by part, and only parts that are needed to show it are taken.
 * @returns undefined for a picture that is broken, or moves
 */
export function stripped(bytes: Uint8Array, mediaType: 'image/png' | 'image/jpeg' | 'image/webp'): Buffer | undefined {
  const picture = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (mediaType === 'image/png') return strippedPng(picture)
  return mediaType === 'image/jpeg' ? strippedJpeg(picture) : strippedWebp(picture)
}

/** Chunks that change what is seen (PNG, third edition, §11); text, time, colour profiles and animation are none. */
const PNG_CHUNKS: ReadonlySet<string> = new Set([
  'IHDR',
  'PLTE',
  'IDAT',
  'IEND',
  'tRNS',
  'gAMA',
  'cHRM',
  'sRGB',
  'cICP',
  'sBIT',
])

function strippedPng(picture: Buffer): Buffer | undefined {
  const kept = [picture.subarray(0, 8)]
  let pixels = 0
  for (let at = 8; at + 12 <= picture.length;) {
    const end = at + 12 + picture.readUInt32BE(at)
    const name = picture.toString('latin1', at + 4, at + 8)
    if (end > picture.length) return undefined
    if (name === 'IDAT') pixels += end - at - 12
    if (PNG_CHUNKS.has(name)) kept.push(picture.subarray(at, end))
    // whatever follows the end is no part of the picture
    if (name === 'IEND') return pixels > 0 ? Buffer.concat(kept) : undefined
    at = end
  }
  return undefined
}

const [SOI, EOI, SOS, APP0, APP1, APP14, COM] = [0xd8, 0xd9, 0xda, 0xe0, 0xe1, 0xee, 0xfe]

function strippedJpeg(picture: Buffer): Buffer | undefined {
  const kept = [picture.subarray(0, 2)]
  let [at, scans] = [2, 0]
  while (at + 4 <= picture.length) {
    if (picture[at] !== 0xff) return undefined
    const marker = picture[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1 // a marker may be preceded by any number of fill bytes
      continue
    }
    if (marker === SOI || marker === 0) return undefined
    if (marker === EOI) break
    const end = at + 2 + picture.readUInt16BE(at + 2)
    if (end > picture.length || end < at + 4) return undefined
    const segment = picture.subarray(at, end)
    if (marker === SOS) {
      const next = endOfScan(picture, end)
      kept.push(picture.subarray(at, next))
      scans += 1
      at = next
      continue
    }
    kept.push(...keptOfJpeg(marker, segment))
    at = end
  }
  // a picture whose end was cut off is shown as far as it goes; it gets the end that it lacks
  return scans > 0 ? Buffer.concat([...kept, Buffer.from([0xff, EOI])]) : undefined
}

/** JFIF without its thumbnail, Adobe's colours, which way up: of all that applications add, only these change what is seen. */
function keptOfJpeg(marker: number, segment: Buffer): readonly Buffer[] {
  const isApplication = marker >= APP0 && marker <= 0xef
  if (!isApplication && marker !== COM) return [segment]
  if (marker === APP0 && segment.toString('latin1', 4, 9) === 'JFIF\0' && segment.length >= 18) {
    const head = Buffer.from(segment.subarray(0, 18))
    head.writeUInt16BE(16, 2)
    head.writeUInt16BE(0, 16)
    return [head]
  }
  if (marker === APP14 && segment.toString('latin1', 4, 9) === 'Adobe')
    return [segment.subarray(0, 16)].filter((each) => each.readUInt16BE(2) === 14)
  if (marker === APP1 && segment.toString('latin1', 4, 10) === 'Exif\0\0') {
    const way = orientationIn(segment.subarray(10))
    return way === undefined ? [] : [exifOf(way)]
  }
  return []
}

/** Where the coded data of a scan end: at the next marker that is no escaped byte and no restart. */
function endOfScan(picture: Buffer, from: number): number {
  for (let at = from; ; at += 1) {
    at = picture.indexOf(0xff, at)
    if (at < 0 || at + 1 >= picture.length) return picture.length
    const next = picture[at + 1] ?? 0
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7) && next !== 0xff) return at
  }
}

/** Which way up a picture is held (TIFF 6.0, tag 274): 2 to 8; undefined where it is as it is. */
function orientationIn(tiff: Buffer): number | undefined {
  const order = tiff.toString('latin1', 0, 2)
  if (tiff.length < 14 || (order !== 'II' && order !== 'MM')) return undefined
  const word = (at: number) => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const start = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  if (start + 2 > tiff.length) return undefined
  const count = word(start)
  for (let entry = 0; entry < count && start + 14 + entry * 12 <= tiff.length; entry += 1) {
    const at = start + 2 + entry * 12
    if (word(at) !== 0x0112) continue
    const way = word(at + 8)
    return way >= 2 && way <= 8 ? way : undefined
  }
  return undefined
}

/** An Exif segment that says nothing but which way up. */
function exifOf(way: number): Buffer {
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex')
  tiff.writeUInt16BE(way, 18)
  const head = Buffer.from('ffe10000457869660000', 'hex')
  head.writeUInt16BE(8 + tiff.length, 2)
  return Buffer.concat([head, tiff])
}

/** Flags of VP8X (RFC 9649 §2.7.1) that stay: there is an alpha channel. */
const ALPHA = 0x10

function strippedWebp(picture: Buffer): Buffer | undefined {
  const kept: Buffer[] = []
  let hasPixels = false
  const whole = Math.min(picture.length, 8 + picture.readUInt32LE(4))
  for (let at = 12; at + 8 <= whole;) {
    const length = picture.readUInt32LE(at + 4)
    const end = at + 8 + length + (length % 2)
    if (at + 8 + length > whole) return undefined
    const name = picture.toString('latin1', at, at + 4)
    if (name === 'ANIM' || name === 'ANMF') return undefined
    const chunk = Buffer.from(picture.subarray(at, Math.min(end, whole)))
    if (name === 'VP8X' && length >= 10) chunk[8] = (chunk[8] ?? 0) & ALPHA
    if (name === 'VP8 ' || name === 'VP8L') hasPixels = true
    if (['VP8X', 'VP8 ', 'VP8L', 'ALPH'].includes(name))
      kept.push(chunk.length % 2 === 0 ? chunk : Buffer.concat([chunk, Buffer.alloc(1)]))
    at = end
  }
  if (!hasPixels) return undefined
  const body = Buffer.concat(kept)
  const head = Buffer.from(picture.subarray(0, 12))
  head.writeUInt32LE(4 + body.length, 4)
  return Buffer.concat([head, body])
}
