import type { Context } from '../../context.ts'
import { ConflictError, NotFoundError } from '../../errors.ts'
import { holdAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { type Database, run, type Transaction } from '../../storage/database.ts'
import { groupNamed } from '../group-rows.ts'
import { inviteIn } from './invitations.ts'
import type { MembersContext } from '../memberships.ts'
import { type By, mustMay } from '../permission.ts'

/** A request to be invited, as whoever settles it reads it. */
export interface ListedRequest {
  readonly requestNo: number
  readonly name: string
  readonly email: string
  readonly affiliation: string
  readonly message: string
  readonly madeMicros: number
}

/** The open requests of a group, or those that name none, oldest first. */
export async function listAdmissionRequests(
  database: Database,
  groupNo: number | undefined,
): Promise<readonly ListedRequest[]> {
  const open = database.kysely
    .selectFrom('admission_request')
    .select(['request_no', 'name', 'email', 'affiliation', 'message', 'made_micros'])
    .where('settled_micros', 'is', null)
    .orderBy('request_no')
    .limit(200)
  const rows = await (
    groupNo === undefined ? open.where('group_no', 'is', null) : open.where('group_no', '=', groupNo)
  ).execute()
  return rows.map(shown)
}

/** A request of a group, settled or not, to fill in the form of its nomination; undefined for another group's. */
export async function admissionRequest(
  database: Database,
  groupNo: number,
  requestNo: number,
): Promise<ListedRequest | undefined> {
  const row = await database.kysely
    .selectFrom('admission_request')
    .select(['request_no', 'name', 'email', 'affiliation', 'message', 'made_micros'])
    .where('group_no', '=', groupNo)
    .where('request_no', '=', requestNo)
    .executeTakeFirst()
  return row && shown(row)
}

/** What becomes of a request. Whoever asked is told by the invitation only. */
export interface Settlement {
  readonly requestNo: number
  /** Undefined for one that names no group. */
  readonly group: string | undefined
  readonly outcome: 'invited' | 'nominated' | 'declined'
}

/**
 * Settles a request: mails an invitation, leaves it to a nomination, or declines it.
 * @throws {NotFoundError} for one that is settled, or not of this group
 */
export async function settleAdmission(context: MembersContext, wanted: By & Settlement): Promise<void> {
  const { group, outcome } = wanted
  if (group === undefined && outcome === 'nominated') {
    throw new ConflictError('no_group', 'people are nominated for a group: hand the request over to one first')
  }
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const { email, name: displayName } = await openRequest(trx, wanted, nowMicros)
    await run(
      trx,
      `update admission_request set settled_micros = $2::bigint, settled_by_no = $3::int, outcome = $4::text
        where request_no = $1::int`,
      [wanted.requestNo, nowMicros, wanted.as === 'operator' ? null : wanted.as.accountNo, outcome],
    )
    const detail = { ...(group !== undefined && { group }), outcome }
    await recordAudit(trx, nowMicros, [{ kind: 'admission_settled', actor: wanted.actor, detail }])
    const { actor, as } = wanted
    if (outcome === 'invited') await inviteIn(trx, context, { actor, as, group, email, displayName })
  })
}

/** Hands a request that named no group over to one, whose administrators are told. @throws {NotFoundError} */
export async function handOverAdmission(
  context: Pick<Context, 'clock' | 'database' | 'jobs'>,
  wanted: By & { readonly requestNo: number; readonly to: string },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await openRequest(trx, { ...wanted, group: undefined }, nowMicros)
    const group = await groupNamed(trx, wanted.to)
    await run(trx, 'update admission_request set group_no = $2::int where request_no = $1::int', [
      wanted.requestNo,
      group.group_no,
    ])
    await context.jobs.mustEnqueue(trx, 'admission-asked', { request: wanted.requestNo }, String(wanted.requestNo))
    const detail = { group: group.name }
    await recordAudit(trx, nowMicros, [{ kind: 'admission_handed_over', actor: wanted.actor, detail }])
  })
}

async function openRequest(
  trx: Transaction,
  wanted: By & { readonly requestNo: number; readonly group: string | undefined },
  nowMicros: number,
): Promise<{ readonly name: string; readonly email: string }> {
  const group = wanted.group === undefined ? undefined : await groupNamed(trx, wanted.group)
  if (group) await mustMay(trx, wanted, 'see-requests', { row: group, nowMicros })
  else await mustMay(trx, wanted, 'see-site-requests')
  const { rows } = await run<{ name: string; email: string }>(
    trx,
    `select name, email from admission_request
      where request_no = $1::int and group_no is not distinct from $2::int and settled_micros is null for update`,
    [wanted.requestNo, group?.group_no ?? null],
  )
  const [request] = rows
  if (!request) throw new NotFoundError('this request: somebody may have settled it already')
  return request
}

function shown(row: {
  readonly request_no: number
  readonly name: string
  readonly email: string
  readonly affiliation: string
  readonly message: string
  readonly made_micros: number
}): ListedRequest {
  const { request_no: requestNo, made_micros: madeMicros, ...words } = row
  return { ...words, requestNo, madeMicros }
}
