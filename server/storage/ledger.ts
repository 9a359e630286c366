import { hash } from 'node:crypto'

/** What an entry of the ledger says happened to a release. */
export const LEDGER_KIND = { release: 1, withdrawal: 2 } as const

/** One entry: which bytes left, to whom, in what form, under which policy, by whose act. */
export interface LedgerEntry {
  readonly seq: number
  readonly kind: number
  /** The UUID of the collection: the audience whose view it is. */
  readonly recipient: string
  readonly dateAdded: number
  readonly releasedId: string
  /** Normal form of the version. */
  readonly version: string
  /** SHA-256 in hex of the released bytes. */
  readonly releasedSha256: string
  readonly form: 'verbatim'
  readonly policyHash: string
  readonly atMicros: number
  readonly actorNo: number
}

/** The hash that a collection's first entry builds on. */
export const LEDGER_START = Buffer.alloc(32)

/** SHA-256 over the previous hash and the entry; no field can hold a line feed, so the form is unambiguous. */
export function ledgerHash(previous: Uint8Array, entry: LedgerEntry): Buffer {
  const text = `${Buffer.from(previous.buffer, previous.byteOffset, 32).toString('hex')}\n${entry.seq}\n${entry.kind}\n${entry.recipient}\n${entry.dateAdded}\n${entry.releasedId}\n${entry.version}\n${entry.releasedSha256}\n${entry.form}\n${entry.policyHash}\n${entry.atMicros}\n${entry.actorNo}`
  return hash('sha256', text, 'buffer')
}
