import { timestampOf } from '../../clock.ts'
import { NotFoundError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import type { Actor } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { int8Array } from '../../storage/bulk.ts'
import { run, type Transaction } from '../../storage/database.ts'
import { linkHash, newLinkToken } from './link-token.ts'
import type { MembersContext } from '../memberships.ts'

/** Time enough for somebody who did not expect it; after that, whoever keeps the members sends another. */
const GOOD_MICROS = 14 * 86_400_000_000

/** Whom a welcome link is for. */
export interface NewWelcome {
  readonly accountNo: number
  /** Where it is mailed; unless given, to the address of the account. Its use proves this address. */
  readonly email?: string | undefined
  /** The group that the person comes for: they land there, and it is named in the audit. */
  readonly groupNo?: number | undefined
  /** Account of whoever lets them in; undefined for the operator. */
  readonly madeByNo?: number | undefined
}

/** A welcome link that was made. The token is nowhere but here and in the mail. */
export interface Welcome {
  readonly token: string
  readonly expiresMicros: number
  /** Whether a mail goes out; without an address the link has to be handed over. */
  readonly mailed: boolean
}

/**
 * Makes the one-time link by which somebody whose account was made by others sets a first password, and mails it, inside
 * the caller's transaction. An older link of the account counts no more. Good for 14 days; the database keeps its hash.
 * @returns undefined when the account can be signed in to already: there is nothing to open
 * @throws {NotFoundError} when there is no such account, or it is suspended
 */
export async function makeWelcome(
  trx: Transaction,
  context: MembersContext,
  wanted: Actor & NewWelcome,
): Promise<Welcome | undefined> {
  const made = await insertWelcome(trx, context, wanted)
  if (!made) return undefined
  const detail = { account: made.account, mailed: made.mailed, expires: timestampOf(made.expiresMicros) }
  await recordAudit(trx, context.clock.nowMicros(), [{ kind: 'welcome_made', actor: wanted.actor, detail }])
  return made
}

/** As {@link makeWelcome}, for many at once: the caller writes the audit. */
export async function insertWelcome(
  trx: Transaction,
  context: MembersContext,
  wanted: NewWelcome,
): Promise<(Welcome & { readonly account: string }) | undefined> {
  const nowMicros = context.clock.nowMicros()
  const account = await trx
    .selectFrom('account')
    .select(['name', 'display_name', 'email', 'language'])
    .where('account_no', '=', wanted.accountNo)
    .where('active', '=', true)
    .executeTakeFirst()
  if (!account) throw new NotFoundError('an active account to be welcomed')
  if (await hasWayIn(trx, wanted.accountNo)) return undefined
  await run(
    trx,
    `update one_time_link set withdrawn_micros = $2::bigint
      where account_no = $1::int and purpose = 'welcome' and used_micros is null and withdrawn_micros is null`,
    [wanted.accountNo, nowMicros],
  )
  const token = newLinkToken()
  const expiresMicros = nowMicros + GOOD_MICROS
  const email = wanted.email ?? account.email
  await trx
    .insertInto('one_time_link')
    .values({
      sha256: linkHash(token),
      purpose: 'welcome',
      account_no: wanted.accountNo,
      group_no: wanted.groupNo ?? null,
      email,
      display_name: account.display_name,
      made_by_no: wanted.madeByNo ?? null,
      created_micros: nowMicros,
      expires_micros: expiresMicros,
      used_micros: null,
      withdrawn_micros: null,
    })
    .execute()
  if (email !== null) {
    const to = { address: email, language: account.language }
    await addNotice(trx, context, { kind: 'welcome', to, path: `/welcome/${token}` })
  }
  return { token, expiresMicros, mailed: email !== null, account: account.name }
}

/** Whether somebody can sign in to an account by themselves: a password, a passkey or a linked outside account. */
export async function hasWayIn(trx: Transaction, accountNo: number): Promise<boolean> {
  return (await withWayIn(trx, [accountNo])).size > 0
}

/** Those of some accounts for whom {@link hasWayIn} is true. */
export async function withWayIn(trx: Transaction, accounts: readonly number[]): Promise<ReadonlySet<number>> {
  if (accounts.length === 0) return new Set()
  const { rows } = await run<{ account_no: number }>(
    trx,
    `select a.account_no from account a where a.account_no = any($1::bigint[]::int[]) and (a.password_hash is not null
        or exists (select 1 from passkey p where p.account_no = a.account_no)
        or exists (select 1 from external_identity e where e.account_no = a.account_no))`,
    [int8Array(accounts)],
  )
  return new Set(rows.map((row) => row.account_no))
}
