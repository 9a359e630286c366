import { createServer } from 'node:net'

/** Ports that are tried after the first: who has more of them taken wants to choose one. */
const TRIES = 20

/** The first port from `port` on that nobody listens on; `port` itself when all are taken, for its error to be told. */
export async function freePort(port: number, host: string): Promise<number> {
  for (let candidate = port; candidate < port + TRIES && candidate <= 65_535; candidate += 1) {
    if (await isFree(candidate, host)) return candidate
  }
  return port
}

async function isFree(port: number, host: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.on('error', () => resolve(false))
  server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  return await promise
}
