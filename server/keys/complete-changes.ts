import { addNotice } from '../notices/add-notice.ts'
import { holdAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Transaction } from '../storage/database.ts'
import { endsEncryption } from '../../mail/openpgp/certificate.ts'
import { problemsOf } from './certificate-row.ts'
import type { KeysContext } from './context.ts'
import { pinNow } from './key-change.ts'
import { keysOf } from './pin-certificate.ts'

const AT_ONCE = 100

/**
 * Completes the changes of key whose time is over, each in a transaction of its own. One whose key can no longer be used,
 * or whose member has left, is stopped.
 */
export async function completeDueChanges(context: KeysContext): Promise<void> {
  for (let more = true; more;) {
    const due = await context.database.kysely
      .selectFrom('key_change')
      .select('change_no')
      .where('done_micros', 'is', null)
      .where('stopped_micros', 'is', null)
      .where('ready_micros', '<=', context.clock.nowMicros())
      .orderBy('change_no')
      .limit(AT_ONCE)
      .execute()
    for (const { change_no: changeNo } of due) {
      await context.database.transaction((trx) => complete(trx, context, changeNo))
    }
    more = due.length === AT_ONCE
  }
}

async function complete(trx: Transaction, context: KeysContext, changeNo: number): Promise<void> {
  await holdAccess(trx)
  const nowMicros = context.clock.nowMicros()
  const change = await trx
    .selectFrom('key_change as c')
    .innerJoin('trust_group as g', 'g.group_no', 'c.group_no')
    .innerJoin('account as a', 'a.account_no', 'c.account_no')
    .leftJoin('membership as m', (join) =>
      join.onRef('m.group_no', '=', 'c.group_no').onRef('m.account_no', '=', 'c.account_no'),
    )
    .select(['c.change_no', 'c.group_no', 'c.account_no', 'c.from_no', 'c.to_no', 'c.asked_micros', 'c.ready_micros'])
    .select(['g.name as group', 'a.name as account', 'm.account_no as member_no'])
    .where('c.change_no', '=', changeNo)
    .where('c.done_micros', 'is', null)
    .where('c.stopped_micros', 'is', null)
    .executeTakeFirst()
  // a run beside this one may have been faster
  if (!change) return
  const { to } = await keysOf(trx, change)
  const isFit =
    to.retired_micros === null && to.proven_micros !== null && !problemsOf(to, nowMicros).some(endsEncryption)
  const ends = isFit && change.member_no !== null ? 'done_micros' : 'stopped_micros'
  await trx
    .updateTable('key_change')
    .set({ [ends]: nowMicros })
    .where('change_no', '=', changeNo)
    .execute()
  if (ends === 'stopped_micros') {
    const detail = { group: change.group, account: change.account }
    await recordAudit(trx, nowMicros, [{ kind: 'key_change_stopped', actor: 'system', detail }])
    return
  }
  const group = { group_no: change.group_no, name: change.group }
  await pinNow(trx, context, group, {
    accountNo: change.account_no,
    account: change.account,
    certificate: to,
    proof: 'delay',
    actor: 'system',
    nowMicros,
  })
  const member = { accountNo: change.account_no, groupNo: change.group_no }
  await addNotice(trx, context, { kind: 'membership-changed', to: member, path: '/account/keys' })
}
