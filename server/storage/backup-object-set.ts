const BLOCK_BITS = 1024

/** A set of object numbers: 128 bytes for each block of 1,024 numbers that has one, so a million objects take 0.2 MB. */
export class ObjectSet {
  readonly #blocks = new Map<number, Uint8Array>()
  /** The highest number in the set; -1 while it is empty. */
  highest = -1

  add(objectNo: number): void {
    const index = Math.floor(objectNo / BLOCK_BITS)
    let block = this.#blocks.get(index)
    if (!block) {
      block = new Uint8Array(BLOCK_BITS / 8)
      this.#blocks.set(index, block)
    }
    const bit = objectNo % BLOCK_BITS
    block[bit >> 3] = (block[bit >> 3] ?? 0) | (1 << (bit & 7))
    this.highest = Math.max(this.highest, objectNo)
  }

  has(objectNo: number): boolean {
    const bit = objectNo % BLOCK_BITS
    const byte = this.#blocks.get(Math.floor(objectNo / BLOCK_BITS))?.[bit >> 3] ?? 0
    return (byte & (1 << (bit & 7))) !== 0
  }
}
