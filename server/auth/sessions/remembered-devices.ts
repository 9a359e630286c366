import { hash, randomBytes } from 'node:crypto'
import type { Context } from '../../context.ts'
import type { Account } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run, type Transaction } from '../../storage/database.ts'

/** How long a device needs no second factor. */
export const REMEMBERED_MICROS = 30 * 86_400_000_000

type Needs = Pick<Context, 'database' | 'clock'>

/**
 * Remembers a device after its second factor was proven.
 * @param wanted.account as it is now: with its next credential generation the device is forgotten
 * @returns 256 random bits for the device's cookie, in base64url
 */
export async function rememberDevice(
  { database, clock }: Needs,
  wanted: { readonly account: Account; readonly device: string; readonly network: string },
): Promise<string> {
  const { account, device, network } = wanted
  const secret = randomBytes(32).toString('base64url')
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    await trx
      .insertInto('remembered_device')
      .values({
        sha256: deviceHash(secret, account),
        account_no: account.accountNo,
        device,
        network,
        created_micros: nowMicros,
        expires_micros: nowMicros + REMEMBERED_MICROS,
        last_used_micros: nowMicros,
      })
      .execute()
    const detail = { account: account.name, device, network }
    await recordAudit(trx, nowMicros, [{ kind: 'device_remembered', actor: account.name, detail }])
  })
  return secret
}

/** Whether a device is remembered for an account; notes the use. */
export async function isRemembered(
  { database, clock }: Needs,
  account: Account,
  secret: string | undefined,
): Promise<boolean> {
  if (secret === undefined) return false
  const nowMicros = clock.nowMicros()
  return await database.transaction(async (trx) => {
    const { count } = await run(
      trx,
      `update remembered_device set last_used_micros = $3::bigint
        where sha256 = $1::bytea and account_no = $2::int and expires_micros > $3::bigint`,
      [deviceHash(secret, account), account.accountNo, nowMicros],
    )
    return count === 1
  })
}

/**
 * Forgets every device of an account, in the caller's transaction. Those of an earlier credential generation are void
 * already; their rows would still stand in the owner's list.
 * @returns how many
 */
export async function forgetDevicesOf(trx: Transaction, accountNo: number): Promise<number> {
  const { count } = await run(trx, 'delete from remembered_device where account_no = $1::int', [accountNo])
  return count
}

/** The generation is in the hash: a password change, a new factor and a suspension forget every device at once. */
function deviceHash(secret: string, { credentialGeneration }: Account): Buffer {
  return hash('sha256', `${secret} ${credentialGeneration}`, 'buffer')
}
