import type { Context } from '../context.ts'
import { BadRequestError } from '../errors.ts'
import type { Account } from '../storage/access.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { run } from '../storage/database.ts'
import { raiseAccess } from './site.ts'
import { isTimeZone } from './time-zone.ts'

/** Longest display name, in characters. */
export const MAX_DISPLAY_NAME = 100

/** What people say of themselves. */
export interface Profile {
  /** Empty: the account's name stands for it. */
  readonly displayName: string
  /** BCP 47. */
  readonly language: string
  /** IANA name. */
  readonly timeZone: string
}

/**
 * Changes what an account says of itself.
 * @throws {BadRequestError} for a name that is too long and a time zone that does not exist
 */
export async function setProfile(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  { account, profile }: { readonly account: Account; readonly profile: Profile },
): Promise<void> {
  const { displayName, language, timeZone } = profile
  if (displayName.length > MAX_DISPLAY_NAME) throw new BadRequestError('bad_name', 'the name is too long')
  if (!isTimeZone(timeZone)) throw new BadRequestError('bad_time_zone', 'there is no such time zone')
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    await raiseAccess(trx)
    await run(
      trx,
      `update account set display_name = $2::text, language = $3::text, time_zone = $4::text
        where account_no = $1::int`,
      [account.accountNo, displayName, language, timeZone],
    )
    await recordAudit(trx, nowMicros, [
      {
        kind: 'profile_changed',
        actor: account.name,
        detail: { account: account.name, language, time_zone: timeZone },
      },
    ])
  })
}
