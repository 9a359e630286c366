import { chmod } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import type { Context } from '../context.ts'
import { converse } from './conversation.ts'
import { makeDirectory } from './directory.ts'
import { clearSocketPath } from './socket-file.ts'

/** Answers slapd until it is closed. */
export interface DirectoryListener {
  /** Lets running answers finish for some seconds, and removes the socket. */
  close(): Promise<void>
}

/** slapd has 16 threads, so it asks 16 things at a time; more than this is not slapd. */
const MAX_CONNECTIONS = 256
const CLOSE_MILLIS = 5_000

/**
 * Serves members and groups to slapd's back-sock on a Unix socket, which its owner and its group may open: whoever can open
 * it is slapd, and is believed about who has bound.
 * @returns undefined when no directory is configured
 * @throws {ConflictError} when something is in the way of the socket
 */
export async function startDirectory(context: Context): Promise<DirectoryListener | undefined> {
  const { socket: path, suffix } = context.config.directory
  if (path === undefined || suffix === undefined) return undefined
  await clearSocketPath(path)
  const directory = makeDirectory(context, suffix)
  const open = new Set<Socket>()
  // slapd never closes its half first, and whoever does still wants the answer
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    converse(directory, socket).catch((error: unknown) => {
      context.log.error({ err: error }, 'an answer of the directory failed')
      socket.destroy()
    })
  })
  server.maxConnections = MAX_CONNECTIONS
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(path, resolve)
  await promise
  server.off('error', reject)
  await chmod(path, 0o660)
  return {
    close: async () => {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      const cut = setTimeout(() => {
        for (const socket of open) socket.destroy()
      }, CLOSE_MILLIS)
      await closed.promise
      clearTimeout(cut)
    },
  }
}
