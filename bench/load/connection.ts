import { connect, type Socket } from 'node:net'

/** A request as bytes, and how to see that its answer is right. */
export interface Prepared {
  readonly bytes: readonly Uint8Array[]
  readonly status: number
  readonly length: number | undefined
}

const HEAD_END = Buffer.from('\r\n\r\n')
const MAX_HEAD = 16_384

/**
 * One keep-alive connection that drains answers without parsing them: two cores carry server, database and load, and
 * Node's own client would take as much of them as the server. It understands Content-Length only.
 */
export class Connection {
  readonly #socket: Socket
  #head: Buffer = Buffer.alloc(0)
  #left = -1
  #length = 0
  #expected: Prepared | undefined
  #answered = Promise.withResolvers<number>()

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', (chunk) => this.#take(chunk))
    this.#socket.on('error', (error) => this.#answered.reject(error))
    this.#socket.on('close', () => this.#answered.reject(new Error('the server closed the connection')))
    this.#answered.promise.catch(() => undefined)
  }

  /** Sends a request; resolves with the length of the answer's body when all of it has come. */
  send(request: Prepared): Promise<number> {
    this.#expected = request
    this.#answered = Promise.withResolvers()
    this.#left = -1
    this.#head = Buffer.alloc(0)
    this.#socket.cork()
    for (const part of request.bytes) this.#socket.write(part)
    this.#socket.uncork()
    return this.#answered.promise
  }

  close(): void {
    this.#answered.promise.catch(() => undefined)
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    if (this.#left < 0) this.#readHead(chunk)
    else this.#left -= chunk.length
    if (this.#left === 0) this.#answered.resolve(this.#length)
  }

  #readHead(chunk: Buffer): void {
    this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
    const end = this.#head.indexOf(HEAD_END)
    if (end < 0) {
      if (this.#head.length > MAX_HEAD) this.#answered.reject(new Error('an answer without an end of its head'))
      return
    }
    const head = this.#head.toString('latin1', 0, end)
    const status = Number(head.slice(9, 12))
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
    const wanted = this.#expected
    if (length === undefined) return this.#answered.reject(new Error(`an answer without Content-Length:\n${head}`))
    if (status !== wanted?.status || (wanted.length !== undefined && Number(length) !== wanted.length)) {
      return this.#answered.reject(
        new Error(`wrong answer: ${status} with ${length} bytes, expected ${wanted?.status} with ${wanted?.length}`),
      )
    }
    this.#length = Number(length)
    this.#left = this.#length - (this.#head.length - end - HEAD_END.length)
  }
}
