/** Keeps the bytes of one value over the borders of chunks, as far as they are within a limit. */
export class ByteKeeper {
  readonly #maxBytes: number
  #from = -1 // in the current chunk; -1: nothing is kept
  #parts: Buffer[] = []
  #kept = 0
  #isTooLarge = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Begins anew at a position of the current chunk. */
  begin(at: number): void {
    this.#from = at
    this.#parts = []
    this.#kept = 0
    this.#isTooLarge = false
  }

  /** Gives up what was kept. */
  forget(): void {
    this.#from = -1
    this.#parts = []
  }

  /** The current chunk is over. */
  endChunk(chunk: Buffer): void {
    if (this.#from < 0) return
    this.#parts.push(chunk.subarray(this.#from))
    this.#kept += chunk.length - this.#from
    this.#from = 0
    if (this.#kept <= this.#maxBytes) return
    this.#isTooLarge = true
    this.forget()
  }

  /** The bytes up to `end` of the current chunk: a view of it where they lie within. Undefined: they were too many. */
  take(chunk: Buffer, end: number): Buffer | undefined {
    const isTooLarge = this.#isTooLarge || this.#kept + end - this.#from > this.#maxBytes
    const last = chunk.subarray(Math.max(0, this.#from), end)
    const parts = this.#parts
    this.forget()
    if (isTooLarge) return undefined
    return parts.length === 0 ? last : Buffer.concat([...parts, last])
  }
}
