import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { BrokenInputError } from './import-found.ts'

const GZIP_MAGIC = [0x1f, 0x8b]

/** The bytes as they were before gzip, when they begin like gzip (RFC 1952 §2.3.1), else as they are. */
export async function* unpack(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, void> {
  const chunks = source[Symbol.asyncIterator]()
  try {
    const head = await headOf(chunks)
    const whole = following(head, chunks)
    if (head[0] === GZIP_MAGIC[0] && head[1] === GZIP_MAGIC[1]) yield* gunzip(whole)
    else yield* whole
  } finally {
    await chunks.return?.()
  }
}

/** At least two bytes, unless there are none. */
async function headOf(chunks: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0)
  while (head.length < 2) {
    const step = await chunks.next()
    if (step.done === true) break
    head = Buffer.concat([head, step.value])
  }
  return head
}

async function* following(head: Buffer, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer, void, void> {
  if (head.length > 0) yield head
  for (;;) {
    const step = await chunks.next()
    if (step.done === true) return
    yield Buffer.from(step.value.buffer, step.value.byteOffset, step.value.byteLength)
  }
}

async function* gunzip(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  const unpacked = createGunzip({ chunkSize: 256 * 1024 })
  // the callback is told what the reader below gets thrown as well
  pipeline(Readable.from(packed, { objectMode: true, highWaterMark: 1 }), unpacked, () => undefined)
  let bytes = 0
  try {
    for await (const chunk of unpacked) {
      const part: Buffer = chunk
      bytes += part.length
      yield part
    }
  } catch (error) {
    const isZlib = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
    if (!isZlib) throw error
    throw new BrokenInputError('the gzip data is broken or ends too early', 0, bytes)
  }
}
