import { constants, crc32, deflateRaw, inflateRawSync } from 'node:zlib'
import { promisify } from 'node:util'
import type { RawRow } from './row-reader.ts'

/**
 * A page of objects without its end: `{"objects":[…`. The end (`],"more":true,"next":"…"}`) is of one's own for each
 * caller, so the rest can be shared.
 */
export interface Page {
  readonly count: number
  /** `date_added` of the first and the last object, in microseconds; undefined when there are none. */
  readonly first: number | undefined
  readonly last: number | undefined
  readonly more: boolean
  readonly start: PlainStart | SealedStart
}

/** Uncompressed bytes. */
export interface PlainStart {
  readonly encoding: 'identity'
  readonly bytes: Buffer
}

/** A gzip header and deflate blocks that end on a byte border and are not the last. */
export interface SealedStart {
  readonly encoding: 'gzip'
  readonly bytes: Buffer
  /** CRC-32 of the unpacked bytes. */
  readonly crc: number
  /** Of the unpacked bytes. */
  readonly size: number
}

/** RFC 1952 §2.3: magic, deflate, no flags, no time, no extra flags, unknown system. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff])

const deflate = promisify(deflateRaw)

/** Compresses a page's start so that any end can follow it in the same gzip member (RFC 1951 §3.2.4: stored block). */
export async function seal(start: Buffer): Promise<SealedStart> {
  const blocks = await deflate(start, { level: 6, finishFlush: constants.Z_SYNC_FLUSH })
  return { encoding: 'gzip', bytes: Buffer.concat([GZIP_HEADER, blocks]), crc: crc32(start), size: start.length }
}

/** The way back: the plain bytes of a sealed start. */
export function unseal(start: SealedStart): PlainStart {
  const bytes = inflateRawSync(start.bytes.subarray(GZIP_HEADER.length), { finishFlush: constants.Z_SYNC_FLUSH })
  return { encoding: 'identity', bytes }
}

/**
 * The last bytes of a gzip member that began with a sealed start: the end as one stored block, then checksum and length
 * of the whole. The end is never compressed together with content, so its size tells nothing about it.
 */
export function gzipEnd(start: SealedStart, end: Buffer): Buffer {
  const out = Buffer.allocUnsafe(end.length + 13)
  out.writeUInt8(1, 0) // last block, stored
  out.writeUInt16LE(end.length, 1)
  out.writeUInt16LE(~end.length & 0xffff, 3)
  end.copy(out, 5)
  out.writeUInt32LE(crc32(end, start.crc), 5 + end.length)
  out.writeUInt32LE((start.size + end.length) >>> 0, 9 + end.length)
  return out
}

const OPEN = Buffer.from('{"objects":[')
const COMMA = 0x2c

/** Room for what a poll finds most often, and for a page of 1,000: growing from one to the other by doubling costs 1 ms. */
const FEW = 16_384
const MANY = 1_310_720

/** Collects a page from raw rows of (date, body), without decoding any body. */
export class PageBuilder {
  readonly #limit: number
  #bytes: Buffer
  #length: number
  #count = 0
  #first: number | undefined
  #last: number | undefined
  #more = false

  /** @param limit objects at most; a further row only says that there is more */
  constructor(limit: number) {
    this.#limit = limit
    this.#bytes = Buffer.allocUnsafe(FEW)
    this.#length = OPEN.copy(this.#bytes)
  }

  readonly add = (row: RawRow): void => {
    if (this.#count === this.#limit) {
      this.#more = true
      return
    }
    this.#reserve(row.length(1) + 1)
    if (this.#count > 0) this.#bytes[this.#length++] = COMMA
    this.#length = row.copy(1, this.#bytes, this.#length)
    this.#count += 1
    this.#last = row.int8(0)
    this.#first ??= this.#last
  }

  page(): Page {
    return {
      count: this.#count,
      first: this.#first,
      last: this.#last,
      more: this.#more,
      start: { encoding: 'identity', bytes: this.#bytes.subarray(0, this.#length) },
    }
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(MANY, this.#bytes.length * 2, this.#length + bytes))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}
