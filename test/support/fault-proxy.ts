import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What stands between the server and its database. */
export interface FaultProxy extends AsyncDisposable {
  /** The address of the database, by way of the proxy. */
  readonly url: string
  /** Ends every connection under way with a reset; new ones are taken. */
  cut(): void
  /** Takes no more connections, as a database does that is not there, and cuts those under way. */
  refuse(): Promise<void>
  /** Holds back all bytes in both directions, without closing anything. */
  stall(): void
  /** Lets everything through again. */
  resume(): Promise<void>
  /** Called with each chunk from the server to the database, before it goes on. */
  onRequest: ((chunk: Buffer) => void) | undefined
  /** Connections that are open now. */
  connections(): number
}

/** A TCP proxy on the loopback in front of the database at `target`. */
export async function faultProxy(target: string): Promise<FaultProxy> {
  const upstream = new URL(target)
  const pairs = new Set<readonly [Socket, Socket]>()
  let isStalled = false

  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy()
    pairs.clear()
  }
  const server = createServer((client) => {
    const database = connect(Number(upstream.port || 5432), upstream.hostname)
    const pair = [client, database] as const
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      client.destroy()
      database.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    client.on('data', (chunk) => {
      proxy.onRequest?.(chunk)
      database.write(chunk)
    })
    database.on('data', (chunk) => client.write(chunk))
    if (isStalled) for (const socket of pair) socket.pause()
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String(port)

  const proxy: FaultProxy = {
    url: url.href,
    onRequest: undefined,
    cut,
    connections: () => pairs.size,
    refuse: async () => {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
    },
    stall: () => {
      isStalled = true
      for (const pair of pairs) for (const socket of pair) socket.pause()
    },
    resume: async () => {
      isStalled = false
      for (const pair of pairs) for (const socket of pair) socket.resume()
      if (!server.listening) await listen(port)
    },
    [Symbol.asyncDispose]: async () => {
      await proxy.refuse()
    },
  }
  return proxy
}
