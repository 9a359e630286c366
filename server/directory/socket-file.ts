import { lstat, unlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { ConflictError } from '../errors.ts'

/**
 * Makes way for a socket: one that a process left behind when it was killed is removed.
 * @throws {ConflictError} when somebody answers there, or the path is something else than a socket
 */
export async function clearSocketPath(path: string): Promise<void> {
  const stats = await lstat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (!stats) return
  if (!stats.isSocket()) {
    throw new ConflictError(
      'not_a_socket',
      `directory.socket: ${path} is something else than a socket: name another path`,
    )
  }
  if (await answers(path)) {
    throw new ConflictError('socket_taken', `directory.socket: another process answers at ${path} already`)
  }
  await unlink(path)
}

async function answers(path: string): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  const asking = connect(path)
  asking.on('connect', () => resolve(true))
  asking.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false)
    else reject(error)
  })
  try {
    return await promise
  } finally {
    asking.destroy()
  }
}
