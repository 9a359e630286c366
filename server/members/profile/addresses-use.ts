import { ConflictError, NotFoundError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { holdAccess, raiseAccess } from '../../site/site.ts'
import type { Account } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run, type Transaction } from '../../storage/database.ts'
import { groupNamed, memberOf } from '../group-rows.ts'
import type { MembersContext } from '../memberships.ts'
import { type By, mustMay } from '../permission.ts'
import { settle } from '../settle.ts'
import { settleEverywhere } from '../settle-everywhere.ts'

/**
 * Says where notices of the site go: a verified address of one's own, or nowhere. The old address is told: whoever took the
 * account over would otherwise get every later warning themselves.
 * @param wanted.addressNo undefined for no address
 * @throws {NotFoundError} for an address that is not one's own
 * @throws {ConflictError} code `not_verified`
 */
export async function useAddress(
  context: MembersContext,
  { account, addressNo }: { readonly account: Account; readonly addressNo: number | undefined },
): Promise<void> {
  const { accountNo } = account
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const now = await trx
      .selectFrom('account')
      .select('email')
      .where('account_no', '=', accountNo)
      .executeTakeFirstOrThrow()
    const email = addressNo === undefined ? null : await verifiedAddress(trx, accountNo, addressNo)
    if (email === now.email) return
    if (now.email !== null) {
      const to = { address: now.email, language: account.language }
      await addNotice(trx, context, { kind: 'email-changed', to, path: '/account' })
    }
    await run(trx, 'update account set email = $2::text where account_no = $1::int', [accountNo, email])
    await settleEverywhere(trx, context, { accountNo, actor: account.name, nowMicros })
    // without the addresses: the audit is kept for ever
    const detail = { account: account.name, removed: email === null }
    await recordAudit(trx, nowMicros, [{ kind: 'email_changed', actor: account.name, detail }])
  })
}

/**
 * Takes an address off one's own account.
 * @throws {NotFoundError} for an address that is not one's own
 * @throws {ConflictError} code `address_in_use`, with what uses it
 */
export async function removeAddress(
  context: MembersContext,
  { account, addressNo }: { readonly account: Account; readonly addressNo: number },
): Promise<void> {
  const { accountNo } = account
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const { address } = await ownAddress(trx, accountNo, addressNo)
    const { rows } = await run<{ what: string }>(
      trx,
      `select 'the notices of the site' as what from account where account_no = $1::int and lower(email) = $3::text
       union all
       select g.title from membership m join trust_group g on g.group_no = m.group_no
        where m.account_no = $1::int and m.address_no = $2::int`,
      [accountNo, addressNo, address],
    )
    if (rows.length > 0) {
      const users = rows.map(({ what }) => what).join(', ')
      throw new ConflictError('address_in_use', `this address is in use for ${users}: choose another there first`)
    }
    await trx.deleteFrom('account_address').where('address_no', '=', addressNo).execute()
    await run(
      trx,
      `update one_time_link set withdrawn_micros = $3::bigint
        where account_no = $1::int and purpose = 'address' and email = $2::text
          and used_micros is null and withdrawn_micros is null`,
      [accountNo, address, nowMicros],
    )
    await recordAudit(trx, nowMicros, [
      { kind: 'address_removed', actor: account.name, detail: { account: account.name } },
    ])
  })
}

/**
 * Chooses the address that one group uses; the rules of the group are asked at once, because a certificate must name it.
 * @param wanted.addressNo undefined for the address of the account
 * @throws {NotFoundError} for an address that is not one's own, and for whoever is no member
 * @throws {ConflictError} code `not_verified`
 */
export async function useAddressInGroup(
  context: MembersContext,
  wanted: By & { readonly group: string; readonly account: Account; readonly addressNo: number | undefined },
): Promise<void> {
  const { accountNo } = wanted.account
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'set-own-membership', { row: group, nowMicros })
    await memberOf(trx, group, wanted.account.name)
    if (wanted.addressNo !== undefined) await verifiedAddress(trx, accountNo, wanted.addressNo)
    const { count } = await run(
      trx,
      `update membership set address_no = $3::int
        where group_no = $1::int and account_no = $2::int and address_no is distinct from $3::int`,
      [group.group_no, accountNo, wanted.addressNo ?? null],
    )
    if (count === 0) return
    const detail = { group: group.name, account: wanted.account.name, own: wanted.addressNo !== undefined }
    await settle(trx, context, { groupNo: group.group_no, accounts: [accountNo], actor: wanted.actor, nowMicros })
    await recordAudit(trx, nowMicros, [{ kind: 'group_address_chosen', actor: wanted.actor, detail }])
  })
}

async function ownAddress(trx: Transaction, accountNo: number, addressNo: number) {
  const row = await trx
    .selectFrom('account_address')
    .select(['address', 'verified_micros'])
    .where('account_no', '=', accountNo)
    .where('address_no', '=', addressNo)
    .executeTakeFirst()
  if (!row) throw new NotFoundError('this address')
  return row
}

async function verifiedAddress(trx: Transaction, accountNo: number, addressNo: number): Promise<string> {
  const { address, verified_micros } = await ownAddress(trx, accountNo, addressNo)
  if (verified_micros !== null) return address
  throw new ConflictError('not_verified', 'this address is not confirmed yet: open the link that was mailed to it')
}
