import assert from 'node:assert/strict'
import { audienceOf } from '../../policies/audience.ts'
import { labelOfRank } from '../../policies/tlp.ts'
import type { Context } from '../../server/context.ts'
import { AUDIT_START, auditHash } from '../../server/storage/audit-log.ts'
import { LEDGER_START, ledgerHash } from '../../server/storage/ledger.ts'

interface EntryRow {
  readonly seq: number
  readonly kind: number
  readonly date_added: number
  readonly at_micros: number
  readonly actor_no: number
  readonly hash: Uint8Array
  readonly stix_id: string
  readonly version: string
  readonly sha256: Uint8Array
}

/** What the chains of a collection and of the audit say, after each link was computed anew. */
export interface Chains {
  readonly releases: number
  readonly auditRecords: number
}

/**
 * Computes the ledger of a collection and the audit anew, from the first entry to the last.
 * @throws {AssertionError} when a link, a head, or a count is not what it must be
 */
export async function checkChains({ database }: Pick<Context, 'database'>, collectionId: string): Promise<Chains> {
  const collection = await database.kysely
    .selectFrom('collection')
    .innerJoin('collection_clock', 'collection_clock.collection_no', 'collection.collection_no')
    .select(['collection.collection_no', 'ceiling', 'ledger_seq', 'ledger_head', 'last_micros'])
    .where('collection_id', '=', collectionId)
    .executeTakeFirstOrThrow()
  const { id: recipient, policyHash } = audienceOf(collectionId, labelOfRank(collection.ceiling))
  const entries = await database.reader.rows<EntryRow>(
    {
      name: 'test-ledger',
      text: `select l.seq, l.kind, l.date_added, l.at_micros, l.actor_no, l.hash, r.stix_id, r.version, o.sha256
               from ledger l join release r using (collection_no, date_added) join object o using (object_no)
              where l.collection_no = $1::int order by l.seq`,
    },
    [collection.collection_no],
  )
  let head: Uint8Array = LEDGER_START
  for (const [index, row] of entries.entries()) {
    assert.equal(row.seq, index + 1, 'the ledger has a gap')
    head = ledgerHash(head, {
      seq: row.seq,
      kind: row.kind,
      recipient,
      dateAdded: row.date_added,
      releasedId: row.stix_id,
      version: row.version,
      releasedSha256: Buffer.from(row.sha256).toString('hex'),
      form: 'verbatim',
      policyHash,
      atMicros: row.at_micros,
      actorNo: row.actor_no,
    })
    assert.deepEqual(Buffer.from(row.hash), Buffer.from(head), `entry ${row.seq} does not follow from the one before`)
  }
  assert.equal(collection.ledger_seq, entries.length)
  assert.deepEqual(Buffer.from(collection.ledger_head), Buffer.from(head))
  const auditRecords = await checkAudit(database)
  return { releases: entries.length, auditRecords }
}

async function checkAudit(database: Context['database']): Promise<number> {
  const records = await database.kysely.selectFrom('audit').selectAll().orderBy('seq').execute()
  let head: Uint8Array = AUDIT_START
  for (const [index, record] of records.entries()) {
    assert.equal(record.seq, index + 1, 'the audit has a gap')
    head = auditHash(head, record)
    assert.deepEqual(Buffer.from(record.hash), Buffer.from(head), `record ${record.seq} of the audit does not follow`)
  }
  const { seq, hash } = await database.kysely.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow()
  assert.equal(seq, records.length)
  assert.deepEqual(Buffer.from(hash), Buffer.from(head))
  return records.length
}
