import type { Context } from '../../context.ts'
import { type AuditEvent, recordAudit } from '../../storage/audit-log.ts'
import type { Transaction } from '../../storage/database.ts'

/** How long a declined proposal is not made again. */
const DECLINED_MICROS = 365 * 24 * 3_600_000_000

/**
 * Proposes somebody for the trust groups that the provider's groups are mapped to, and withdraws what no outside group
 * supports any more. A proposal waits for the group's own decision: nobody becomes a member here, and no membership ends.
 * @param groups outside groups that list the person now; undefined changes nothing
 */
export async function proposeMemberships(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  provider: { readonly providerNo: number; readonly name: string },
  accountNo: number,
  groups: readonly string[] | undefined,
): Promise<void> {
  if (groups === undefined) return
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    const state = await stateOf(trx, provider.providerNo, accountNo)
    const supported = supportOf(state.mappings, groups)
    const events: AuditEvent[] = []
    const note = (kind: string, groupNo: number) => {
      const detail = { account: state.account, provider: provider.name, group: state.groupName(groupNo) }
      events.push({ kind, actor: 'system', detail })
    }
    for (const [groupNo, outsideGroup] of supported) {
      const proposal = state.proposals.get(groupNo)
      if (state.memberOf.has(groupNo) || !mayBeMade(proposal, nowMicros)) continue
      await trx
        .insertInto('membership_proposal')
        .values({
          group_no: groupNo,
          account_no: accountNo,
          provider_no: provider.providerNo,
          outside_group: outsideGroup,
          proposed_micros: nowMicros,
        })
        .onConflict((conflict) =>
          conflict.columns(['group_no', 'account_no', 'provider_no']).doUpdateSet({
            outside_group: outsideGroup,
            proposed_micros: nowMicros,
            settled_micros: null,
            accepted: null,
            settled_by_no: null,
          }),
        )
        .execute()
      note('membership_proposed', groupNo)
    }
    for (const [groupNo, proposal] of state.proposals) {
      if (supported.has(groupNo) || proposal.settled_micros !== null) continue
      await trx
        .deleteFrom('membership_proposal')
        .where('proposal_no', '=', proposal.proposal_no)
        .where('settled_micros', 'is', null)
        .execute()
      note('proposal_withdrawn', groupNo)
    }
    await recordAudit(trx, nowMicros, events)
  })
}

/** The first outside group, by name, that supports a trust group. */
function supportOf(
  mappings: readonly { readonly outside_group: string; readonly group_no: number }[],
  groups: readonly string[],
): ReadonlyMap<number, string> {
  const listed = new Set(groups)
  const supported = new Map<number, string>()
  for (const { outside_group, group_no } of mappings) {
    if (listed.has(outside_group) && !supported.has(group_no)) supported.set(group_no, outside_group)
  }
  return supported
}

/** One that waits is made already; one that was settled is made again after a year. */
function mayBeMade(proposal: { readonly settled_micros: number | null } | undefined, nowMicros: number): boolean {
  if (!proposal) return true
  return proposal.settled_micros !== null && proposal.settled_micros + DECLINED_MICROS <= nowMicros
}

async function stateOf(trx: Transaction, providerNo: number, accountNo: number) {
  // two sign-ins of one person at the same time come one after the other
  const account = await trx
    .selectFrom('account')
    .select('name')
    .where('account_no', '=', accountNo)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const mappings = await trx
    .selectFrom('group_mapping')
    .innerJoin('trust_group', 'trust_group.group_no', 'group_mapping.group_no')
    .select(['group_mapping.outside_group', 'group_mapping.group_no', 'trust_group.name'])
    .where('group_mapping.provider_no', '=', providerNo)
    .orderBy('group_mapping.outside_group')
    .execute()
  const proposals = await trx
    .selectFrom('membership_proposal')
    .innerJoin('trust_group', 'trust_group.group_no', 'membership_proposal.group_no')
    .select([
      'membership_proposal.proposal_no',
      'membership_proposal.group_no',
      'membership_proposal.settled_micros',
      'trust_group.name',
    ])
    .where('membership_proposal.provider_no', '=', providerNo)
    .where('membership_proposal.account_no', '=', accountNo)
    .execute()
  const memberships = await trx
    .selectFrom('membership')
    .select('group_no')
    .where('account_no', '=', accountNo)
    .execute()
  const names = new Map([...mappings, ...proposals].map((row) => [row.group_no, row.name]))
  return {
    account: account.name,
    mappings,
    proposals: new Map(proposals.map((row) => [row.group_no, row])),
    memberOf: new Set(memberships.map((row) => row.group_no)),
    groupName: (groupNo: number) => names.get(groupNo) ?? String(groupNo),
  }
}
