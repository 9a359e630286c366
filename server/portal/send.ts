import { once } from 'node:events'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { Request, Response } from 'express'
import type { Answer, Download } from './answer.ts'
import { frame } from './frame.ts'
import { hasSessionChanged } from './session-changes.ts'
import { siteWarnings } from './site-warnings.ts'
import type { OpenVisit } from './visit.ts'

/** Writes an answer. */
export async function send(visit: OpenVisit, answer: Answer): Promise<void> {
  const { response } = visit
  if (answer.kind === 'sent') return
  if (answer.kind === 'see-other') {
    await saved(visit)
    response.writeHead(303, { Location: answer.path }).end()
    return
  }
  if (answer.kind === 'download') {
    await sendDownload(response, answer)
    return
  }
  const text = frame(visit, answer, await siteWarnings(visit)).text
  await saved(visit)
  await sendText(response, answer.status ?? 200, text)
}

/** The session is in the database before the answer leaves: the next request may come to another process. */
async function saved({ session, request }: OpenVisit): Promise<void> {
  if (!hasSessionChanged(request)) return
  const { accountNo, pending, outside, challenge } = session
  if (accountNo === undefined && !pending && !outside && !challenge) return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  session.save((error: unknown) => (error ? reject(asError(error)) : resolve()))
  await promise
}

/** Below this a page fits into one packet either way. */
const MIN_PACKED = 1024
const pack = promisify(gzip)
/** Most pages are packed well; a table of hundreds of rows is packed fast, or that would be the dearest part of it. */
const LONG = 32_768
const FAST = { level: constants.Z_BEST_SPEED + 1 }
const WELL = { level: constants.Z_BEST_COMPRESSION }

/** A page as text, compressed where that is safe. */
export async function sendText(response: Response, status: number, text: string): Promise<void> {
  const plain = Buffer.from(text)
  const packed = plain.length > MIN_PACKED && mayPack(response.req)
  const bytes = packed ? await pack(plain, plain.length > LONG ? FAST : WELL) : plain
  response.setHeader('Vary', 'Accept-Encoding, Sec-Fetch-Site')
  if (packed) response.setHeader('Content-Encoding', 'gzip')
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': bytes.length }).end(bytes)
}

/**
 * Pages hold secrets next to what the asker may have put into the address: their compressed length says something about
 * both (BREACH). So they are compressed only for a visitor who came by themselves or from a page of ours: another site
 * that makes a browser ask cannot hide that it did (Fetch Metadata), and browsers that say nothing get plain pages.
 */
function mayPack(request: Request): boolean {
  const site = request.headers['sec-fetch-site']
  return (site === 'same-origin' || site === 'none') && request.acceptsEncodings('gzip') === 'gzip'
}

async function sendDownload(response: Response, { name, mediaType, chunks }: Download): Promise<void> {
  response.writeHead(200, {
    'Content-Type': mediaType,
    'Content-Disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}"`,
  })
  for await (const chunk of chunks) {
    if (!response.write(chunk)) await once(response, 'drain')
  }
  response.end()
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
