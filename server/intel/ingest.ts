import { randomUUID } from 'node:crypto'
import { audienceOf } from '../../policies/audience.ts'
import { release, type Released, within } from '../../policies/release.ts'
import { labelOfRank } from '../../policies/tlp.ts'
import { timestampOf } from '../clock.ts'
import type { Context } from '../context.ts'
import { BadRequestError, UnavailableError, UnprocessableError } from '../errors.ts'
import type { Account, Collection } from '../storage/access.ts'
import type { Rival } from '../storage/append-plan.ts'
import { type Appended, appendReleases, type Incoming } from '../storage/append-releases.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { run, type Transaction } from '../storage/database.ts'
import { keepObjects } from '../storage/objects.ts'
import { versionText } from '../storage/version-text.ts'
import type { ParsedEnvelope, ParsedObject } from './parse-envelope.ts'
import { hasSameValue } from './same-value.ts'

/** TAXII 2.1 §4.3.1 status detail. */
export interface StatusDetail {
  readonly id: string
  readonly version: string
  readonly message?: string
}

/** TAXII 2.1 §4.3.1 status: every object of the request is in one of its lists. */
export interface Status {
  readonly id: string
  readonly status: 'complete'
  readonly request_timestamp: string
  readonly total_count: number
  readonly success_count: number
  readonly successes?: readonly StatusDetail[]
  readonly failure_count: number
  readonly failures?: readonly StatusDetail[]
  readonly pending_count: number
}

/** What became of one object: new to the view, there already with the same content, or refused by a rule. */
export type Outcome = { readonly index: number; readonly id: string } & (
  | { readonly result: 'added' | 'known' }
  | { readonly result: 'refused'; readonly rule: string; readonly version: string; readonly message: string }
)

/** Counts of one ingest, for import reports: `added` are new to the view, `known` were there with the same content. */
export interface Intake {
  /** The status as JSON: what is stored is what is answered. */
  readonly statusText: string
  readonly added: number
  readonly known: number
  readonly refused: readonly StatusDetail[]
  /** Every object of the envelope by its place, in no order. */
  readonly outcomes: readonly Outcome[]
}

/** An envelope and who sends it where. */
export interface Delivery {
  readonly collection: Collection
  readonly account: Account
  /** UTF-8 JSON of the envelope; the buffer is moved away. */
  readonly bytes: Uint8Array
  /**
   * The sender may not read the collection: it is not told that somebody else's object is there. A conflict with one
   * looks like success, and the copy is kept under its source (W03).
   */
  readonly isWriteOnly?: boolean
  /** Refuse an envelope as a whole when it holds nothing that is STIX 2.1 at all (W06). */
  readonly wantsStix21?: boolean
  /** Moved in the same transaction as the objects. */
  readonly cursor?: { readonly name: string; readonly position: string } | undefined
  /** Waited for before anything is stored: deliveries that share a cursor are read ahead, but commit one after another. */
  readonly turn?: Promise<unknown> | undefined
}

/**
 * Takes an envelope into a collection: objects, releases, ledger, status, audit and cursor in one transaction. When it
 * returns, every success of the status is stored for good and is in the view.
 * @throws {BadRequestError} when the body is no JSON that we read
 * @throws {UnprocessableError} when it is no envelope, or holds nothing that a collection can take (W06)
 */
