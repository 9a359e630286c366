import type { Context } from '../../context.ts'
import { raiseAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { freeEmail, isTimeZone, shown } from './first-sign-in.ts'
import type { OutsidePerson } from './outside-person.ts'

/**
 * Brings display name, address and time zone of an account up to what its provider says now. An account with a password
 * of its own keeps what its owner wrote: there only what is empty is filled.
 */
export async function refreshAttributes(
  context: Pick<Context, 'database' | 'clock'>,
  provider: { readonly name: string },
  accountNo: number,
  person: OutsidePerson,
): Promise<void> {
  const { database, clock } = context
  const before = await database.kysely
    .selectFrom('account')
    .select(['name', 'password_hash', 'display_name', 'email', 'time_zone'])
    .where('account_no', '=', accountNo)
    .executeTakeFirstOrThrow()
  const follows = before.password_hash === null
  const displayName = shown(person.displayName, 100)
  const isNew = {
    display_name:
      displayName !== undefined && displayName !== before.display_name && (follows || before.display_name === ''),
    email: person.email !== undefined && person.email !== before.email && (follows || before.email === null),
    time_zone: isTimeZone(person.timeZone) && person.timeZone !== before.time_zone && follows,
  }
  if (!isNew.display_name && !isNew.email && !isNew.time_zone) return
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    await raiseAccess(trx)
    const email = isNew.email ? await freeEmail(trx, person.email) : null
    const changes = {
      ...(isNew.display_name && displayName !== undefined && { display_name: displayName }),
      ...(email !== null && { email }),
      ...(isNew.time_zone && person.timeZone !== undefined && { time_zone: person.timeZone }),
    }
    if (Object.keys(changes).length === 0) return
    await trx.updateTable('account').set(changes).where('account_no', '=', accountNo).execute()
    const detail = { account: before.name, provider: provider.name, changed: Object.keys(changes).join(' ') }
    await recordAudit(trx, nowMicros, [{ kind: 'account_refreshed', actor: 'system', detail }])
  })
}
