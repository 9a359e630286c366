import { countFrom, lockClock, voidSegments } from './append-releases.ts'
import { byteaArray, int8Array } from './bulk.ts'
import { run, type Transaction } from './database.ts'
import { LEDGER_KIND, ledgerHash } from './ledger.ts'

/** Which releases leave the view, and who wants it. */
export interface Withdrawal {
  readonly collectionNo: number
  /** UUID of the collection. */
  readonly recipient: string
  readonly policyHash: string
  readonly actorNo: number
  readonly nowMicros: number
  readonly stixId: string
  /** Decides by the versions that the view holds (normal forms, oldest first). */
  readonly isWanted: (version: string, place: { readonly first: boolean; readonly last: boolean }) => boolean
}

interface HeldRow {
  readonly date_added: number
  readonly version: string
  readonly latest: boolean
  readonly sha256: Uint8Array
}

/**
 * Takes versions of one object out of a view, inside the caller's transaction: marked, in the ledger, and gone for the
 * next read. When the latest version goes, the newest one left takes its place.
 * @returns how many versions left the view
 */
export async function withdrawReleases(trx: Transaction, withdrawal: Withdrawal): Promise<number> {
  const clock = await lockClock(trx, withdrawal.collectionNo)
  const { rows: held } = await run<HeldRow>(
    trx,
    `select r.date_added, r.version, r.latest, o.sha256
       from release r join object o on o.object_no = r.object_no
      where r.stix_id = $2::text and r.collection_no - 0 = $1::int and r.withdrawn_micros is null
      order by r.version`,
    [withdrawal.collectionNo, withdrawal.stixId],
  )
  const gone = held.filter((row, at) =>
    withdrawal.isWanted(row.version, { first: at === 0, last: at === held.length - 1 }),
  )
  if (gone.length === 0) return 0
  const generation = clock.generation + 1
  await run(
    trx,
    `update release set withdrawn_micros = $2::bigint, latest = false
      where collection_no = $1::int and date_added = any($3::bigint[])`,
    [withdrawal.collectionNo, withdrawal.nowMicros, int8Array(gone.map((row) => row.date_added))],
  )
  const left = held.filter((row) => !gone.includes(row))
  const wasLatest = gone.filter((row) => row.latest).map((row) => row.date_added)
  const promoted = wasLatest.length > 0 ? left.at(-1) : undefined
  await voidSegments(trx, withdrawal.collectionNo, generation, wasLatest)
  if (promoted) await promote(trx, withdrawal.collectionNo, generation, promoted.date_added)
  const head = await enterLedger(trx, withdrawal, clock, gone)
  const openObjects =
    clock.open_objects -
    countFrom(wasLatest, clock.open_first) +
    countFrom(promoted ? [promoted.date_added] : [], clock.open_first)
  await run(
    trx,
    `update collection_clock set generation = $2::bigint, open_objects = $3::int, ledger_seq = $4::bigint,
            ledger_head = $5::bytea where collection_no = $1::int`,
    [withdrawal.collectionNo, generation, openObjects, clock.ledger_seq + gone.length, head],
  )
  return gone.length
}

async function promote(trx: Transaction, collectionNo: number, generation: number, date: number): Promise<void> {
  await run(trx, 'update release set latest = $3::boolean where collection_no = $1::int and date_added = $2::bigint', [
    collectionNo,
    date,
    true,
  ])
  await run(
    trx,
    `update segment set objects = objects + 1, generation = $2::bigint
      where collection_no = $1::int and first_date <= $3::bigint and last_date >= $3::bigint`,
    [collectionNo, generation, date],
  )
}

async function enterLedger(
  trx: Transaction,
  withdrawal: Withdrawal,
  clock: { readonly ledger_seq: number; readonly ledger_head: Uint8Array },
  gone: readonly HeldRow[],
): Promise<Uint8Array> {
  let head = clock.ledger_head
  const hashes: Uint8Array[] = []
  for (const [index, row] of gone.entries()) {
    head = ledgerHash(head, {
      seq: clock.ledger_seq + 1 + index,
      kind: LEDGER_KIND.withdrawal,
      recipient: withdrawal.recipient,
      dateAdded: row.date_added,
      releasedId: withdrawal.stixId,
      version: row.version,
      releasedSha256: Buffer.from(row.sha256).toString('hex'),
      form: 'verbatim',
      policyHash: withdrawal.policyHash,
      atMicros: withdrawal.nowMicros,
      actorNo: withdrawal.actorNo,
    })
    hashes.push(head)
  }
  await run(
    trx,
    `insert into ledger (collection_no, seq, kind, date_added, at_micros, actor_no, hash)
     select $1::int, seq, ${LEDGER_KIND.withdrawal}, date_added, $2::bigint, $3::int, hash
       from unnest($4::bigint[], $5::bigint[], $6::bytea[]) as x (seq, date_added, hash)`,
    [
      withdrawal.collectionNo,
      withdrawal.nowMicros,
      withdrawal.actorNo,
      int8Array(gone.map((_, index) => clock.ledger_seq + 1 + index)),
      int8Array(gone.map((row) => row.date_added)),
      byteaArray(hashes),
    ],
  )
  return head
}
