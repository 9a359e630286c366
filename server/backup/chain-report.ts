/** What was found for one chain. `problem` is the first thing that does not fit, with its place. */
export interface ChainReport {
  /** `audit`, `objects`, or `ledger NAME`. */
  readonly chain: string
  /** Records, objects or entries that were read. */
  readonly checked: number
  readonly problem?: string
  /** Hash of the last record or entry, hex: whoever keeps it elsewhere can tell later that nothing before it changed. */
  readonly head?: string
}

/** Bytes of either database as hex. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
