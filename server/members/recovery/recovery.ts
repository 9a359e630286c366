import { factorsOf } from '../../auth/factors/held-factors.ts'
import { timestampOf } from '../../clock.ts'
import { BadRequestError, NotFoundError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { raiseAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run, type Transaction } from '../../storage/database.ts'
import { linkHash, newLinkToken } from '../invitations/link-token.ts'
import type { MembersContext } from '../memberships.ts'
import { type By, mustMay } from '../permission.ts'

/** How long a link is good, from the moment at which it may be used. */
export const GOOD_MICROS = 86_400_000_000
/** How long the owner of an account can stop what would take away their second factors. */
export const VETO_MICROS = 86_400_000_000

/** A way back that was opened. */
export interface OpenedRecovery {
  readonly token: string
  /** Before this the link does nothing. */
  readonly ready: string
  readonly expires: string
  /** Whether the owner has an address and was told, with a link that stops it. */
  readonly ownerTold: boolean
}

/**
 * Opens a way back for somebody who is locked out: a link that lets them set a new password, once, within a day. Second
 * factors stay (ASVS 5.0 6.4.3) unless that is asked for. Where nothing else would keep whoever holds the link out of a
 * trust group, it counts only after a day in which the owner can stop it: an administrator of the site must not get into a
 * group past the glass. The operator at the machine need not wait. A link that was made before counts no more.
 * @throws {NotFoundError} for an account that is not there or is suspended
 * @throws {BadRequestError} code `own_account`: one's own account has its own page
 */
export async function openRecovery(
  context: MembersContext,
  wanted: By & { readonly name: string; readonly removeFactors: boolean },
): Promise<OpenedRecovery> {
  const nowMicros = context.clock.nowMicros()
  const { as, removeFactors } = wanted
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    await mustMay(trx, wanted, 'recover-account')
    const account = await activeAccount(trx, wanted.name)
    if (as !== 'operator' && as.accountNo === account.account_no) {
      throw new BadRequestError('own_account', 'your own password and second factors are on the page of your account')
    }
    const isOpenToTakeover = removeFactors || !(await isStillGuarded(trx, account.account_no, nowMicros))
    const delay = isOpenToTakeover && as !== 'operator' ? VETO_MICROS : 0
    const opened = await insertRecovery(trx, context, {
      account,
      removeFactors,
      needed: 0,
      nowMicros,
      readyMicros: nowMicros + delay,
      madeBy: as === 'operator' ? null : as.accountNo,
    })
    const detail = { account: wanted.name, remove_factors: removeFactors, ready: opened.ready }
    await recordAudit(trx, nowMicros, [{ kind: 'recovery_opened', actor: wanted.actor, detail }])
    return opened
  })
}

/** Whether a second factor still stands behind a new password, or the account leads into no group and to no office. */
async function isStillGuarded(trx: Transaction, accountNo: number, nowMicros: number): Promise<boolean> {
  const { passkeys, generators } = await factorsOf(trx, accountNo, nowMicros)
  if (passkeys + generators > 0) return true
  const { rows } = await run(
    trx,
    `select 1 from account where account_no = $1::int
        and (role = 'administrator' or exists (select 1 from membership where account_no = $1::int))`,
    [accountNo],
  )
  return rows.length === 0
}

/** @throws {NotFoundError} for an account that is not there or is suspended: what is shut stays shut */
export async function activeAccount(
  trx: Transaction,
  name: string,
): Promise<{ readonly account_no: number; readonly email: string | null }> {
  const account = await trx
    .selectFrom('account')
    .select(['account_no', 'email'])
    .where('name', '=', name)
    .where('active', '=', true)
    .where('account_no', 'not in', trx.selectFrom('service_account').select('account_no'))
    .executeTakeFirst()
  if (!account) throw new NotFoundError(`an active account ${name}`)
  return account
}

/** The rows of a new recovery and the warning to the owner, inside the caller's transaction; the caller writes the audit. */
export async function insertRecovery(
  trx: Transaction,
  context: MembersContext,
  recovery: {
    readonly account: { readonly account_no: number; readonly email: string | null }
    readonly removeFactors: boolean
    readonly needed: number
    readonly nowMicros: number
    readonly readyMicros: number
    readonly madeBy: number | null
    /** A link that was handed out before it was known whose it is; it takes none away that others have made. */
    readonly linkSha256?: Uint8Array
  },
): Promise<OpenedRecovery & { readonly recoveryNo: number }> {
  const { account, nowMicros, readyMicros, linkSha256 } = recovery
  const [token, veto] = [newLinkToken(), newLinkToken()]
  const expiresMicros = readyMicros + GOOD_MICROS
  if (linkSha256) {
    await trx
      .updateTable('one_time_link')
      .set({ account_no: account.account_no })
      .where('sha256', '=', linkSha256)
      .execute()
  } else {
    await insertLink(trx, { ...recovery, token, expiresMicros })
  }
  const { recovery_no } = await trx
    .insertInto('recovery_request')
    .values({
      account_no: account.account_no,
      link_sha256: linkSha256 ?? linkHash(token),
      veto_sha256: linkHash(veto),
      removes_factors: recovery.removeFactors,
      needed: recovery.needed,
      opened_micros: nowMicros,
      ready_micros: readyMicros,
      vetoed_micros: null,
      done_micros: null,
    })
    .returning('recovery_no')
    .executeTakeFirstOrThrow()
  const to = { accountNo: account.account_no }
  await addNotice(trx, context, { kind: 'recovery-opened', to, path: `/recovery/veto/${veto}` })
  return {
    recoveryNo: recovery_no,
    token,
    ready: timestampOf(readyMicros),
    expires: timestampOf(expiresMicros),
    ownerTold: account.email !== null,
  }
}

/** The row of a new link; one that was made before counts no more. */
async function insertLink(
  trx: Transaction,
  link: {
    readonly account: { readonly account_no: number }
    readonly token: string
    readonly nowMicros: number
    readonly expiresMicros: number
    readonly madeBy: number | null
  },
): Promise<void> {
  const { account, token, nowMicros, expiresMicros, madeBy } = link
  await run(
    trx,
    `update one_time_link set withdrawn_micros = $2::bigint
      where account_no = $1::int and purpose = 'recovery' and used_micros is null and withdrawn_micros is null`,
    [account.account_no, nowMicros],
  )
  await trx
    .insertInto('one_time_link')
    .values({
      sha256: linkHash(token),
      purpose: 'recovery',
      account_no: account.account_no,
      group_no: null,
      email: null,
      made_by_no: madeBy,
      created_micros: nowMicros,
      expires_micros: expiresMicros,
      used_micros: null,
      withdrawn_micros: null,
    })
    .execute()
}