export async function ingest(context: Context, delivery: Delivery): Promise<Intake> {
  const { collection, account } = delivery
  if (collection.closed)
    throw new UnavailableError('the collection is closed for a moment: send the same request again')
  const { envelope, bytes } = await context.parser.parse(delivery.bytes, labelOfRank(collection.defaultLabel))
  if (!envelope.ok) throw refusalOf(envelope)
  await context.database.mustHaveRoom(bytes.length)
  if (delivery.wantsStix21) mustHaveStix21(envelope)
  await delivery.turn
  const nowMicros = context.clock.nowMicros()
  const sorted = sort(envelope, bytes, collection, await context.objectNumbers.take(envelope.objects.length))
  const statusId = randomUUID()
  return await context.database.transaction(async (trx) => {
    const appended = await store(trx, sorted.permitted, { collection, account, nowMicros })
    const intake = report(statusId, nowMicros, envelope, sorted, appended, delivery)
    await trx
      .insertInto('status')
      .values({
        status_id: statusId,
        root_no: collection.rootNo,
        account_no: account.accountNo,
        expires_micros: nowMicros + context.config.taxii.statusHours * 3_600_000_000,
        body: intake.statusText,
      })
      .execute()
    if (delivery.cursor) await moveCursor(trx, delivery.cursor, nowMicros)
    await recordAudit(trx, nowMicros, [
      {
        kind: 'objects_added',
        actor: account.name,
        detail: {
          collection: collection.id,
          status: statusId,
          added: intake.added,
          known: intake.known,
          refused: intake.refused.length,
        },
      },
    ])
    return intake
  })
}

function refusalOf(envelope: ParsedEnvelope & { ok: false }): Error {
  return envelope.status === 400
    ? new BadRequestError(envelope.code, envelope.message)
    : new UnprocessableError(envelope.code, envelope.message)
}

/** Rules that say: this is no STIX 2.1 object at all. */
const FOREIGN: ReadonlySet<string> = new Set(['object', 'stix-2.0'])

function mustHaveStix21({ objects, refused }: ParsedEnvelope & { ok: true }): void {
  const [first] = refused
  if (objects.length > 0 || !first || !refused.every(({ rule }) => FOREIGN.has(rule))) return
  throw new UnprocessableError('unsupported', `no object of the envelope is STIX 2.1: ${first.message}`)
}

/** An object that the audience may have, with its bytes. */
interface Permitted {
  readonly parsed: ParsedObject
  readonly objectNo: number
  readonly body: Uint8Array
  readonly released: Released<ParsedObject>
}

/** Why one object was not stored. */
interface Failure {
  readonly index: number
  readonly rule: string
  readonly detail: StatusDetail & { readonly message: string }
}

interface Sorted {
  readonly permitted: readonly Permitted[]
  readonly withheld: readonly Failure[]
}

function sort(
  envelope: ParsedEnvelope & { ok: true },
  bytes: Uint8Array,
  collection: Collection,
  numbers: readonly number[],
): Sorted {
  const audience = audienceOf(collection.id, labelOfRank(collection.ceiling))
  const permitted: Permitted[] = []
  const withheld: Sorted['withheld'][number][] = []
  for (const parsed of envelope.objects) {
    const verdict = release({ body: parsed, label: labelOfRank(parsed.labelRank) }, audience)
    const objectNo = numbers[permitted.length + withheld.length]
    if (objectNo === undefined) throw new Error('fewer object numbers than objects')
    if (verdict.ok) {
      permitted.push({ parsed, objectNo, body: bytes.subarray(parsed.start, parsed.end), released: verdict.released })
    } else {
      const detail = { id: parsed.stixId, version: shownVersion(parsed), message: verdict.reason.message }
      withheld.push({ index: parsed.index, rule: verdict.reason.rule, detail })
    }
  }
  return { permitted, withheld }
}

async function store(
  trx: Transaction,
  permitted: readonly Permitted[],
  to: { readonly collection: Collection; readonly account: Account; readonly nowMicros: number },
): Promise<readonly Appended[]> {
  if (permitted.length === 0) return []
  const { collection, account, nowMicros } = to
  const numbers = await keepObjects(
    trx,
    account.accountNo,
    nowMicros,
    permitted.map(({ parsed, objectNo, body }) => ({
      objectNo,
      sha256: Buffer.from(parsed.sha256, 'hex'),
      labelRank: parsed.labelRank,
      body,
    })),
  )
  const audience = audienceOf(collection.id, labelOfRank(collection.ceiling))
  const entries = permitted.map(({ released }, index) => incoming(released, numbers[index]))
  return await appendReleases(
    trx,
    { collectionNo: collection.collectionNo, audience, actorNo: account.accountNo, nowMicros },
    entries,
  )
}

