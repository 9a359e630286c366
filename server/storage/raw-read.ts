import type { Statement } from './database.ts'
import type { OnRow } from './row-reader.ts'

/** PostgreSQL's message codes (protocol 3.0) that matter here. */
const CODE = { error: 0x45, ready: 0x5a, row: 0x44, parsed: 0x31 } as const
/** ParameterStatus, NoticeResponse, NotificationResponse: they may come at any moment and belong to node-pg. */
const OUT_OF_BAND: ReadonlySet<number> = new Set([0x53, 0x4e, 0x41])
/** A message's code and length. */
const HEAD = 5

type OnData = (chunk: Buffer) => void

/** The part of node-pg's connection that a submitted query uses (pg is pinned; row-reader.test.ts watches each). */
interface Connection {
  readonly stream: {
    listeners(event: 'data'): readonly unknown[]
    on(event: 'data', listener: OnData): void
    off(event: 'data', listener: OnData): void
    cork(): void
    uncork(): void
  }
  parse(query: { name: string; text: string; types: readonly number[] }): void
  bind(query: { statement: string; values: readonly string[]; binary: boolean }): void
  execute(query: { rows: number }): void
  sync(): void
}

/** Statements that a connection knows already. */
const prepared = new WeakMap<Connection, Set<string>>()

/**
 * One prepared read whose columns stay bytes. It listens in node-pg's place from its first message to the end of its
 * rows, then hands everything that follows (errors, ReadyForQuery) back, so node-pg's own state stays right.
 */
export class RawRead {
  readonly #statement: Statement
  readonly #values: readonly string[]
  readonly #onRow: OnRow
  readonly #settled = Promise.withResolvers<void>()
  #connection!: Connection
  #theirs!: OnData
  #kept: Buffer[] = []
  #length = 0
  #wanted = HEAD

  constructor(statement: Statement, values: readonly string[], onRow: OnRow) {
    this.#statement = statement
    this.#values = values
    this.#onRow = onRow
  }

  /** Fulfilled after the last row; rejected with the database's error. */
  get done(): Promise<void> {
    return this.#settled.promise
  }

  /** Called by node-pg when it is this query's turn. */
  submit(given: unknown): void {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- node-pg's own type hides what is used here
    const connection = given as Connection
    this.#connection = connection
    const [listener] = connection.stream.listeners('data')
    this.#theirs = listener as OnData // node-pg's parser: the only listener it attaches
    connection.stream.off('data', this.#theirs)
    connection.stream.on('data', this.#take)
    connection.stream.cork()
    const { name, text } = this.#statement
    if (!prepared.get(connection)?.has(name)) connection.parse({ name, text, types: [] })
    connection.bind({ statement: name, values: this.#values, binary: true })
    connection.execute({ rows: 0 })
    connection.sync()
    connection.stream.uncork()
  }

  handleError(error: Error): void {
    this.#settled.reject(error)
  }

  handleReadyForQuery(): void {
    this.#settled.resolve()
  }

  readonly #take = (chunk: Buffer): void => {
    this.#kept.push(chunk)
    this.#length += chunk.length
    if (this.#length < this.#wanted) return
    const data = this.#kept.length === 1 ? chunk : Buffer.concat(this.#kept, this.#length)
    let at = 0
    while (data.length - at >= HEAD) {
      const code = data[at]
      const end = at + 1 + data.readUInt32BE(at + 1)
      if (code === CODE.error || code === CODE.ready) {
        this.#handBack(data.subarray(at))
        return
      }
      if (end > data.length) break
      if (code === CODE.row) this.#onRow(columnsOf(data, at + HEAD))
      else if (code === CODE.parsed) this.#remember()
      else if (code !== undefined && OUT_OF_BAND.has(code)) this.#theirs(data.subarray(at, end))
      at = end
    }
    this.#kept = at < data.length ? [data.subarray(at)] : []
    this.#length = data.length - at
    this.#wanted = this.#length < HEAD ? HEAD : 1 + data.readUInt32BE(at + 1)
  }

  #handBack(rest: Buffer): void {
    this.#connection.stream.off('data', this.#take)
    this.#connection.stream.on('data', this.#theirs)
    this.#theirs(rest)
  }

  #remember(): void {
    const names = prepared.get(this.#connection) ?? new Set()
    prepared.set(this.#connection, names.add(this.#statement.name))
  }
}

const NULL = Buffer.alloc(0)

function columnsOf(data: Buffer, start: number): readonly Buffer[] {
  const columns: Buffer[] = []
  let at = start + 2
  for (let left = data.readInt16BE(start); left > 0; left--) {
    const length = data.readInt32BE(at)
    at += 4
    columns.push(length < 0 ? NULL : data.subarray(at, at + length))
    at += Math.max(length, 0)
  }
  return columns
}
