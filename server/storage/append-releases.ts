import type { Audience } from '../../policies/audience.ts'
import type { Released } from '../../policies/release.ts'
import { type AppendPlan, type Arrival, planAppend, type Rival, type Standing, type Step } from './append-plan.ts'
import { boolArray, byteaArray, int2Array, int8Array, textArray } from './bulk.ts'
import { run, type Transaction } from './database.ts'
import { LEDGER_KIND, ledgerHash } from './ledger.ts'
import { cutSegments, type OpenEnd } from './segments.ts'
import { normalOfMicros } from './version-text.ts'

/** An object that is about to enter a view. */
export interface Incoming extends Arrival {
  readonly objectNo: number
  readonly type: string
  /** Decimals of the version as it was posted. */
  readonly versionDigits: number
}

/** What became of one object: its version in normal form, and whether the view already had it. */
export type Appended =
  | { readonly ok: true; readonly version: string; readonly digits: number; readonly dateAdded: number | undefined }
  | { readonly ok: false; readonly rule: 'conflict'; readonly rival: Rival }

/** The row that a release locks. */
interface ClockRow {
  readonly last_micros: number
  readonly generation: number
  readonly open_first: number | null
  readonly open_count: number
  readonly open_objects: number
  readonly ledger_seq: number
  readonly ledger_head: Uint8Array
}

/** Where the releases go and who caused them. */
export interface Appending {
  readonly collectionNo: number
  readonly audience: Audience
  readonly actorNo: number
  readonly nowMicros: number
}

/**
 * Appends objects to a view, in order, inside the caller's transaction, each with its ledger entry. The clock of the
 * collection is locked until the commit, so dates rise in commit order and a poller by `added_after` misses nothing;
 * a transaction that appends to several collections locks them in order of their number.
 */
export async function appendReleases(
  trx: Transaction,
  to: Appending,
  entries: readonly Released<Incoming>[],
): Promise<readonly Appended[]> {
  for (const entry of entries) {
    if (entry.audience !== to.audience.id) throw new Error('a release for another audience was about to be appended')
  }
  const clock = await lockClock(trx, to.collectionNo)
  const arrivals = entries.map((entry) => entry.body)
  const plan = planAppend(arrivals, await standingOf(trx, to.collectionNo, arrivals))
  const batch = dated(arrivals, plan, Math.max(clock.last_micros + 1, to.nowMicros))
  if (batch.added.length > 0) await write(trx, to, clock, batch, plan)
  return outcomes(plan.steps, batch.dateOf, arrivals)
}

/** Locks a collection's clock. Nothing is ever appended or withdrawn without it. */
export async function lockClock(trx: Transaction, collectionNo: number): Promise<ClockRow> {
  const { rows } = await run<ClockRow>(
    trx,
    `select last_micros, generation, open_first, open_count, open_objects, ledger_seq, ledger_head
       from collection_clock where collection_no = $1::int for update`,
    [collectionNo],
  )
  const [clock] = rows
  if (!clock) throw new Error('the collection has no clock')
  return clock
}

