import type { Context } from '../../context.ts'
import { NotFoundError } from '../../errors.ts'
import type { Account } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run } from '../../storage/database.ts'

type Needs = Pick<Context, 'database' | 'clock'>

/** A device that needs no second factor for a while, as its owner sees it. */
export interface RememberedDevice {
  /** SHA-256 of its secret, in hex: names the device, opens nothing. */
  readonly id: string
  readonly device: string
  readonly network: string
  readonly createdMicros: number
  readonly expiresMicros: number
  readonly lastUsedMicros: number
}

/** The remembered devices of an account, newest use first. */
export async function devicesOf({ database, clock }: Needs, account: Account): Promise<readonly RememberedDevice[]> {
  const rows = await database.kysely
    .selectFrom('remembered_device')
    .select(['sha256', 'device', 'network', 'created_micros', 'expires_micros', 'last_used_micros'])
    .where('account_no', '=', account.accountNo)
    .where('expires_micros', '>', clock.nowMicros())
    .orderBy('last_used_micros', 'desc')
    .limit(200)
    .execute()
  return rows.map((row) => ({
    id: Buffer.from(row.sha256).toString('hex'),
    device: row.device,
    network: row.network,
    createdMicros: row.created_micros,
    expiresMicros: row.expires_micros,
    lastUsedMicros: row.last_used_micros,
  }))
}

/**
 * Forgets one remembered device: its next sign-in needs the second factor.
 * @param id as the list names it
 * @throws {NotFoundError} when it was forgotten already, or is somebody else's
 */
export async function forgetDevice({ database, clock }: Needs, account: Account, id: string): Promise<void> {
  if (!/^[0-9a-f]{64}$/.test(id)) throw new NotFoundError('the device')
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    const { count } = await run(
      trx,
      'delete from remembered_device where sha256 = $1::bytea and account_no = $2::int',
      [Buffer.from(id, 'hex'), account.accountNo],
    )
    if (count === 0) throw new NotFoundError('the device')
    await recordAudit(trx, nowMicros, [{ kind: 'device_forgotten', actor: account.name, detail: {} }])
  })
}
