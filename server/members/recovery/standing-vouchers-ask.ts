import { hash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { TooManyRequestsError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { raiseAccess } from '../../site/site.ts'
import type { Access } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { type Database, run } from '../../storage/database.ts'
import { HOUR_MICROS, mayAskAbout, mayAskFrom } from './ask-recovery.ts'
import { linkHash, newLinkToken } from '../invitations/link-token.ts'
import { GOOD_MICROS, insertRecovery, VETO_MICROS } from './recovery.ts'
import type { RecoveryVouchers } from './recovery-vouchers.ts'
import { standingVouchers } from './standing-vouchers.ts'
import type { RecoveryOffer } from './use-recovery.ts'

/** More are not mailed: two must approve. */
const MOST_TOLD = 20
/** What the page says of a request that nobody has approved, whether there is such an account or not. */
const MISSING = 2

/** What whoever asked gets, whatever they typed. */
export interface AskedVouchers {
  /** Of the link, shown in their browser and nowhere else. */
  readonly token: string
  /** What they tell the people who vouch for them, by voice. */
  readonly code: string
}

/**
 * Asks the people who vouch for somebody to let them back in. Everybody gets a link and a code, whether there is such an
 * account, and whether anybody vouches for it, or not; what follows happens in a job. The link of a made-up name shows the
 * same page until it is over.
 * @param asked the name of an account or its address, as typed
 * @throws {TooManyRequestsError} for a network that has asked ten times in an hour, whatever the names were: each asking is
 * kept for two days, and nobody shall fill the database with them
 */
export async function askStandingVouchers(
  context: Pick<Context, 'attempts' | 'clock' | 'database' | 'jobs'>,
  access: Access,
  {
    asked,
    removeFactors,
    network,
  }: { readonly asked: string; readonly removeFactors: boolean; readonly network: string },
): Promise<AskedVouchers> {
  if (!(await mayAskFrom(context, network))) throw new TooManyRequestsError(HOUR_MICROS / 1_000_000)
  const isAsked = await mayAskAbout(context, asked)
  const token = newLinkToken()
  const sha256 = linkHash(token)
  // several people of one office may have one address: this way is for one person, who is named
  const found = access.accountsCalled(asked).filter((account) => account.active && !account.service)
  const account = isAsked && found.length === 1 ? found[0]?.accountNo : undefined
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await trx
      .insertInto('one_time_link')
      .values({
        sha256,
        purpose: 'recovery',
        account_no: null,
        group_no: null,
        email: null,
        made_by_no: null,
        created_micros: nowMicros,
        expires_micros: nowMicros + VETO_MICROS + GOOD_MICROS,
        used_micros: null,
        withdrawn_micros: null,
      })
      .execute()
    const link = sha256.toString('hex')
    await context.jobs.mustEnqueue(trx, 'recovery-vouching', { link, account: account ?? 0, removeFactors }, link)
  })
  return { token, code: codeOf(sha256) }
}

/** What the job does: opens the way back where there is one, and tells the owner and those who vouch for them. */
export async function tellStandingVouchers(
  context: Pick<Context, 'clock' | 'database' | 'jobs'>,
  wanted: { readonly link: string; readonly account: number; readonly removeFactors: boolean },
  port: RecoveryVouchers = standingVouchers(context.clock.nowMicros()),
): Promise<void> {
  if (wanted.account === 0) return
  const linkSha256 = Buffer.from(wanted.link, 'hex')
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const link = await trx
      .selectFrom('one_time_link')
      .select('created_micros')
      .where('sha256', '=', linkSha256)
      .where('account_no', 'is', null)
      .executeTakeFirst()
    const account = await trx
      .selectFrom('account')
      .select(['account_no', 'name', 'email'])
      .where('account_no', '=', wanted.account)
      .where('active', '=', true)
      .executeTakeFirst()
    const plan = account && (await port.vouchersOf(trx, account.account_no))
    if (!link || !account || !plan) return
    await insertRecovery(trx, context, {
      account,
      removeFactors: wanted.removeFactors,
      needed: plan.needed,
      nowMicros,
      readyMicros: link.created_micros + VETO_MICROS,
      madeBy: null,
      linkSha256,
    })
    for (const accountNo of plan.vouchers.slice(0, MOST_TOLD)) {
      await addNotice(trx, context, { kind: 'recovery-vouching', to: { accountNo }, path: '/account/recoveries' })
    }
    const detail = { account: account.name, needed: plan.needed, remove_factors: wanted.removeFactors }
    await recordAudit(trx, nowMicros, [{ kind: 'recovery_asked_of_vouchers', actor: 'anonymous', detail }])
  })
}

/** The page of a link that leads to no account: the same as that of one which nobody has approved yet. */
export async function unansweredAsk(
  { clock, database }: Pick<Context, 'clock' | 'database'>,
  token: string,
): Promise<RecoveryOffer | undefined> {
  const row = await database.kysely
    .selectFrom('one_time_link')
    .select('created_micros')
    .where('sha256', '=', linkHash(token))
    .where('purpose', '=', 'recovery')
    .where('account_no', 'is', null)
    .where('expires_micros', '>', clock.nowMicros())
    .executeTakeFirst()
  return row && { name: '', removesFactors: false, readyMicros: row.created_micros + VETO_MICROS, missing: MISSING }
}

/** Forgets links that led to no account, when they are over. */
export async function forgetUnanswered(database: Database, nowMicros: number): Promise<void> {
  await database.transaction((trx) =>
    run(
      trx,
      "delete from one_time_link where purpose = 'recovery' and account_no is null and expires_micros < $1::bigint",
      [nowMicros],
    ),
  )
}

/** Letters and digits that nobody mistakes for each other when they are spoken (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * The code that belongs to a link: 40 bits as `XXXX-XXXX`. Whoever asked in somebody's name has another one, so a voucher
 * who was told a code by voice approves the request of the person whom they know, and no other.
 */
export function codeOf(linkSha256: Uint8Array): string {
  const bytes = hash('sha256', Buffer.concat([Buffer.from('vouchsafe recovery code '), linkSha256]), 'buffer')
  const letters = Array.from({ length: 8 }, (_, i) => ALPHABET.charAt((bytes[i] ?? 0) % 32)).join('')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}
