import { Type } from 'typebox'
import Value from 'typebox/value'
import { verifyAudit } from '../backup/verify-audit.ts'
import type { Context } from '../context.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { auditMoment, readAudit } from '../storage/audit-reading.ts'
import { auditEnd, chainsOf } from '../storage/backup-chains.ts'

/** What the last verification of the audit chain found. Times are microseconds since 1970. */
export interface AuditVerification {
  readonly atMicros: number
  readonly actor: string
  /** Records that were right, from the first on. */
  readonly checked: number
  readonly fromMicros: number
  readonly untilMicros: number
  /** The first thing that does not fit, with the number of the record; undefined when the chain is whole. */
  readonly problem: string | undefined
}

const KIND = 'audit_verified'
const DETAIL = Type.Object({
  intact: Type.Boolean(),
  checked: Type.Integer(),
  from: Type.Integer(),
  until: Type.Integer(),
  problem: Type.Union([Type.String(), Type.Null()]),
})

/** Asks for a walk along the whole audit chain; one walks at a time, however often it is asked for. */
export async function askForVerification(
  { database, jobs }: Pick<Context, 'database' | 'jobs'>,
  actor: string,
): Promise<void> {
  await database.transaction((trx) => jobs.mustEnqueue(trx, 'verify-audit', { actor }, 'audit'))
}

/** Walks the whole audit chain in short reads and puts the result on record. */
export async function verifyAuditChain(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  actor: string,
): Promise<void> {
  const source = chainsOf(database)
  const { checked, problem } = await verifyAudit(source, await auditEnd(source), () => undefined)
  const from = (await auditMoment(database, 1)) ?? 0
  const until = (await auditMoment(database, checked)) ?? 0
  const detail = { intact: problem === undefined, checked, from, until, problem: problem ?? null }
  await database.transaction((trx) => recordAudit(trx, clock.nowMicros(), [{ kind: KIND, actor, detail }]))
}

/** The result of the last verification; undefined when there was none. */
export async function lastVerification({
  database,
}: Pick<Context, 'database'>): Promise<AuditVerification | undefined> {
  const { records } = await readAudit(database, { kind: KIND }, { limit: 1 })
  const [record] = records
  if (!record) return undefined
  const detail: unknown = JSON.parse(record.detail)
  // a record in a form that is not ours says nothing: it is as if nobody had verified
  if (!Value.Check(DETAIL, detail)) return undefined
  const { checked, from, until, problem } = detail
  return {
    atMicros: record.at_micros,
    actor: record.actor,
    checked,
    fromMicros: from,
    untilMicros: until,
    problem: problem ?? undefined,
  }
}
