import type { Request } from 'express'
import { BadRequestError, UnsupportedMediaTypeError } from '../errors.ts'
import { readBody } from '../read-body.ts'
import { readJson } from '../read-json.ts'

/** Settings and names; nothing that the API takes is larger. */
const LIMITS = { maxContentLength: 65_536, maxUnpackedLength: 65_536 }

/**
 * The JSON body of a call.
 * @throws {UnsupportedMediaTypeError} for any other media type, {BadRequestError} for what is no JSON
 */
export async function readBodyOf(request: Request): Promise<unknown> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw new UnsupportedMediaTypeError('send Content-Type: application/json')
  const body = readJson(await readBody(request, LIMITS), '')
  if (!body.ok) throw new BadRequestError(body.problem.code, body.problem.message)
  return body.read.value
}
