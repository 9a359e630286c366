import { isMailAddress } from '../../../mail/address.ts'
import type { Context } from '../../context.ts'
import { BadRequestError, ConflictError, NotFoundError, TooManyRequestsError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { holdAccess, raiseAccess } from '../../site/site.ts'
import type { Account } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run, type Transaction } from '../../storage/database.ts'
import { keepVerified, MAX_ADDRESSES } from './addresses.ts'
import { linkHash, newLinkToken } from '../invitations/link-token.ts'
import type { MembersContext } from '../memberships.ts'
import { settleEverywhere } from '../settle-everywhere.ts'

const HOUR_MICROS = 3_600_000_000
/** How long a mailed link is good. */
const GOOD_MICROS = 24 * HOUR_MICROS
/** Somebody with many addresses confirms a few in an hour. */
const MOST_OF_ACCOUNT = 10
/** Nobody's mailbox is filled through us, however many accounts name it. */
const MOST_TO_ADDRESS = 3

/**
 * Adds an address to one's own account, not verified yet, and mails it a link that is good once, for a day. For an address
 * that another account has proven to read nothing is mailed and nothing else is different.
 * @throws {BadRequestError} code `bad_email`
 * @throws {ConflictError} code `verified_already` or `too_many_addresses`
 * @throws {TooManyRequestsError} after ten in an hour
 */
export async function checkAddress(
  context: MembersContext & Pick<Context, 'attempts'>,
  { account, email }: { readonly account: Account; readonly email: string },
): Promise<void> {
  const address = email.trim().toLowerCase()
  if (!isMailAddress(address))
    throw new BadRequestError('bad_email', 'write one e-mail address, such as name@city.example')
  if (!(await context.attempts.countUpTo(`address check of ${account.accountNo}`, MOST_OF_ACCOUNT, HOUR_MICROS))) {
    throw new TooManyRequestsError(3600)
  }
  const mayMail = await context.attempts.countUpTo(`address check to ${address}`, MOST_TO_ADDRESS, 24 * HOUR_MICROS)
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    await insertUnverified(trx, account.accountNo, address, nowMicros)
    const isTaken = await isVerifiedElsewhere(trx, account.accountNo, address)
    if (mayMail && !isTaken) await mailLink(trx, context, account, address, nowMicros)
    // without the address: the audit is kept for ever
    await recordAudit(trx, nowMicros, [
      { kind: 'address_named', actor: account.name, detail: { account: account.name } },
    ])
  })
}

/** The address that a link would confirm for this account. Looking uses nothing up: mail scanners open every link. */
export async function offeredAddress(
  { database, clock }: MembersContext,
  token: string,
  account: Account,
): Promise<string | undefined> {
  const nowMicros = clock.nowMicros()
  return await database.transaction((trx) => find(trx, token, account.accountNo, nowMicros))
}

/**
 * Confirms the address of a link for the account that asked for it, and uses the link up. An account without an address
 * uses it from now on.
 * @returns the address
 * @throws {NotFoundError} for a link that does not count, is another account's, or whose address somebody else has confirmed
 */
export async function confirmAddress(context: MembersContext, token: string, account: Account): Promise<string> {
  const { accountNo } = account
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const address = await find(trx, token, accountNo, nowMicros)
    if (address === undefined || !(await keepVerified(trx, { accountNo, address, nowMicros }))) {
      throw new NotFoundError('this link')
    }
    await run(trx, 'update one_time_link set used_micros = $2::bigint where sha256 = $1::bytea', [
      linkHash(token),
      nowMicros,
    ])
    const first = await run(trx, 'update account set email = $2::text where account_no = $1::int and email is null', [
      accountNo,
      address,
    ])
    await settleEverywhere(trx, context, { accountNo, actor: account.name, nowMicros })
    const detail = { account: account.name, main: first.count > 0 }
    await recordAudit(trx, nowMicros, [{ kind: 'address_verified', actor: account.name, detail }])
    return address
  })
}

async function insertUnverified(trx: Transaction, accountNo: number, address: string, nowMicros: number) {
  const own = await trx
    .selectFrom('account_address')
    .select(['address', 'verified_micros'])
    .where('account_no', '=', accountNo)
    .execute()
  const known = own.find((row) => row.address === address)
  if (known && known.verified_micros !== null) {
    throw new ConflictError('verified_already', 'this address is yours already, and confirmed')
  }
  if (known) return
  if (own.length >= MAX_ADDRESSES) {
    throw new ConflictError('too_many_addresses', `an account has at most ${MAX_ADDRESSES} addresses: remove one first`)
  }
  await trx
    .insertInto('account_address')
    .values({ account_no: accountNo, address, created_micros: nowMicros })
    .execute()
}

async function isVerifiedElsewhere(trx: Transaction, accountNo: number, address: string): Promise<boolean> {
  const row = await trx
    .selectFrom('account_address')
    .select('address_no')
    .where('address', '=', address)
    .where('verified_micros', 'is not', null)
    .where('account_no', '<>', accountNo)
    .executeTakeFirst()
  return row !== undefined
}

/** An earlier link for the same address counts no more. */
async function mailLink(
  trx: Transaction,
  context: MembersContext,
  { accountNo, language }: Account,
  address: string,
  nowMicros: number,
): Promise<void> {
  await run(
    trx,
    `update one_time_link set withdrawn_micros = $3::bigint
      where account_no = $1::int and purpose = 'address' and email = $2::text
        and used_micros is null and withdrawn_micros is null`,
    [accountNo, address, nowMicros],
  )
  const token = newLinkToken()
  await trx
    .insertInto('one_time_link')
    .values({
      sha256: linkHash(token),
      purpose: 'address',
      account_no: accountNo,
      group_no: null,
      email: address,
      made_by_no: accountNo,
      created_micros: nowMicros,
      expires_micros: nowMicros + GOOD_MICROS,
      used_micros: null,
      withdrawn_micros: null,
    })
    .execute()
  await addNotice(trx, context, { kind: 'address-check', to: { address, language }, path: `/account/address/${token}` })
}

async function find(
  trx: Transaction,
  token: string,
  accountNo: number,
  nowMicros: number,
): Promise<string | undefined> {
  const row = await trx
    .selectFrom('one_time_link as l')
    // an address that was removed meanwhile is not added again by its link
    .innerJoin('account_address as d', (join) =>
      join.onRef('d.account_no', '=', 'l.account_no').onRef('d.address', '=', 'l.email'),
    )
    .select('d.address')
    .where('l.sha256', '=', linkHash(token))
    .where('l.purpose', '=', 'address')
    .where('l.account_no', '=', accountNo)
    .where('l.used_micros', 'is', null)
    .where('l.withdrawn_micros', 'is', null)
    .where('l.expires_micros', '>', nowMicros)
    .executeTakeFirst()
  return row?.address
}