/** What the view holds of these arrivals: their latest releases, and those with an arriving version or hash. */
export async function standingOf(
  trx: Transaction,
  collectionNo: number,
  arrivals: readonly Arrival[],
): Promise<readonly Standing[]> {
  const { rows } = await run<{
    stix_id: string
    version: string
    sha256: Uint8Array
    latest: boolean
    date_added: number
    source_no: number
    body: string | null
  }>(
    trx,
    // "offset 0" keeps the planner from joining the whole view: one index probe for each arrival, at any size;
    // "- 0": see the indexes of release in migrations/0001-spine.ts
    `select x.stix_id, r.version, r.sha256, r.latest, r.date_added, r.source_no, r.body
       from unnest($2::text[], $3::text[], $4::bytea[]) as x (stix_id, version, sha256)
      cross join lateral (
            select r.version, o.sha256, r.latest, r.date_added, o.source_no,
                   case when r.version = x.version and o.sha256 <> x.sha256 then o.body end as body
              from release r join object o on o.object_no = r.object_no
             where r.stix_id = x.stix_id and r.collection_no - 0 = $1::int and r.withdrawn_micros is null
               and (r.latest or r.version = x.version or o.sha256 = x.sha256)
            offset 0) r`,
    [
      collectionNo,
      textArray(arrivals.map((arrival) => arrival.stixId)),
      textArray(arrivals.map((arrival) => arrival.version ?? '')),
      byteaArray(arrivals.map((arrival) => Buffer.from(arrival.sha256, 'hex'))),
    ],
  )
  return rows.map((row) => ({
    stixId: row.stix_id,
    version: row.version,
    sha256: Buffer.from(row.sha256).toString('hex'),
    latest: row.latest,
    dateAdded: row.date_added,
    sourceNo: row.source_no,
    body: row.body ?? undefined,
  }))
}

interface Batch {
  readonly added: readonly Incoming[]
  readonly dates: readonly number[]
  readonly versions: readonly string[]
  readonly latest: readonly boolean[]
  /** By index of the arrival. */
  readonly dateOf: ReadonlyMap<number, number>
}

/** Numbers only what is appended: a gap between dates would tell that something was withheld. */
function dated(arrivals: readonly Incoming[], plan: AppendPlan, firstDate: number): Batch {
  const added: Incoming[] = []
  const dates: number[] = []
  const versions: string[] = []
  const latest: boolean[] = []
  const dateOf = new Map<number, number>()
  for (const [index, step] of plan.steps.entries()) {
    const arrival = arrivals[index]
    if (step.kind !== 'add' || !arrival) continue
    const date = firstDate + added.length
    dateOf.set(index, date)
    added.push(arrival)
    dates.push(date)
    versions.push(arrival.version ?? normalOfMicros(date))
    latest.push(step.latest)
  }
  return { added, dates, versions, latest, dateOf }
}

async function write(trx: Transaction, to: Appending, clock: ClockRow, batch: Batch, plan: AppendPlan): Promise<void> {
  const hashes = chain(to, clock, batch)
  const seqs = batch.dates.map((_, index) => clock.ledger_seq + 1 + index)
  if (plan.superseded.length > 0) {
    // before the insert: two latest rows of one object never stand side by side
    await run(
      trx,
      'update release set latest = false where collection_no = $1::int and date_added = any($2::bigint[])',
      [to.collectionNo, int8Array(plan.superseded)],
    )
  }
  await run(
    trx,
    `with released as (
       insert into release (collection_no, date_added, object_no, stix_id, version, version_digits, type, latest)
       select $1::int, x.* from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::smallint[], $7::text[], $8::bool[]) as x)
     insert into ledger (collection_no, seq, kind, date_added, at_micros, actor_no, hash)
     select $1::int, seq, ${LEDGER_KIND.release}, date_added, $9::bigint, $10::int, hash
       from unnest($11::bigint[], $2::bigint[], $12::bytea[]) as y (seq, date_added, hash)`,
    [
      to.collectionNo,
      int8Array(batch.dates),
      int8Array(batch.added.map((entry) => entry.objectNo)),
      textArray(batch.added.map((entry) => entry.stixId)),
      textArray(batch.versions),
      int2Array(batch.added.map((entry) => entry.versionDigits)),
      textArray(batch.added.map((entry) => entry.type)),
      boolArray(batch.latest),
      to.nowMicros,
      to.actorNo,
      int8Array(seqs),
      byteaArray(hashes),
    ],
  )
  await advance(trx, to.collectionNo, clock, batch, plan.superseded, hashes)
}

