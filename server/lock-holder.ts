import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { ForbiddenError } from './errors.ts'

/** The process that has a data folder open. */
export interface Holder {
  /** Undefined when it does not answer. */
  readonly pid?: number | undefined
  /** Whether it does work for others: a server does, a command does not. */
  readonly serves: boolean
}

/** What a socket said: its process has the folder, had to give way, or is no more. */
export type Asked =
  { readonly state: 'held'; readonly holder: Holder } | { readonly state: 'stepped back' } | { readonly state: 'dead' }

/** A process that lives answers within milliseconds; one that was stopped by a debugger never does, and still holds. */
const PATIENCE_MILLIS = 5_000

/**
 * Asks the process behind a socket whether it has the folder. While that is not decided yet, it waits for the answer.
 * @param hurry `without waiting`: any process that lives counts as one that holds
 * @throws {ForbiddenError} when the socket belongs to another user
 */
export async function askHolder(socketPath: string, hurry?: 'without waiting'): Promise<Asked> {
  const { promise, resolve, reject } = Promise.withResolvers<Asked>()
  const asking = request({ socketPath, path: '/', agent: false, timeout: PATIENCE_MILLIS })
  const silent: Asked = { state: 'held', holder: { serves: false } }
  asking.on('timeout', () => resolve(silent))
  asking.on('response', (response) => {
    text(response).then(
      (body) => resolve({ state: 'held', holder: holderOf(body) }),
      () => resolve({ state: 'stepped back' }),
    )
  })
  if (hurry) {
    asking.on('socket', (socket) => socket.on('connect', () => resolve(silent)))
  }
  asking.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve({ state: 'dead' })
    else if (error.code === 'EACCES' || error.code === 'EPERM') {
      reject(new ForbiddenError(`${socketPath} belongs to another user: run this command as the user of the server`))
    } else if (error.code === 'EAGAIN')
      resolve(silent) // so many wait that there is no room for one more
    else resolve({ state: 'stepped back' })
  })
  asking.end()
  try {
    return await promise
  } finally {
    asking.destroy()
  }
}

function holderOf(body: string): Holder {
  const value: unknown = JSON.parse(body)
  if (typeof value !== 'object' || value === null) return { serves: false }
  const pid = 'pid' in value && typeof value.pid === 'number' ? value.pid : undefined
  return { pid, serves: 'serves' in value && value.serves === true }
}
