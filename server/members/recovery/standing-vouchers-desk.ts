import type { Context } from '../../context.ts'
import { BadRequestError, NotFoundError, TooManyRequestsError } from '../../errors.ts'
import type { Account } from '../../storage/access.ts'
import { run, type Transaction } from '../../storage/database.ts'
import { approveRecovery, type RecoveryVouchers } from './recovery-vouchers.ts'
import { standingVouchers } from './standing-vouchers.ts'
import { codeOf } from './standing-vouchers-ask.ts'

/** Somebody who asked for a way back, as those who vouch for them see it. */
export interface OpenRecovery {
  readonly recoveryNo: number
  readonly account: string
  readonly displayName: string
  readonly removesFactors: boolean
  readonly openedMicros: number
  readonly approved: boolean
}

const HOUR_MICROS = 3_600_000_000
const MOST_CODES = 5

interface Row {
  readonly recovery_no: number
  readonly account_no: number
  readonly link_sha256: Uint8Array
  readonly name: string
  readonly display_name: string
  readonly removes_factors: boolean
  readonly opened_micros: number | string
  readonly approved: boolean
}

/** The open requests of people whom this account vouches for, newest first. */
export async function openRecoveriesFor(
  context: Pick<Context, 'clock' | 'database'>,
  voucher: Account,
): Promise<readonly OpenRecovery[]> {
  const rows = await context.database.transaction((trx) => openRows(trx, context, voucher))
  return rows.map((row) => ({
    recoveryNo: row.recovery_no,
    account: row.name,
    displayName: row.display_name || row.name,
    removesFactors: row.removes_factors,
    openedMicros: Number(row.opened_micros),
    approved: row.approved,
  }))
}

/**
 * Approves the way back of somebody who has said their code.
 * @throws {NotFoundError} for a request that is not open, or of somebody whom the account does not vouch for
 * @throws {BadRequestError} code `wrong_code`
 * @throws {TooManyRequestsError} after five codes in an hour
 */
export async function approveByCode(
  context: Pick<Context, 'attempts' | 'clock' | 'database' | 'jobs'>,
  wanted: { readonly recoveryNo: number; readonly code: string; readonly voucher: Account },
): Promise<{ readonly approved: number; readonly needed: number }> {
  const { recoveryNo, voucher } = wanted
  const rows = await context.database.transaction((trx) => openRows(trx, context, voucher))
  const row = rows.find((each) => each.recovery_no === recoveryNo)
  if (!row) throw new NotFoundError('this request')
  const mayTry = await context.attempts.countUpTo(`recovery codes of ${voucher.accountNo}`, MOST_CODES, HOUR_MICROS)
  if (!mayTry) throw new TooManyRequestsError(HOUR_MICROS / 1_000_000)
  const said = wanted.code.toUpperCase().replace(/[^0-9A-Z]/g, '')
  if (said !== codeOf(row.link_sha256).replace('-', '')) {
    throw new BadRequestError(
      'wrong_code',
      'this is not the code of this request: somebody else may have made it. Ask the person to read it to you again',
    )
  }
  return await approveRecovery(context, portOf(context), { recoveryNo, voucher })
}

function portOf({ clock }: Pick<Context, 'clock'>): RecoveryVouchers {
  return standingVouchers(clock.nowMicros())
}

async function openRows(trx: Transaction, context: Pick<Context, 'clock'>, voucher: Account): Promise<readonly Row[]> {
  const { rows } = await run<Row>(
    trx,
    `select r.recovery_no, r.account_no, r.link_sha256, a.name, a.display_name, r.removes_factors, r.opened_micros,
            exists (select 1 from recovery_approval p
                     where p.recovery_no = r.recovery_no and p.voucher_no = $1::int) as approved
       from recovery_request r
       join one_time_link l on l.sha256 = r.link_sha256
       join account a on a.account_no = r.account_no and a.active
      where r.needed > 0 and r.vetoed_micros is null and r.done_micros is null
        and l.withdrawn_micros is null and l.expires_micros > $2::bigint
        and exists (select 1 from vouch v where v.voucher_no = $1::int and v.vouchee_no = r.account_no
                       and v.ended_micros is null)
      order by r.recovery_no desc limit 50`,
    [voucher.accountNo, context.clock.nowMicros()],
  )
  const port = portOf(context)
  const own: Row[] = []
  for (const row of rows) {
    const plan = await port.vouchersOf(trx, row.account_no)
    if (plan?.vouchers.includes(voucher.accountNo)) own.push(row)
  }
  return own
}
