import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type ServerOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, TLSSocket, type ConnectionOptions } from 'node:tls'
import type { Config } from '../../server/config/schema.ts'
import { verifiedClientCertificate } from '../../server/tls/client-certificate.ts'

/** A folder that goes away with the test. */
export function temporaryFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'vouchsafe-tls-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

/** Writes the texts into the folder and names them as the TLS part of a configuration. */
export function tlsConfig(folder: string, texts: Readonly<Record<string, string>>): Pick<Config, 'tls'> {
  const paths = Object.entries(texts).map(([key, text]) => {
    const path = join(folder, key)
    writeFileSync(path, text)
    return [key, path] as const
  })
  return { tls: { selfSigned: false, ...Object.fromEntries(paths) } }
}

/** What the server thinks of its client. */
export interface Seen {
  readonly authorized: boolean
  readonly error: string | null
  /** Common name of the verified client certificate. */
  readonly verified: string | null
  readonly resumed: boolean
}

/** A server on a free port that tells each client in one line of JSON what it sees. */
export interface TestServer extends AsyncDisposable {
  readonly server: Server
  readonly port: number
}

/** Starts the server. */
export async function startServer(options: ServerOptions): Promise<TestServer> {
  const server = createServer(options, (request, response) => {
    const { socket } = request
    if (!(socket instanceof TLSSocket)) throw new Error('not TLS')
    const seen: Seen = {
      authorized: socket.authorized,
      // an Error by its type, a code at run time
      error: socket.authorizationError ? String(socket.authorizationError) : null,
      verified: String(verifiedClientCertificate(socket)?.subject.CN ?? '') || null,
      resumed: socket.isSessionReused(),
    }
    response.end(`${JSON.stringify(seen)}\n`)
  })
  server.on('tlsClientError', () => undefined) // the refusals that the tests look at from the client's side
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    server,
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** What a client got from one connection. */
export interface Talk {
  readonly protocol: string | null
  readonly cipher: string
  readonly seen: Seen
  /** The last session ticket, for resumption. */
  readonly session: Buffer | undefined
}

/**
 * Connects, asks once and closes.
 * @throws the TLS error that the client saw
 */
export async function talk(port: number, options: ConnectionOptions = {}): Promise<Talk> {
  let session: Buffer | undefined
  // the tests of the server's side: what the client thinks of the certificate is checked where `ca` is given
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false, ...options })
  socket.on('session', (ticket) => (session = ticket))
  try {
    await once(socket, 'secureConnect')
    const protocol = socket.getProtocol()
    const cipher = socket.getCipher().name
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    let answer = ''
    for await (const part of socket) answer += String(part)
    if (!answer.includes('{')) throw new Error('the server closed the connection without an answer')
    const body = answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)
    return { protocol, cipher, seen: JSON.parse(body), session }
  } finally {
    socket.destroy()
  }
}
