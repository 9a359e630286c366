import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Context } from '../context.ts'
import { BadRequestError, TrustGroupError } from '../errors.ts'
import { databaseFailure } from '../storage/database-failure.ts'
import type { Exchange } from './operation.ts'
import { type Operations, perform } from './perform.ts'
import { type WireError, type WireLine, WireReader } from './wire.ts'

/** The server's side of its socket. */
export interface AdminFace {
  readonly listener: RequestListener
  /** Resolves when no operation runs, at the latest after `maxMillis`. */
  idle(maxMillis: number): Promise<void>
}

/**
 * Answers POST /<operation>: the first line of the body holds the arguments as JSON, what follows are bytes for the
 * operation. Whoever can open the socket is the server's own user, who could open the database as well.
 */
export function adminFace(context: Context, operations?: Operations): AdminFace {
  const running = new Set<Promise<void>>()
  return {
    listener: (request, response) => {
      const served = serve(context, request, response, operations).finally(() => running.delete(served))
      running.add(served)
    },
    idle: async (maxMillis) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, maxMillis)
      await Promise.race([Promise.all(running), promise])
      clearTimeout(timer)
    },
  }
}

async function serve(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  operations: Operations | undefined,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  response.on('error', () => gone.abort())
  response.setHeader('Content-Type', 'application/x-ndjson')
  response.setHeader('Connection', 'close')
  const say = (line: WireLine) => response.write(`${JSON.stringify(line)}\n`)
  try {
    const reader = new WireReader(request)
    const args = parseArgs(await reader.line())
    const exchange: Exchange = {
      body: reader.rest(),
      signal: gone.signal,
      progress: (state) => void say({ progress: state }),
      write: async (bytes) => {
        say({ bytes: bytes.length })
        if (!response.write(bytes)) await room(response, gone.signal)
      },
    }
    const result = await perform(context, (request.url ?? '/').slice(1), args, exchange, operations)
    say({ result: result ?? null })
  } catch (error) {
    const refusal = wireError(context, error)
    if (!response.headersSent) response.statusCode = refusal.status
    say({ error: refusal })
  }
  response.end()
  // what the caller still sends is read away: closing on it would throw away the answer as well
  request.on('error', () => undefined)
  request.resume()
}

function parseArgs(line: string | undefined): unknown {
  try {
    return JSON.parse(line === undefined || line.trim() === '' ? '{}' : line)
  } catch {
    throw new BadRequestError('not_json', 'the first line of the body must be the arguments as JSON')
  }
}

async function room(response: ServerResponse, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  response.once('drain', resolve)
  signal.addEventListener('abort', () => resolve(), { once: true })
  await promise
  signal.throwIfAborted()
}

function wireError(context: Context, error: unknown): WireError {
  const known = error instanceof TrustGroupError ? error : databaseFailure(error)
  if (known) return { code: known.code, message: known.message, status: known.status }
  const errorId = randomUUID()
  context.log.error({ error_id: errorId, err: error }, 'an operation failed')
  const message = `this is a fault of the server: its log has the details under error_id ${errorId}`
  return { code: 'internal', message, status: 500 }
}
