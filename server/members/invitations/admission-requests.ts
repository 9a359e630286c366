import { isMailAddress } from '../../../mail/address.ts'
import { countedNetwork } from '../../auth/factors/counted-network.ts'
import type { Context } from '../../context.ts'
import { BadRequestError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run } from '../../storage/database.ts'
import type { Access, TrustGroup } from '../../storage/access.ts'
import { isClosedToRequests } from './admission-requests-door.ts'
import { administratorsOf } from '../group-rows.ts'
import { seenLine, seenText } from '../vouching/vouch-text.ts'

/** What somebody without an account writes of themself. */
export interface AdmissionRequest {
  readonly name: string
  readonly email: string
  readonly affiliation: string
  readonly message: string
  /** As they call it; '' where they know none. */
  readonly group: string
}

/** Longest entries, in characters. */
export const MOST = { name: 100, email: 254, affiliation: 200, message: 2000, group: 100 } as const
/** Open ones of a group, and of the site: whoever floods it is heard no more until some are settled. */
const MOST_OPEN = 200
const HOUR_MICROS = 3_600_000_000
const DAY_MICROS = 24 * HOUR_MICROS
const MOST_OF_NETWORK = 5
const MOST_OF_ADDRESS = 3
const KEPT_MICROS = 90 * DAY_MICROS

/**
 * Takes a request to be invited. It goes to the group that is meant where there is one that takes requests, else to the
 * administrators of the site; who is told is found out in a job. So neither the answer nor its time says whether there is
 * such a group or address, and too many requests are passed over without a word.
 * @param access as of now
 * @throws {BadRequestError} code `bad_name`, `bad_address` or `bad_message`, which depend on the words alone
 */
export async function askAdmission(
  context: Pick<Context, 'attempts' | 'clock' | 'database' | 'jobs'>,
  access: Access,
  asked: AdmissionRequest,
  network: string,
): Promise<void> {
  const request = checked(asked)
  const email = request.email.toLowerCase()
  const from = `admission from ${countedNetwork(network)}`
  const ofNetwork = await context.attempts.countUpTo(from, MOST_OF_NETWORK, HOUR_MICROS)
  const ofAddress = await context.attempts.countUpTo(`admission of ${email}`, MOST_OF_ADDRESS, DAY_MICROS)
  if (!ofNetwork || !ofAddress) return
  const groupNo = groupMeant(access, request.group)?.groupNo ?? null
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    const { rows } = await run<{ request_no: number }>(
      trx,
      `insert into admission_request (group_no, name, email, affiliation, message, made_micros)
       select $1::int, $2::text, $3::text, $4::text, $5::text, $6::bigint
        where (select count(*) from admission_request
                where group_no is not distinct from $1::int and settled_micros is null) < ${MOST_OPEN}
       returning request_no`,
      [groupNo, request.name, email, request.affiliation, request.message, nowMicros],
    )
    const [made] = rows
    if (made)
      await context.jobs.mustEnqueue(trx, 'admission-asked', { request: made.request_no }, String(made.request_no))
  })
}

/** What the job does: tells those who may settle a request that there is one. */
export async function tellOfAdmission(
  context: Pick<Context, 'clock' | 'database' | 'jobs'>,
  { request }: { readonly request: number },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    const row = await trx
      .selectFrom('admission_request as r')
      .leftJoin('trust_group as g', 'g.group_no', 'r.group_no')
      .select(['r.group_no', 'g.name as group'])
      .where('r.request_no', '=', request)
      .where('r.settled_micros', 'is', null)
      .executeTakeFirst()
    if (!row) return
    const site = trx
      .selectFrom('account')
      .select('account_no')
      .where('role', '=', 'administrator')
      .where('active', '=', true)
    const path = row.group === null ? '/site/requests' : `/groups/${row.group}/requests`
    const told =
      row.group_no === null
        ? (await site.execute()).map(({ account_no }) => account_no)
        : await administratorsOf(trx, row.group_no)
    for (const accountNo of told) {
      const to = { accountNo, ...(row.group_no !== null && { groupNo: row.group_no }) }
      await addNotice(trx, context, { kind: 'admission-request', to, path })
    }
    const detail = { ...(row.group !== null && { group: row.group }), told: told.length }
    await recordAudit(trx, nowMicros, [{ kind: 'admission_asked', actor: 'anonymous', detail }])
  })
}

/** Forgets requests after 90 days: open ones that nobody settled, and what strangers wrote in settled ones. */
export async function expireAdmissionRequests({ clock, database }: Pick<Context, 'clock' | 'database'>): Promise<void> {
  await database.transaction((trx) =>
    run(trx, 'delete from admission_request where coalesce(settled_micros, made_micros) < $1::bigint', [
      clock.nowMicros() - KEPT_MICROS,
    ]),
  )
}

function groupMeant(access: Access, called: string): TrustGroup | undefined {
  const wanted = called.toLowerCase()
  const group = access.groups.find(({ name, title }) => name === wanted || title.toLowerCase() === wanted)
  return group && !isClosedToRequests(access, group) ? group : undefined
}

function checked(asked: AdmissionRequest): AdmissionRequest {
  const request = {
    name: seenLine(asked.name),
    email: seenLine(asked.email),
    affiliation: seenLine(asked.affiliation).slice(0, MOST.affiliation),
    message: seenText(asked.message),
    group: seenLine(asked.group).slice(0, MOST.group),
  }
  if (request.name === '' || request.name.length > MOST.name) {
    throw new BadRequestError('bad_name', `write your name, in at most ${MOST.name} characters`)
  }
  if (!isMailAddress(request.email)) {
    throw new BadRequestError('bad_address', 'write one e-mail address, for example name@city.example')
  }
  if (request.message.length > MOST.message) {
    throw new BadRequestError('bad_message', `write at most ${MOST.message} characters`)
  }
  return request
}
