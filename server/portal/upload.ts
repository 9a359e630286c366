import type { IncomingMessage } from 'node:http'
import { BadRequestError, TooLargeError } from '../errors.ts'

/** A form with files, all of it. */
const MAX_UPLOAD = 256 * 1024
/** Read and thrown away, so that the sender gets an answer and not a connection that broke; more is cut off. */
const MAX_WASTE = 16 * 1024 * 1024
const MAX_PARTS = 50

/** A form that was sent with files. */
export interface Upload {
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** Bytes by the name of the field; a field that was left empty is not here. Names of files are not kept. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** Whether the body is a form with files. */
export function isUpload({ headers }: IncomingMessage): boolean {
  return /^multipart\/form-data\s*;/i.test(headers['content-type'] ?? '')
}

/**
 * Reads a form with files (multipart/form-data, RFC 7578) into memory.
 * @throws {TooLargeError} for more than 256 KiB, {BadRequestError} for what is no such form
 */
export async function readUpload(request: IncomingMessage): Promise<Upload> {
  const bytes = await bodyOf(request)
  const parts = await partsOf(bytes, request.headers['content-type'] ?? '')
  const fields: (readonly [string, string])[] = []
  const files = new Map<string, Uint8Array>()
  for (const [name, value] of parts) {
    if (typeof value === 'string') fields.push([name, value])
    else if (value.size > 0) files.set(name, new Uint8Array(await value.arrayBuffer()))
  }
  return { fields, files }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) throw new BadRequestError('bad_form', 'send the form of this page')
    length += chunk.length
    if (length <= MAX_UPLOAD) chunks.push(chunk)
    else chunks.length = 0
    if (length > MAX_WASTE) break
  }
  if (length > MAX_UPLOAD) throw new TooLargeError('what was sent is larger than 256 KiB')
  return Buffer.concat(chunks)
}

async function partsOf(bytes: Buffer, type: string) {
  try {
    // the parser of Node itself: the body is bounded above
    const parts = [...(await new Response(new Uint8Array(bytes), { headers: { 'Content-Type': type } }).formData())]
    if (parts.length <= MAX_PARTS) return parts
  } catch {
    // says nothing that the sender could use
  }
  throw new BadRequestError('bad_form', 'send the form of this page')
}
