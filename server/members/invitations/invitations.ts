import { OPERATOR } from '../../admin/operator.ts'
import { timestampOf } from '../../clock.ts'
import { BadRequestError, NotFoundError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { isMailAddress } from '../../../mail/address.ts'
import { MAX_DISPLAY_NAME } from '../../site/own-profile.ts'
import { raiseAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { type Database, run, type Transaction } from '../../storage/database.ts'
import { groupNamed } from '../group-rows.ts'
import { linkHash, newLinkToken } from './link-token.ts'
import type { MembersContext } from '../memberships.ts'
import { type By, mustMay } from '../permission.ts'

/** Long enough for a holiday weekend, too short to be found in an old mailbox. */
const GOOD_MICROS = 7 * 86_400_000_000
const MAX_LISTED = 200

/** Whom is invited into what. */
export interface NewInvitation {
  /** Name of the group that the person joins; undefined invites to the site only. */
  readonly group?: string | undefined
  /** Where the invitation is sent to; without it the link is handed over by whoever made it. */
  readonly email?: string | undefined
  /** Filled into the form; the person may write another. */
  readonly displayName?: string | undefined
}

/** An invitation as lists show it; `id` names it and opens nothing. */
export interface Invitation {
  readonly id: string
  readonly email: string | undefined
  readonly displayName: string
  readonly madeBy: string
  readonly createdMicros: number
  readonly expiresMicros: number
  readonly state: 'open' | 'used' | 'withdrawn' | 'expired'
}

/**
 * Makes an invitation: a link that is good once, for seven days. The database keeps its hash only; where an address is
 * given, the link is mailed in the same transaction.
 * @throws {BadRequestError} code `bad_address` or `bad_display_name`
 */
export async function makeInvitation(
  context: MembersContext,
  wanted: By & NewInvitation,
): Promise<{ readonly token: string; readonly expires: string }> {
  return await context.database.transaction((trx) => inviteIn(trx, context, wanted))
}

/** As {@link makeInvitation}, inside the caller's transaction. */
export async function inviteIn(
  trx: Transaction,
  context: MembersContext,
  wanted: By & NewInvitation,
): Promise<{ readonly token: string; readonly expires: string }> {
  const email = wanted.email || undefined
  if (email !== undefined && !isMailAddress(email)) {
    throw new BadRequestError('bad_address', 'write one e-mail address, for example name@city.example')
  }
  const displayName = checkedDisplayName(wanted.displayName ?? '')
  const token = newLinkToken()
  const nowMicros = context.clock.nowMicros()
  const expiresMicros = nowMicros + GOOD_MICROS
  await raiseAccess(trx)
  const group = wanted.group === undefined ? undefined : await groupNamed(trx, wanted.group)
  if (group) await mustMay(trx, wanted, 'manage-members', { row: group, nowMicros })
  else await mustMay(trx, wanted, 'invite-account')
  await trx
    .insertInto('one_time_link')
    .values({
      sha256: linkHash(token),
      purpose: 'invitation',
      account_no: null,
      group_no: group?.group_no ?? null,
      email: email ?? null,
      display_name: displayName,
      made_by_no: wanted.as === 'operator' ? null : wanted.as.accountNo,
      created_micros: nowMicros,
      expires_micros: expiresMicros,
      used_micros: null,
      withdrawn_micros: null,
    })
    .execute()
  if (email !== undefined) {
    await addNotice(trx, context, { kind: 'invitation', to: { address: email }, path: `/invitation/${token}` })
  }
  const detail = { group: group?.name ?? null, mailed: email !== undefined, expires: timestampOf(expiresMicros) }
  await recordAudit(trx, nowMicros, [{ kind: 'invitation_made', actor: wanted.actor, detail }])
  return { token, expires: timestampOf(expiresMicros) }
}

/**
 * Withdraws an invitation that nobody has used: by its id and its group together.
 * @throws {NotFoundError} for one that is not open, or of another group
 */
export async function withdrawInvitation(
  context: MembersContext,
  wanted: By & { readonly id: string; readonly group?: string | undefined },
): Promise<void> {
  if (!/^[0-9a-f]{64}$/.test(wanted.id)) throw new NotFoundError('this invitation')
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = wanted.group === undefined ? undefined : await groupNamed(trx, wanted.group)
    if (group) await mustMay(trx, wanted, 'manage-members', { row: group, nowMicros })
    else await mustMay(trx, wanted, 'invite-account')
    const { count } = await run(
      trx,
      `update one_time_link set withdrawn_micros = $3::bigint
        where sha256 = $1::bytea and purpose = 'invitation' and group_no is not distinct from $2::int
          and used_micros is null and withdrawn_micros is null`,
      [Buffer.from(wanted.id, 'hex'), group?.group_no ?? null, nowMicros],
    )
    if (count === 0) throw new NotFoundError('this invitation')
    const detail = { group: group?.name ?? null }
    await recordAudit(trx, nowMicros, [{ kind: 'invitation_withdrawn', actor: wanted.actor, detail }])
  })
}

/** The latest invitations into a group, or to the site where no group is given; newest first. */
export async function listInvitations(
  database: Database,
  groupNo: number | undefined,
  nowMicros: number,
): Promise<readonly Invitation[]> {
  const rows = await database.kysely
    .selectFrom('one_time_link as link')
    .leftJoin('account', 'account.account_no', 'link.made_by_no')
    .select(['link.sha256', 'link.email', 'link.display_name', 'link.created_micros', 'link.expires_micros'])
    .select(['link.used_micros', 'link.withdrawn_micros', 'account.name as made_by'])
    .where('link.purpose', '=', 'invitation')
    .where('link.group_no', groupNo === undefined ? 'is' : '=', groupNo ?? null)
    .orderBy('link.created_micros', 'desc')
    .limit(MAX_LISTED)
    .execute()
  return rows.map((row) => ({
    id: Buffer.from(row.sha256).toString('hex'),
    email: row.email ?? undefined,
    displayName: row.display_name,
    madeBy: row.made_by ?? OPERATOR,
    createdMicros: row.created_micros,
    expiresMicros: row.expires_micros,
    state: stateOf(row, nowMicros),
  }))
}

/** The name that people see: one line of at most 100 characters. @throws {BadRequestError} code `bad_display_name` */
export function checkedDisplayName(text: string): string {
  const name = text.trim()
  if (name.length > MAX_DISPLAY_NAME || /\p{Cc}/u.test(name)) {
    throw new BadRequestError('bad_display_name', `a name has at most ${MAX_DISPLAY_NAME} characters, in one line`)
  }
  return name
}

function stateOf(
  row: {
    readonly used_micros: number | null
    readonly withdrawn_micros: number | null
    readonly expires_micros: number
  },
  nowMicros: number,
): Invitation['state'] {
  if (row.used_micros !== null) return 'used'
  if (row.withdrawn_micros !== null) return 'withdrawn'
  return row.expires_micros <= nowMicros ? 'expired' : 'open'
}
