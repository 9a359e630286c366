import type { Transaction } from '../../storage/database.ts'
import { groupNamed } from '../group-rows.ts'
import type { MembersContext } from '../memberships.ts'
import { type By, type GroupRow, mustMay } from '../permission.ts'
import { speakerOf, subjectNamed } from './vouch-subject.ts'

/**
 * Marks people as unknown to oneself, or takes the mark away; nobody else ever sees it.
 * @throws {NotFoundError} for whom the caller does not see in this group
 */
export async function markUnknown(
  context: MembersContext,
  wanted: By & { readonly group: string; readonly people: readonly string[]; readonly isUnknown: boolean },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'vouch', { row: group, nowMicros })
    const { accountNo } = await speakerOf(trx, wanted, group, 'login')
    for (const handle of wanted.people.slice(0, 200)) {
      const subject = await subjectNamed(trx, wanted, { row: group, nowMicros }, handle)
      const pair = { group_no: group.group_no, voucher_no: accountNo, vouchee_no: subject.accountNo }
      await unmark(trx, group, accountNo, subject.accountNo)
      if (!wanted.isUnknown || subject.accountNo === accountNo) continue
      await trx
        .insertInto('vouch_mark')
        .values({ ...pair, marked_micros: nowMicros })
        .execute()
    }
  })
}

/** Takes the mark of somebody away, for example because they vouch now. */
export async function unmark(trx: Transaction, group: GroupRow, voucherNo: number, voucheeNo: number): Promise<void> {
  await trx
    .deleteFrom('vouch_mark')
    .where('group_no', '=', group.group_no)
    .where('voucher_no', '=', voucherNo)
    .where('vouchee_no', '=', voucheeNo)
    .execute()
}
