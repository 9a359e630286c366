import { audienceOf } from '../../policies/audience.ts'
import { labelOfRank } from '../../policies/tlp.ts'
import { timestampOf } from '../clock.ts'
import { type LedgerRow, ledgerRows } from '../storage/backup-chain-rows.ts'
import type { ChainSource, CollectionMoment, Misfit } from '../storage/backup-chains.ts'
import { LEDGER_KIND, LEDGER_START, ledgerHash } from '../storage/ledger.ts'
import { type ChainReport, hexOf } from './chain-report.ts'

/**
 * Walks one ledger from its start to its head, each entry against the release and the object that it names, then looks
 * whether the view has anything that the ledger does not.
 */
export async function verifyLedger(
  source: ChainSource,
  collection: CollectionMoment,
  advance: (count: number) => void,
): Promise<ChainReport> {
  const chain = `ledger ${collection.alias ?? collection.id}`
  const walk = new LedgerWalk(collection)
  for await (const rows of ledgerRows(source, collection.collectionNo, collection.ledgerSeq)) {
    const problem = walk.take(rows)
    if (problem) return { chain, checked: walk.seq, problem }
    advance(rows.length)
  }
  const [misfit] = collection.misfits
  const problem = walk.end() ?? (misfit && sayMisfit(misfit))
  return { chain, checked: walk.seq, ...(problem === undefined ? { head: hexOf(collection.ledgerHead) } : { problem }) }
}

class LedgerWalk {
  /** Number of the last entry that was right. */
  seq = 0
  readonly #collection: CollectionMoment
  readonly #recipient: string
  readonly #policyHash: string
  #hash: Uint8Array = LEDGER_START
  #date = -1

  constructor(collection: CollectionMoment) {
    this.#collection = collection
    const audience = audienceOf(collection.id, labelOfRank(collection.ceiling))
    this.#recipient = audience.id
    this.#policyHash = audience.policyHash
  }

  take(rows: readonly LedgerRow[]): string | undefined {
    for (const row of rows) {
      const problem = this.#problemOf(row)
      if (problem) return problem
      this.seq = row.seq
      this.#hash = row.hash
      if (row.kind === LEDGER_KIND.release) this.#date = row.date_added
    }
    return undefined
  }

  #problemOf(row: LedgerRow): string | undefined {
    if (row.seq !== this.seq + 1) return `entry ${this.seq + 1} is missing: after ${this.seq} comes ${row.seq}`
    const added = timestampOf(row.date_added)
    if (row.stix_id === null || row.version === null)
      return `entry ${row.seq} names the release of ${added}, which is missing`
    const what = `entry ${row.seq} (${row.stix_id}, version ${row.version}, added ${added})`
    if (row.sha256 === null) return `${what} is of an object that is missing`
    const hash = ledgerHash(this.#hash, {
      seq: row.seq,
      kind: row.kind,
      recipient: this.#recipient,
      dateAdded: row.date_added,
      releasedId: row.stix_id,
      version: row.version,
      releasedSha256: Buffer.from(row.sha256).toString('hex'),
      form: 'verbatim',
      policyHash: this.#policyHash,
      atMicros: row.at_micros,
      actorNo: row.actor_no,
    })
    if (!hash.equals(row.hash))
      return `${what} does not match its hash: it, its release or its object was changed, or its place`
    if (row.kind === LEDGER_KIND.release)
      return row.date_added > this.#date ? undefined : `${what} has a date that does not rise`
    if (row.withdrawn_micros !== row.at_micros) return `${what} is a withdrawal, but the view still has that release`
    return undefined
  }

  end(): string | undefined {
    const { ledgerSeq, ledgerHead, newestEntry } = this.#collection
    if (this.seq < ledgerSeq) return `the entries after ${this.seq} are missing: the head says ${ledgerSeq}`
    if (newestEntry > ledgerSeq) return `entry ${newestEntry} stands behind the head, which is ${ledgerSeq}`
    if (!Buffer.from(this.#hash).equals(ledgerHead)) return `the head does not have the hash of entry ${ledgerSeq}`
    return undefined
  }
}

function sayMisfit({ kind, place }: Misfit): string {
  switch (kind) {
    case 'unentered':
      return `the release of ${timestampOf(Number(place))} has no entry`
    case 'unwithdrawn':
      return `the release of ${timestampOf(Number(place))} is marked as withdrawn, but no entry says so`
    case 'latest':
      return `of ${place} not exactly the newest version is marked as the latest`
    case 'clock':
      return `the clock of the collection does not fit its releases: ${place}`
  }
}
