import type { Place } from './import-found.ts'

/** An object that is to be stored, by its bytes. */
export interface BatchEntry {
  readonly bytes: Uint8Array
  readonly place: Place
}

/** A page of a thousand objects is also what a reader gets at once: larger transactions gain nothing (bench). */
const MAX_OBJECTS = 1000
const MAX_BYTES = 1024 ** 2

const OPEN = Buffer.from('{"objects":[')
const CLOSE = Buffer.from(']}')
const COMMA = 0x2c

/** Objects that are stored in one transaction. */
export class ImportBatch {
  readonly #entries: BatchEntry[] = []
  #bytes = 0

  get entries(): readonly BatchEntry[] {
    return this.#entries
  }

  /** Whether these objects belong into the next batch. One that is larger than a batch has one of its own. */
  isFullFor(entries: readonly BatchEntry[]): boolean {
    if (this.#entries.length === 0) return false
    return this.#entries.length + entries.length > MAX_OBJECTS || this.#bytes + sizeOf(entries) > MAX_BYTES
  }

  add(entries: readonly BatchEntry[]): void {
    this.#entries.push(...entries)
    this.#bytes += sizeOf(entries)
  }
}

/** A TAXII envelope (TAXII 2.1 §3.7) of the exact bytes of these objects, in a buffer of its own that may be moved. */
export function envelopeOf(entries: readonly BatchEntry[]): Uint8Array {
  const envelope = new Uint8Array(OPEN.length + sizeOf(entries) + Math.max(0, entries.length - 1) + CLOSE.length)
  envelope.set(OPEN)
  let at = OPEN.length
  for (const [index, { bytes }] of entries.entries()) {
    if (index > 0) envelope[at++] = COMMA
    envelope.set(bytes, at)
    at += bytes.length
  }
  envelope.set(CLOSE, at)
  return envelope
}

function sizeOf(entries: readonly BatchEntry[]): number {
  return entries.reduce((sum, entry) => sum + entry.bytes.length, 0)
}
