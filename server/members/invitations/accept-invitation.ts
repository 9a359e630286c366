import { OPERATOR } from '../../admin/operator.ts'
import { checkedPassword } from '../../auth/factors/password-rules.ts'
import { hashPassword } from '../../auth/factors/password.ts'
import { NotFoundError } from '../../errors.ts'
import { checkedName, insertAccount } from '../../site/accounts.ts'
import { raiseAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run, type Transaction } from '../../storage/database.ts'
import { keepVerified } from '../profile/addresses.ts'
import { checkedDisplayName } from './invitations.ts'
import { linkHash } from './link-token.ts'
import { insertMembership, type MembersContext } from '../memberships.ts'
import { openInvitation } from './open-invitation.ts'
import type { GroupRow } from '../permission.ts'

/** What somebody who was invited says of themself. */
export interface Newcomer {
  readonly name: string
  readonly displayName: string
  readonly password: string
  /** BCP 47, of the page that they filled in. */
  readonly language: string
}

/** What an invitation offers, for its page. Looking uses up nothing: mail scanners open every link. */
export interface Offer {
  readonly displayName: string
  /** As people call them; undefined when the site itself invites. */
  readonly madeBy: string | undefined
  readonly group: { readonly name: string; readonly title: string } | undefined
}

/** @returns undefined for a link that is wrong, used, expired or withdrawn: one answer for all */
export async function offerOf(context: MembersContext, token: string): Promise<Offer | undefined> {
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    const invitation = await openInvitation(trx, token, nowMicros)
    if (!invitation) return undefined
    const group = await groupNumbered(trx, invitation.groupNo)
    return { displayName: invitation.displayName, madeBy: invitation.madeBy?.displayName, group }
  })
}

/**
 * Makes an account, lets it join, and uses up the link, all in one transaction: of two who come at once one wins.
 * @returns the number of the account, and the name of its group
 * @throws {NotFoundError} for a link that does not count
 * @throws {BadRequestError} code `bad_name`, `bad_password` or `bad_display_name`; the link stays good
 * @throws {ConflictError} when the name is taken; the link stays good
 */
export async function acceptInvitation(
  context: MembersContext,
  token: string,
  newcomer: Newcomer,
): Promise<{ readonly accountNo: number; readonly group: string | undefined }> {
  const name = checkedName(newcomer.name)
  const displayName = checkedDisplayName(newcomer.displayName)
  const password = checkedPassword(newcomer.password, [name, displayName])
  // a hash costs 30 ms of a core: only for those who hold a link
  if (!(await offerOf(context, token))) throw new NotFoundError('this invitation')
  const password_hash = await hashPassword(password)
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const invitation = await takeInvitation(trx, token, nowMicros)
    const { account_no } = await insertAccount(trx, { name, role: 'member', password_hash, nowMicros })
    await run(
      trx,
      'update account set display_name = $2::text, email = $3::text, language = $4::text where account_no = $1::int',
      [account_no, displayName === name ? '' : displayName, invitation.email ?? null, newcomer.language],
    )
    if (invitation.email !== undefined) {
      // whoever has the link reads the mailbox that it was sent to
      await keepVerified(trx, { accountNo: account_no, address: invitation.email, nowMicros })
    }
    const group = await groupNumbered(trx, invitation.groupNo)
    if (group) await insertMembership(trx, context, { group, accountNo: account_no, roles: [], actor: name, nowMicros })
    const detail = { account: name, group: group?.name ?? null, invited_by: invitation.madeBy?.name ?? OPERATOR }
    await recordAudit(trx, nowMicros, [
      { kind: 'account_made', actor: name, detail: { account: name, role: 'member', read: '', write: '' } },
      { kind: 'invitation_accepted', actor: name, detail },
    ])
    return { accountNo: account_no, group: group?.name }
  })
}

/**
 * Lets somebody who has an account and has signed in join the group of an invitation, and uses it up.
 * @throws {NotFoundError} for a link that does not count, or that invites to the site only
 * @throws {ConflictError} for a member; the link stays good
 */
export async function joinByInvitation(
  context: MembersContext,
  token: string,
  account: { readonly accountNo: number; readonly name: string },
): Promise<{ readonly group: string }> {
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const invitation = await takeInvitation(trx, token, nowMicros)
    const group = await groupNumbered(trx, invitation.groupNo)
    const row = await trx
      .selectFrom('account')
      .select('account_no')
      .where('account_no', '=', account.accountNo)
      .where('active', '=', true)
      .executeTakeFirst()
    if (!group || !row) throw new NotFoundError('this invitation')
    const { accountNo, name: actor } = account
    await insertMembership(trx, context, { group, accountNo, roles: [], actor, nowMicros })
    const detail = { account: account.name, group: group.name, invited_by: invitation.madeBy?.name ?? OPERATOR }
    await recordAudit(trx, nowMicros, [{ kind: 'invitation_accepted', actor: account.name, detail }])
    return { group: group.name }
  })
}

async function takeInvitation(trx: Transaction, token: string, nowMicros: number) {
  const invitation = await openInvitation(trx, token, nowMicros)
  const { count } = await run(
    trx,
    `update one_time_link set used_micros = $2::bigint
      where sha256 = $1::bytea and used_micros is null and withdrawn_micros is null and expires_micros > $2::bigint`,
    [linkHash(token), nowMicros],
  )
  if (!invitation || count === 0) throw new NotFoundError('this invitation')
  return invitation
}

async function groupNumbered(trx: Transaction, groupNo: number | undefined): Promise<GroupRow | undefined> {
  if (groupNo === undefined) return undefined
  return await trx
    .selectFrom('trust_group')
    .select(['group_no', 'name', 'title', 'second_factor', 'policy'])
    .where('group_no', '=', groupNo)
    .executeTakeFirst()
}
