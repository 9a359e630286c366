import { NotFoundError } from '../errors.ts'
import { addNotice } from '../notices/add-notice.ts'
import { raiseAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Database } from '../storage/database.ts'
import { groupNamed } from './group-rows.ts'
import { insertMembership, type MembersContext } from './memberships.ts'
import { type By, mustMay } from './permission.ts'

/** A directory says that somebody belongs here. It is a word, never a membership: an administrator of the group decides. */
export interface Proposal {
  readonly proposalNo: number
  readonly account: string
  readonly displayName: string
  /** Title of the directory or provider. */
  readonly provider: string
  /** The group there, as it calls it. */
  readonly outsideGroup: string
  readonly proposedMicros: number
}

const MAX_LISTED = 200

/** Proposals that wait, oldest first. Those for suspended accounts wait unseen. */
export async function listProposals(database: Database, groupNo: number): Promise<readonly Proposal[]> {
  const rows = await database.kysely
    .selectFrom('membership_proposal as p')
    .innerJoin('account', 'account.account_no', 'p.account_no')
    .innerJoin('sign_in_provider as provider', 'provider.provider_no', 'p.provider_no')
    .select(['p.proposal_no', 'account.name', 'account.display_name', 'provider.title'])
    .select(['p.outside_group', 'p.proposed_micros'])
    .where('p.group_no', '=', groupNo)
    .where('p.settled_micros', 'is', null)
    .where('account.active', '=', true)
    .orderBy('p.proposal_no')
    .limit(MAX_LISTED)
    .execute()
  return rows.map((row) => ({
    proposalNo: row.proposal_no,
    account: row.name,
    displayName: row.display_name || row.name,
    provider: row.title,
    outsideGroup: row.outside_group,
    proposedMicros: row.proposed_micros,
  }))
}

/**
 * Accepts a proposal, which makes a membership, or declines it; each is settled once.
 * @throws {NotFoundError} for one that is settled, or of another group
 * @throws {ConflictError} when accepting somebody who is a member by now
 */
export async function settleProposal(
  context: MembersContext,
  wanted: By & { readonly group: string; readonly proposalNo: number; readonly accept: boolean },
): Promise<{ readonly account: string }> {
  const { accept, proposalNo, as } = wanted
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'manage-members', { row: group, nowMicros })
    const proposal = await trx
      .updateTable('membership_proposal')
      .set({
        settled_micros: nowMicros,
        accepted: accept,
        settled_by_no: as === 'operator' ? null : as.accountNo,
      })
      .where('proposal_no', '=', proposalNo)
      .where('group_no', '=', group.group_no)
      .where('settled_micros', 'is', null)
      .returning('account_no')
      .executeTakeFirst()
    const account = await trx
      .selectFrom('account')
      .select(['name', 'active'])
      .where('account_no', '=', proposal?.account_no ?? 0)
      .executeTakeFirst()
    if (!proposal || !account?.active) throw new NotFoundError('this proposal')
    if (accept) {
      const joining = { group, accountNo: proposal.account_no, roles: [], actor: wanted.actor, nowMicros }
      await insertMembership(trx, context, joining)
      const to = { accountNo: proposal.account_no }
      await addNotice(trx, context, { kind: 'membership-changed', to, path: `/groups/${group.name}` })
    }
    const kind = accept ? 'proposal_accepted' : 'proposal_declined'
    const detail = { group: group.name, account: account.name, proposal: proposalNo }
    await recordAudit(trx, nowMicros, [{ kind, actor: wanted.actor, detail }])
    return { account: account.name }
  })
}
