import { connect } from 'node:net'

/** What came back over a bare connection. */
export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  readonly status: number
  readonly head: string
  readonly body: string
}

/**
 * Sends bytes as they are over a connection of its own, and reads one answer: what no HTTP client would send.
 * @param url address of the server
 * @param chunks written one after the other, as long as the other side takes them
 */
export async function raw(url: string, chunks: Iterable<string | Uint8Array>, seconds = 20): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const { promise, resolve } = Promise.withResolvers<void>()
  let received = Buffer.alloc(0)
  socket.on('data', (data) => {
    received = Buffer.concat([received, data])
    if (isComplete(received)) resolve()
  })
  // a server that refuses may reset the connection while we still write
  socket.on('error', () => resolve()).on('close', () => resolve())
  socket.setTimeout(seconds * 1000, () => resolve())
  const write = async () => {
    for (const chunk of chunks) {
      if (socket.destroyed || isComplete(received)) return
      if (!socket.write(chunk)) await Promise.race([new Promise((done) => socket.once('drain', done)), promise])
    }
  }
  await Promise.all([write(), promise])
  socket.destroy()
  return parse(received)
}

function isComplete(received: Buffer): boolean {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = /^content-length: *(\d+)/im.exec(received.subarray(0, end).toString('latin1'))?.[1]
  return length !== undefined && received.length >= end + 4 + Number(length)
}

function parse(received: Buffer): RawAnswer {
  const text = received.toString()
  const [head = '', ...rest] = text.split('\r\n\r\n')
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body: rest.join('\r\n\r\n') }
}
