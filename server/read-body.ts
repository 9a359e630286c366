import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { BadRequestError, TooLargeError, UnsupportedMediaTypeError } from './errors.ts'

const inflate = promisify(gunzip)

/** How large a body may be: as sent (`max_content_length`, TAXII 2.1 §4.2.1) and unpacked. */
export interface BodyLimits {
  readonly maxContentLength: number
  readonly maxUnpackedLength: number
}

/**
 * Collects a request's body, unpacked when it is gzip. Both limits hold for declared and for chunked lengths, and the
 * unpacked one while unpacking, so a bomb is never unfolded.
 * @throws {TooLargeError} above a limit
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Uint8Array> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new UnsupportedMediaTypeError('the content encoding must be gzip, or none')
  }
  const sent = await collect(request, limits.maxContentLength)
  if (encoding === 'identity') return sent
  try {
    return await inflate(sent, { maxOutputLength: limits.maxUnpackedLength })
  } catch (error) {
    if (error instanceof RangeError) {
      throw new TooLargeError(`the body unpacks to more than ${limits.maxUnpackedLength} bytes: send fewer objects`)
    }
    throw new BadRequestError('not_gzip', 'the body is not gzip, though Content-Encoding says so')
  }
}

async function collect(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => new TooLargeError(`the body is larger than ${maxBytes} bytes: send fewer objects`)
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    discard(request, maxBytes)
    throw tooLarge()
  }
  const chunks: Buffer[] = []
  let length = 0
  try {
    // the request is not destroyed on refusal: the client must be able to read the answer
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('a request body is read as bytes')
      length += chunk.length
      if (length > maxBytes) {
        discard(request, maxBytes)
        throw tooLarge()
      }
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET') {
      throw new BadRequestError('incomplete', 'the body ended before it was complete')
    }
    throw error
  }
  return Buffer.concat(chunks, length)
}

/** A client on the same machine sends this much before it looks whether there is an answer. */
const LEAST_DRAINED = 64 * 1024 ** 2

/**
 * Lets the rest of a refused body come and forgets it: a connection that is closed while the client still writes is
 * reset, and the client never reads why. What is longer still, or slow (`limits.request_seconds`), is cut.
 */
function discard(request: IncomingMessage, maxBytes: number): void {
  let left = Math.max(maxBytes * 10, LEAST_DRAINED)
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) request.destroy()
  })
  request.on('error', () => undefined) // it was refused already
}
