import { statesThat } from '../../../policies/member-state.ts'
import { run, type Transaction } from '../../storage/database.ts'
import type { RecoveryVouchers } from './recovery-vouchers.ts'

/** Who must approve a way back, and of how many. */
const NEEDED = 2
const AT_LEAST = 3
/** Fewer days make no acquaintance: three strangers cannot vouch for somebody today to take their account over tomorrow. */
const AGE_MICROS = 30 * 86_400_000_000

/**
 * The people who can say that a person is the owner of an account: those whose vouch for them has stood for 30 days, in
 * whichever words, in a group that both are in now. Two of at least three must approve. Administrators of the site come back by each other, or by
 * the operator: their account is worth more than one group's word.
 */
export function standingVouchers(nowMicros: number): RecoveryVouchers {
  return {
    vouchersOf: async (trx, accountNo) => {
      const vouchers = await vouchersOf(trx, accountNo, nowMicros)
      return vouchers.length < AT_LEAST ? undefined : { needed: NEEDED, vouchers }
    },
  }
}

async function vouchersOf(trx: Transaction, accountNo: number, nowMicros: number): Promise<readonly number[]> {
  const { rows } = await run<{ voucher_no: number }>(
    trx,
    `select distinct v.voucher_no from vouch v
       join account owner on owner.account_no = v.vouchee_no and owner.active and owner.role = 'member'
       join account voucher on voucher.account_no = v.voucher_no and voucher.active
       join membership mine on mine.group_no = v.group_no and mine.account_no = v.vouchee_no
       join membership theirs on theirs.group_no = v.group_no and theirs.account_no = v.voucher_no
      where v.vouchee_no = $1::int and v.voucher_no <> v.vouchee_no and v.ended_micros is null
        and (v.expires_micros is null or v.expires_micros > $2::bigint)
        and exists (select 1 from vouch o
              where o.group_no = v.group_no and o.voucher_no = v.voucher_no and o.vouchee_no = v.vouchee_no
                and o.made_micros <= $3::bigint and (o.ended_micros is null or o.ended_micros > $3::bigint))
        and not exists (select 1 from vouch o
              where o.group_no = v.group_no and o.voucher_no = v.voucher_no and o.vouchee_no = v.vouchee_no
                and o.ended_micros > $3::bigint and o.end_reason <> 'replaced')
        and mine.state = any($4::text[]) and theirs.state = any($4::text[])
      order by v.voucher_no`,
    [accountNo, nowMicros, nowMicros - AGE_MICROS, [...statesThat('login')]],
  )
  return rows.map((row) => row.voucher_no)
}
