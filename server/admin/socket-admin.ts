import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { UnavailableError } from '../errors.ts'
import { type Admin, adminFrom, type Perform } from './admin.ts'
import type { ProgressState } from './operation.ts'
import { parseWireLine, RemoteError, WireReader } from './wire.ts'

/** Has the operations done by the server behind a socket. */
export function socketAdmin(socketPath: string): Admin {
  return adminFrom('socket', (wanted) => askServer(socketPath, wanted))
}

async function askServer(socketPath: string, wanted: Parameters<Perform>[0]): Promise<unknown> {
  const asking = request({ socketPath, path: `/${wanted.name}`, method: 'POST', agent: false })
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  asking.on('response', resolve)
  asking.on('error', reject)
  let failed: unknown
  const sending = send(asking, wanted).catch((error: unknown) => {
    failed ??= error
    asking.destroy()
  })
  try {
    return await readAnswer(await promise, wanted)
  } catch (error) {
    if (error instanceof RemoteError) throw error
    if (failed !== undefined) throw failed
    if (!isLost(error)) throw error
    throw new UnavailableError('the running server went away before it had answered: look into its log and try again')
  } finally {
    asking.destroy()
    await sending
  }
}

async function send(asking: ClientRequest, { args, body }: Parameters<Perform>[0]): Promise<void> {
  asking.write(`${JSON.stringify(args)}\n`)
  if (body) {
    for await (const bytes of body) {
      // the server has said its last word, or is gone
      if (asking.destroyed) return
      if (!asking.write(bytes)) await roomOrEnd(asking)
    }
  }
  asking.end()
}

async function roomOrEnd(asking: ClientRequest): Promise<void> {
  if (asking.destroyed) return
  const { promise, resolve } = Promise.withResolvers<void>()
  asking.once('drain', resolve)
  asking.once('close', resolve)
  await promise
  asking.off('drain', resolve)
  asking.off('close', resolve)
}

async function readAnswer(response: IncomingMessage, wanted: Parameters<Perform>[0]): Promise<unknown> {
  const reader = new WireReader(response)
  for (;;) {
    const text = await reader.line()
    if (text === undefined) throw new UnavailableError('the running server ended its answer early: look into its log')
    const line = parseWireLine(text)
    if ('result' in line) return line.result
    if ('error' in line) throw new RemoteError(line.error)
    if ('bytes' in line) for await (const bytes of reader.take(line.bytes)) await wanted.write(bytes)
    else if (isProgress(line.progress)) wanted.onProgress(line.progress)
  }
}

function isProgress(value: unknown): value is ProgressState {
  return typeof value === 'object' && value !== null && 'done' in value && typeof value.done === 'number'
}

/** The connection broke, as opposed to: writing what came failed. */
function isLost(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ECONNRESET' || code === 'ECONNREFUSED' || code === 'EPIPE' || code === 'ENOENT'
}
