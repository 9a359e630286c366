import { ForbiddenError, NotFoundError } from '../../errors.ts'
import { raiseAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run, type Transaction } from '../../storage/database.ts'
import type { MembersContext } from '../memberships.ts'
import { activeAccount, insertRecovery, type OpenedRecovery, VETO_MICROS } from './recovery.ts'

/**
 * Who may vouch that a person is the owner of an account: standing-vouchers.ts finds them among the vouches of trust groups.
 * What is here does not depend on it: the delay, the owner's veto, and m approvals out of n, each counted once.
 */
export interface RecoveryVouchers {
  /** @returns undefined when the account cannot be recovered this way */
  vouchersOf(
    trx: Transaction,
    accountNo: number,
  ): Promise<{ readonly needed: number; readonly vouchers: readonly number[] } | undefined>
}

/**
 * Opens a way back that counts when enough vouchers have approved and a day has passed in which the owner did not stop
 * it. The link is for whoever asked: it never goes to a voucher.
 * @throws {NotFoundError} when there is no such account, or it has too few vouchers
 */
export async function askVouchers(
  context: MembersContext,
  port: RecoveryVouchers,
  wanted: { readonly name: string; readonly removeFactors: boolean },
): Promise<OpenedRecovery & { readonly recoveryNo: number }> {
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const account = await activeAccount(trx, wanted.name)
    const plan = await port.vouchersOf(trx, account.account_no)
    const others = new Set(plan?.vouchers.filter((each) => each !== account.account_no))
    if (!plan || plan.needed < 1 || others.size < plan.needed) throw new NotFoundError(`vouchers of ${wanted.name}`)
    const opened = await insertRecovery(trx, context, {
      account,
      removeFactors: wanted.removeFactors,
      needed: plan.needed,
      nowMicros,
      readyMicros: nowMicros + VETO_MICROS,
      madeBy: null,
    })
    const detail = { account: wanted.name, needed: plan.needed, remove_factors: wanted.removeFactors }
    await recordAudit(trx, nowMicros, [{ kind: 'recovery_asked_of_vouchers', actor: 'anonymous', detail }])
    return opened
  })
}

/**
 * Counts the approval of one voucher; a second one of the same voucher changes nothing.
 * @returns how many have approved, and how many are needed
 * @throws {NotFoundError} for a recovery that is done, stopped or not there
 * @throws {ForbiddenError} for somebody who is no voucher of the account, or suspended
 */
export async function approveRecovery(
  context: MembersContext,
  port: RecoveryVouchers,
  wanted: { readonly recoveryNo: number; readonly voucher: { readonly accountNo: number; readonly name: string } },
): Promise<{ readonly approved: number; readonly needed: number }> {
  const nowMicros = context.clock.nowMicros()
  const { recoveryNo, voucher } = wanted
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const request = await trx
      .selectFrom('recovery_request')
      .innerJoin('account', 'account.account_no', 'recovery_request.account_no')
      .select(['recovery_request.account_no', 'needed', 'name'])
      .where('recovery_no', '=', recoveryNo)
      .where('needed', '>', 0)
      .where('vetoed_micros', 'is', null)
      .where('done_micros', 'is', null)
      .executeTakeFirst()
    if (!request) throw new NotFoundError('this recovery')
    const plan = await port.vouchersOf(trx, request.account_no)
    const own = await trx
      .selectFrom('account')
      .select('active')
      .where('account_no', '=', voucher.accountNo)
      .executeTakeFirst()
    const isVoucher = voucher.accountNo !== request.account_no && plan?.vouchers.includes(voucher.accountNo)
    if (!own?.active || !isVoucher)
      throw new ForbiddenError('Only somebody who vouches for the owner can approve this.')
    const { count } = await run(
      trx,
      `insert into recovery_approval (recovery_no, voucher_no, approved_micros) values ($1::int, $2::int, $3::bigint)
       on conflict do nothing`,
      [recoveryNo, voucher.accountNo, nowMicros],
    )
    const { rows } = await run<{ approved: number | string }>(
      trx,
      'select count(*) as approved from recovery_approval where recovery_no = $1::int',
      [recoveryNo],
    )
    const detail = { account: request.name, recovery: recoveryNo }
    if (count > 0) await recordAudit(trx, nowMicros, [{ kind: 'recovery_approved', actor: voucher.name, detail }])
    return { approved: Number(rows[0]?.approved ?? 0), needed: request.needed }
  })
}