/** The same release, under the number by which its bytes are kept. */
function incoming(released: Released<ParsedObject>, objectNo: number | undefined): Released<Incoming> {
  if (objectNo === undefined) throw new Error('an object was kept without a number')
  return within(released, (parsed) => ({ ...parsed, objectNo }))
}

function report(
  statusId: string,
  nowMicros: number,
  envelope: ParsedEnvelope & { ok: true },
  sorted: Sorted,
  appended: readonly Appended[],
  delivery: Delivery,
): Intake {
  const successes: StatusDetail[] = []
  const failures: Failure[] = [...sorted.withheld]
  const outcomes: Outcome[] = []
  let added = 0
  for (const [index, { parsed }] of sorted.permitted.entries()) {
    const outcome = appended[index]
    if (!outcome) throw new Error('an object has no outcome')
    if (outcome.ok || isHidden(outcome.rival, delivery) || isRespelled(sorted.permitted, index, outcome.rival)) {
      const isNew = outcome.ok && outcome.dateAdded !== undefined
      if (isNew) added += 1
      const version = outcome.ok ? versionText(outcome.version, outcome.digits) : shownVersion(parsed)
      const detail = { id: parsed.stixId, version }
      successes.push(parsed.advice === undefined ? detail : { ...detail, message: parsed.advice })
      outcomes.push({ index: parsed.index, id: parsed.stixId, result: isNew ? 'added' : 'known' })
    } else failures.push({ index: parsed.index, rule: outcome.rule, detail: conflict(parsed) })
  }
  for (const { index, id, version, rule, message } of envelope.refused)
    failures.push({ index, rule, detail: { id, version, message } })
  failures.sort((a, b) => a.index - b.index)
  const refused = failures.map((failure) => failure.detail)
  for (const { index, rule, detail } of failures) outcomes.push({ index, result: 'refused', rule, ...detail })
  const status: Status = {
    id: statusId,
    status: 'complete',
    request_timestamp: timestampOf(nowMicros),
    total_count: envelope.total,
    success_count: successes.length,
    ...(successes.length > 0 ? { successes } : {}),
    failure_count: refused.length,
    ...(refused.length > 0 ? { failures: refused } : {}),
    pending_count: 0,
  }
  return { added, known: successes.length - added, refused, outcomes, statusText: JSON.stringify(status) }
}

/** A conflict that the sender may not learn of: with an object of somebody else, in a view that the sender cannot read. */
function isHidden(rival: Rival, { isWriteOnly, account }: Delivery): boolean {
  return isWriteOnly === true && 'body' in rival && rival.sourceNo !== account.accountNo
}

/** The same version with other bytes may still say the same: keys in another order, other spacing, other escapes. */
function isRespelled(permitted: readonly Permitted[], index: number, rival: Rival): boolean {
  const bodyOf = (at: number) => Buffer.from(permitted[at]?.body ?? []).toString()
  return hasSameValue(bodyOf(index), 'body' in rival ? rival.body : bodyOf(rival.arrival))
}

function conflict(parsed: ParsedObject): StatusDetail & { readonly message: string } {
  return {
    id: parsed.stixId,
    version: shownVersion(parsed),
    message:
      'rule conflict: this version is stored with other content, which stays: give the changed object a new modified timestamp (STIX 2.1 §3.6)',
  }
}

function shownVersion(parsed: ParsedObject): string {
  return parsed.version === undefined ? 'unknown' : versionText(parsed.version, parsed.versionDigits)
}

async function moveCursor(
  trx: Transaction,
  cursor: { readonly name: string; readonly position: string },
  atMicros: number,
): Promise<void> {
  await run(
    trx,
    `insert into intake_cursor (name, position, at_micros) values ($1::text, $2::text, $3::bigint)
     on conflict (name) do update set position = excluded.position, at_micros = excluded.at_micros`,
    [cursor.name, cursor.position, atMicros],
  )
}
