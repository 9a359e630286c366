import { crc32, deflateSync } from 'node:zlib'

/** A whole PNG of one colour, as a program that draws would write it. */
export function pngOf(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, 0x80)])
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}

/** The start of a JPEG: fill bytes, an application segment, then the frame header. */
export function jpegHead(width: number, height: number): Buffer {
  const frame = Buffer.alloc(11)
  frame.set([0xff, 0xc2, 0, 17, 8])
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  return Buffer.concat([Buffer.from('ffd8ffffe00010', 'hex'), Buffer.alloc(14), frame, Buffer.alloc(20)])
}

/** The start of a WebP picture in each of its three forms (RFC 9649 §2.5 to §2.7). */
export function webpHead(form: 'VP8 ' | 'VP8L' | 'VP8X', width: number, height: number): Buffer {
  const picture = Buffer.alloc(40)
  picture.write('RIFF', 0)
  picture.write('WEBP', 8)
  picture.write(form, 12)
  if (form === 'VP8 ') {
    picture.writeUInt16LE(width, 26)
    picture.writeUInt16LE(height, 28)
  } else if (form === 'VP8L') {
    picture[20] = 0x2f
    picture.writeUInt32LE(((width - 1) | ((height - 1) << 14)) >>> 0, 21)
  } else {
    picture.writeUIntLE(width - 1, 24, 3)
    picture.writeUIntLE(height - 1, 27, 3)
  }
  return picture
}
