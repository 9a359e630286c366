import type { Statement } from './database.ts'
import type { OnRow, RawRow } from './row-reader.ts'

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
  readonly #row = new MessageRow()
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

  /** Messages are read where they arrived; only one that spans chunks is put together. */
  readonly #take = (chunk: Buffer): void => {
    let rest = chunk
    while (this.#length > 0) {
      const missing = this.#wanted - this.#length
      this.#kept.push(rest.subarray(0, missing))
      this.#length += Math.min(missing, rest.length)
      rest = rest.subarray(missing)
      if (this.#length < this.#wanted) return
      const message = Buffer.concat(this.#kept, this.#length)
      this.#length = 0
      if (this.#read(message, rest)) return
    }
    this.#read(rest)
  }

  /** @returns whether the rest is no longer ours: it went back to node-pg, followed by `after` */
  #read(data: Buffer, after?: Buffer): boolean {
    let at = 0
    while (data.length - at >= HEAD) {
      const code = data[at]
      if (code === CODE.error || code === CODE.ready) {
        this.#handBack(data.subarray(at), after)
        return true
      }
      const end = at + 1 + data.readUInt32BE(at + 1)
      if (end > data.length) break
      if (code === CODE.row) this.#onRow(this.#row.at(data, at + HEAD))
      else if (code === CODE.parsed) this.#remember()
      else if (code !== undefined && OUT_OF_BAND.has(code)) this.#theirs(data.subarray(at, end))
      at = end
    }
    if (at < data.length) this.#keep(data.subarray(at))
    return false
  }

  /** Keeps the beginning of a message: its head first, then as much as the head says. */
  #keep(start: Buffer): void {
    this.#kept = [start]
    this.#length = start.length
    this.#wanted = start.length < HEAD ? HEAD : 1 + start.readUInt32BE(1)
  }

  #handBack(rest: Buffer, after: Buffer | undefined): void {
    this.#connection.stream.off('data', this.#take)
    this.#connection.stream.on('data', this.#theirs)
    this.#theirs(rest)
    if (after && after.length > 0) this.#theirs(after)
  }

  #remember(): void {
    const names = prepared.get(this.#connection) ?? new Set()
    prepared.set(this.#connection, names.add(this.#statement.name))
  }
}

/** A DataRow message in place: the number of columns, then each with its length. */
class MessageRow implements RawRow {
  #data: Buffer = Buffer.alloc(0)
  #starts: number[] = []
  #lengths: number[] = []

  at(data: Buffer, start: number): this {
    this.#data = data
    let at = start + 2
    const columns = data.readInt16BE(start)
    for (let column = 0; column < columns; column++) {
      const length = data.readInt32BE(at)
      this.#starts[column] = at + 4
      this.#lengths[column] = Math.max(length, 0) // -1 is null, which none of our reads selects
      at += 4 + Math.max(length, 0)
    }
    return this
  }

  int8(column: number): number {
    const at = this.#starts[column] ?? 0
    return this.#data.readInt32BE(at) * 0x1_0000_0000 + this.#data.readUInt32BE(at + 4)
  }

  length(column: number): number {
    return this.#lengths[column] ?? 0
  }

  copy(column: number, target: Buffer, at: number): number {
    const start = this.#starts[column] ?? 0
    const length = this.#lengths[column] ?? 0
    this.#data.copy(target, at, start, start + length)
    return at + length
  }
}
