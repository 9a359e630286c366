import { once } from 'node:events'
import type { Response } from 'express'
import type { Answer, Download } from './answer.ts'
import { frame } from './frame.ts'
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
  const text = frame(visit, answer).text
  await saved(visit)
  sendText(response, answer.status ?? 200, text)
}

/** The session is in the database before the answer leaves: the next request may come to another process. */
async function saved({ session }: OpenVisit): Promise<void> {
  if (session.accountNo === undefined && session.pending === undefined && session.outside === undefined) return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  session.save((error: unknown) => (error ? reject(asError(error)) : resolve()))
  await promise
}

/** A page as text. */
export function sendText(response: Response, status: number, text: string): void {
  const bytes = Buffer.from(text)
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': bytes.length }).end(bytes)
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