function chain(to: Appending, clock: ClockRow, batch: Batch): Buffer[] {
  let head: Uint8Array = clock.ledger_head
  return batch.added.map((entry, index) => {
    const next = ledgerHash(head, {
      seq: clock.ledger_seq + 1 + index,
      kind: LEDGER_KIND.release,
      recipient: to.audience.id,
      dateAdded: batch.dates[index] ?? 0,
      releasedId: entry.stixId,
      version: batch.versions[index] ?? '',
      releasedSha256: entry.sha256,
      form: 'verbatim',
      policyHash: to.audience.policyHash,
      atMicros: to.nowMicros,
      actorNo: to.actorNo,
    })
    head = next
    return next
  })
}

async function advance(
  trx: Transaction,
  collectionNo: number,
  clock: ClockRow,
  batch: Batch,
  superseded: readonly number[],
  hashes: readonly Buffer[],
): Promise<void> {
  const before: OpenEnd = {
    first: clock.open_first ?? undefined,
    count: clock.open_count,
    objects: clock.open_objects - countFrom(superseded, clock.open_first),
  }
  const { open, closed } = cutSegments(before, batch.dates, batch.latest)
  const changed = superseded.length > 0 || closed.length > 0
  const generation = clock.generation + (changed ? 1 : 0)
  await voidSegments(trx, collectionNo, generation, superseded)
  for (const segment of closed) {
    await run(
      trx,
      `insert into segment (collection_no, first_date, last_date, objects, generation)
       values ($1::int, $2::bigint, $3::bigint, $4::int, $5::bigint)`,
      [collectionNo, segment.first, segment.last, segment.objects, generation],
    )
  }
  await run(
    trx,
    `update collection_clock
        set last_micros = $2::bigint, generation = $3::bigint, open_first = $4::bigint, open_count = $5::int,
            open_objects = $6::int, ledger_seq = $7::bigint, ledger_head = $8::bytea
      where collection_no = $1::int`,
    [
      collectionNo,
      batch.dates.at(-1),
      generation,
      open.first ?? null,
      open.count,
      open.objects,
      clock.ledger_seq + hashes.length,
      hashes.at(-1),
    ],
  )
}

/** How many of the dates lie in the open end. */
export function countFrom(dates: readonly number[], first: number | null): number {
  return first === null ? 0 : dates.filter((date) => date >= first).length
}

/** Voids the sealed bytes of the segments that hold these dates; a date in the open end voids nothing. */
export async function voidSegments(
  trx: Transaction,
  collectionNo: number,
  generation: number,
  dates: readonly number[],
): Promise<void> {
  if (dates.length === 0) return
  await run(
    trx,
    `update segment s set objects = s.objects - hit.gone, generation = $2::bigint
       from (select found.first_date, count(*)::int as gone
               from unnest($3::bigint[]) as x (date_added)
               join lateral (select first_date, last_date from segment
                              where collection_no = $1::int and first_date <= x.date_added
                              order by first_date desc limit 1) found on found.last_date >= x.date_added
              group by found.first_date) hit
      where s.collection_no = $1::int and s.first_date = hit.first_date`,
    [collectionNo, generation, int8Array(dates)],
  )
}

function outcomes(
  steps: readonly Step[],
  dateOf: ReadonlyMap<number, number>,
  arrivals: readonly Incoming[],
): readonly Appended[] {
  return steps.map((step, index): Appended => {
    if (step.kind === 'conflict') return { ok: false, rule: 'conflict', rival: step.rival }
    const of = step.kind === 'duplicate' ? step.of : index
    const date = of === undefined ? undefined : dateOf.get(of)
    const version = arrivals[index]?.version ?? (step.kind === 'duplicate' ? step.version : undefined)
    const digits = arrivals[index]?.version === undefined ? 6 : (arrivals[index]?.versionDigits ?? 0)
    return {
      ok: true,
      version: version ?? normalOfMicros(date ?? 0),
      digits,
      dateAdded: step.kind === 'add' ? date : undefined,
    }
  })
}
