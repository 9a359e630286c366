import { checkedPassword } from '../../auth/factors/password-rules.ts'
import { hashPassword } from '../../auth/factors/password.ts'
import { NotFoundError } from '../../errors.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { raiseAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run, type Transaction } from '../../storage/database.ts'
import { endSessionsOf } from '../../storage/web-sessions.ts'
import { linkHash } from '../invitations/link-token.ts'
import type { MembersContext } from '../memberships.ts'
import { forgetDevicesOf } from '../../auth/sessions/remembered-devices.ts'

/** What a recovery link offers, for its page. */
export interface RecoveryOffer {
  readonly name: string
  readonly removesFactors: boolean
  /** When the link may be used; in the past when it may be now. */
  readonly readyMicros: number
  /** Vouchers who have yet to approve. */
  readonly missing: number
}

interface Found {
  readonly recovery_no: number
  readonly account_no: number
  readonly name: string
  readonly display_name: string
  readonly removes_factors: boolean
  readonly ready_micros: number
  readonly needed: number
  readonly approved: number | string
}

/**
 * Approvals count while the voucher is active, has not taken the vouch back since, and is blocked in no group of the owner.
 * A suspended account is recovered by nobody, nor by a suspended helper.
 */
const FIND = `
  select r.recovery_no, r.account_no, a.name, a.display_name, r.removes_factors, r.ready_micros, r.needed,
         (select count(*) from recovery_approval p join account v on v.account_no = p.voucher_no
           where p.recovery_no = r.recovery_no and v.active
             and not exists (select 1 from vouch w where w.voucher_no = p.voucher_no and w.vouchee_no = r.account_no
                   and w.ended_micros >= p.approved_micros and w.end_reason <> 'replaced')
             and not exists (select 1 from membership mine join membership theirs on theirs.group_no = mine.group_no
                   where mine.account_no = r.account_no and theirs.account_no = p.voucher_no
                     and theirs.state = 'blocked')) as approved
    from one_time_link l
    join recovery_request r on r.link_sha256 = l.sha256
    join account a on a.account_no = r.account_no and a.active
    left join account maker on maker.account_no = l.made_by_no
   where l.sha256 = $1::bytea and l.purpose = 'recovery' and l.used_micros is null and l.withdrawn_micros is null
     and l.expires_micros > $2::bigint and r.vetoed_micros is null and r.done_micros is null
     and (l.made_by_no is null or (maker.active and maker.role = 'administrator'))`

/** @returns undefined for a link that is wrong, used, expired, replaced or stopped: one answer for all */
export async function recoveryOffer(context: MembersContext, token: string): Promise<RecoveryOffer | undefined> {
  const nowMicros = context.clock.nowMicros()
  const found = await context.database.transaction((trx) => find(trx, token, nowMicros))
  return (
    found && {
      name: found.name,
      removesFactors: found.removes_factors,
      readyMicros: Number(found.ready_micros),
      missing: missingOf(found),
    }
  )
}

/**
 * Sets the new password and uses up the link. Every session ends and every device is forgotten; second factors go only if the recovery was opened to
 * remove them.
 * @throws {NotFoundError} for a link that does not count, or not yet
 * @throws {BadPasswordError} the link stays good
 */
export async function useRecovery(context: MembersContext, token: string, password: string): Promise<void> {
  const first = await context.database.transaction((trx) => find(trx, token, context.clock.nowMicros()))
  if (!first) throw new NotFoundError('this link')
  const password_hash = await hashPassword(checkedPassword(password, [first.name, first.display_name]))
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const found = await find(trx, token, nowMicros)
    if (!found || Number(found.ready_micros) > nowMicros || missingOf(found) > 0) throw new NotFoundError('this link')
    await run(trx, 'update one_time_link set used_micros = $2::bigint where sha256 = $1::bytea', [
      linkHash(token),
      nowMicros,
    ])
    await run(trx, 'update recovery_request set done_micros = $2::bigint where recovery_no = $1::int', [
      found.recovery_no,
      nowMicros,
    ])
    await run(
      trx,
      `update account set password_hash = $2::text, credential_generation = credential_generation + 1
        where account_no = $1::int`,
      [found.account_no, password_hash],
    )
    await endSessionsOf(trx, found.account_no)
    const devices = await forgetDevicesOf(trx, found.account_no)
    const to = { accountNo: found.account_no }
    await addNotice(trx, context, { kind: 'password-changed', to, path: '/account' })
    const events = [{ kind: 'recovery_used', actor: found.name, detail: { account: found.name } }]
    if (found.removes_factors) {
      const removed = { ...(await removeFactors(trx, found.account_no)), devices }
      await addNotice(trx, context, { kind: 'second-factor-changed', to, path: '/account' })
      events.push({ kind: 'second_factors_removed', actor: found.name, detail: { account: found.name, ...removed } })
    }
    await recordAudit(trx, nowMicros, events)
  })
}

/**
 * The owner stops a recovery: its link counts no more.
 * @returns false for a link that stops nothing: wrong, done, stopped already
 */
export async function vetoRecovery(context: MembersContext, veto: string): Promise<boolean> {
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    // the same lock as useRecovery: of veto and use at once, one is too late
    await raiseAccess(trx)
    const { rows } = await run<{ name: string }>(
      trx,
      `update recovery_request r set vetoed_micros = $2::bigint from account a
        where r.veto_sha256 = $1::bytea and r.vetoed_micros is null and r.done_micros is null
          and a.account_no = r.account_no returning a.name`,
      [linkHash(veto), nowMicros],
    )
    const [stopped] = rows
    if (!stopped) return false
    const detail = { account: stopped.name }
    await recordAudit(trx, nowMicros, [{ kind: 'recovery_stopped', actor: stopped.name, detail }])
    return true
  })
}

/** Whether a link would stop something now. Looking stops nothing: mail scanners open every link. */
export async function isVeto({ database }: MembersContext, veto: string): Promise<boolean> {
  const row = await database.kysely
    .selectFrom('recovery_request')
    .select('recovery_no')
    .where('veto_sha256', '=', linkHash(veto))
    .where('vetoed_micros', 'is', null)
    .where('done_micros', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

async function find(trx: Transaction, token: string, nowMicros: number): Promise<Found | undefined> {
  const { rows } = await run<Found>(trx, FIND, [linkHash(token), nowMicros])
  return rows[0]
}

function missingOf({ needed, approved }: Found): number {
  return Math.max(0, needed - Number(approved))
}

/** Everything that stands beside a password. Linked outside accounts stay: they are another way to prove who one is. */
async function removeFactors(trx: Transaction, accountNo: number) {
  const passkeys = await run(trx, 'delete from passkey where account_no = $1::int', [accountNo])
  const generators = await run(trx, 'delete from code_generator where account_no = $1::int', [accountNo])
  const codes = await run(trx, 'delete from recovery_code where account_no = $1::int', [accountNo])
  return { passkeys: passkeys.count, generators: generators.count, codes: codes.count }
}
