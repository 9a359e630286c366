import { checkedPassword } from '../../auth/factors/password-rules.ts'
import { hashPassword } from '../../auth/factors/password.ts'
import { NotFoundError } from '../../errors.ts'
import { raiseAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run, type Transaction } from '../../storage/database.ts'
import { keepVerified } from '../profile/addresses.ts'
import { linkHash } from './link-token.ts'
import type { MembersContext } from '../memberships.ts'
import { hasWayIn } from './welcome.ts'

/** What a welcome link offers, for its page. */
export interface WelcomeOffer {
  readonly name: string
  readonly displayName: string
  /** The group that the person comes for, where there is one. */
  readonly group: { readonly name: string; readonly title: string } | undefined
}

interface Found {
  readonly account_no: number
  readonly name: string
  readonly display_name: string
  readonly email: string | null
  readonly group_name: string | null
  readonly group_title: string | null
}

/** @returns undefined for a link that is wrong, used, expired or replaced, or whose account has a way in: one answer for all */
export async function welcomeOffer(context: MembersContext, token: string): Promise<WelcomeOffer | undefined> {
  const found = await context.database.transaction((trx) => find(trx, token, context.clock.nowMicros()))
  return found && offerFrom(found)
}

/**
 * Sets the first password of an account and uses up the link, in one transaction: of two who come at once one wins. The
 * address that the link was mailed to counts as verified from now on.
 * @throws {NotFoundError} for a link that does not count
 * @throws {BadPasswordError} the link stays good
 */
export async function useWelcome(
  context: MembersContext,
  token: string,
  wanted: { readonly password: string; readonly language: string },
): Promise<{ readonly accountNo: number; readonly group: string | undefined }> {
  const first = await context.database.transaction((trx) => find(trx, token, context.clock.nowMicros()))
  // a hash costs 30 ms of a core: only for those who hold a link
  if (!first) throw new NotFoundError('this link')
  const password_hash = await hashPassword(checkedPassword(wanted.password, [first.name, first.display_name]))
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const found = await find(trx, token, nowMicros)
    if (!found) throw new NotFoundError('this link')
    await run(trx, 'update one_time_link set used_micros = $2::bigint where sha256 = $1::bytea', [
      linkHash(token),
      nowMicros,
    ])
    await run(
      trx,
      `update account set password_hash = $2::text, language = $3::text,
              credential_generation = credential_generation + 1 where account_no = $1::int`,
      [found.account_no, password_hash, wanted.language],
    )
    const { account_no: accountNo, email: address } = found
    const verified = address !== null && (await keepVerified(trx, { accountNo, address, nowMicros }))
    const detail = { account: found.name, group: found.group_name, address_verified: verified }
    await recordAudit(trx, nowMicros, [{ kind: 'welcome_used', actor: found.name, detail }])
    return { accountNo: found.account_no, group: found.group_name ?? undefined }
  })
}

async function find(trx: Transaction, token: string, nowMicros: number): Promise<Found | undefined> {
  const { rows } = await run<Found>(
    trx,
    `select a.account_no, a.name, a.display_name, l.email, g.name as group_name, g.title as group_title
       from one_time_link l
       join account a on a.account_no = l.account_no and a.active
       left join trust_group g on g.group_no = l.group_no
      where l.sha256 = $1::bytea and l.purpose = 'welcome' and l.used_micros is null and l.withdrawn_micros is null
        and l.expires_micros > $2::bigint`,
    [linkHash(token), nowMicros],
  )
  const [found] = rows
  return found && !(await hasWayIn(trx, found.account_no)) ? found : undefined
}

function offerFrom({ name, display_name, group_name, group_title }: Found): WelcomeOffer {
  const group = group_name === null ? undefined : { name: group_name, title: group_title ?? group_name }
  return { name, displayName: display_name, group }
}
