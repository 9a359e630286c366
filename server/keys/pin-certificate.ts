import { verifySigned } from '../../mail/openpgp/verify-statement.ts'
import { BadRequestError, ConflictError, NotFoundError } from '../errors.ts'
import { groupNamed } from '../members/group-rows.ts'
import { type By, type GroupRow, mustMay } from '../members/permission.ts'
import { holdAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Transaction } from '../storage/database.ts'
import { CERTIFICATE, certificateOf, problemsOf } from './certificate-row.ts'
import type { KeysContext, Owner } from './context.ts'
import {
  CHANGE_DELAY_MICROS,
  changeStatement,
  mustBeFit,
  pinNow,
  tellOfChange,
  type WaitingChange,
  waitingChange,
} from './key-change.ts'

/** What became of the wish for another key in a group. */
export type Pinned =
  | { readonly outcome: 'pinned' }
  | { readonly outcome: 'waiting'; readonly changeNo: number; readonly readyMicros: number }

/**
 * Chooses the key that a group encrypts to for its owner. The first one counts at once; another one waits for seven days,
 * of which the member and the administrators are told, unless the old key signs for it ({@link finishByOldKey}). A change
 * that waited before is stopped.
 * @throws {ConflictError} for a key that is not proven, cannot be used, or is the group's already
 */
export async function pinCertificate(
  context: KeysContext,
  wanted: By & { readonly owner: Owner; readonly group: string; readonly fingerprint: string },
): Promise<Pinned> {
  const { owner, actor } = wanted
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'set-own-membership', { row: group, nowMicros })
    const certificate = await certificateOf(trx, owner.accountNo, wanted.fingerprint)
    const from = await pinnedNow(trx, group, owner.accountNo)
    if (from === certificate.certificate_no) {
      throw new ConflictError('key_pinned_already', `${group.title} uses this key already`)
    }
    mustBeFit(certificate, nowMicros)
    await trx
      .updateTable('key_change')
      .set({ stopped_micros: nowMicros })
      .where('group_no', '=', group.group_no)
      .where('account_no', '=', owner.accountNo)
      .where('done_micros', 'is', null)
      .where('stopped_micros', 'is', null)
      .execute()
    const proof = from === null ? 'first' : 'delay'
    const readyMicros = from === null ? nowMicros : nowMicros + CHANGE_DELAY_MICROS
    const { change_no: changeNo } = await trx
      .insertInto('key_change')
      .values({
        group_no: group.group_no,
        account_no: owner.accountNo,
        from_no: from,
        to_no: certificate.certificate_no,
        proof,
        asked_micros: nowMicros,
        ready_micros: readyMicros,
        done_micros: from === null ? nowMicros : null,
      })
      .returning('change_no')
      .executeTakeFirstOrThrow()
    if (proof === 'first') {
      const pin = { accountNo: owner.accountNo, account: owner.name, certificate, proof, actor, nowMicros } as const
      await pinNow(trx, context, group, pin)
      return { outcome: 'pinned' }
    }
    await tellOfChange(trx, context, group, owner.accountNo)
    const detail = { group: group.name, account: owner.name, fingerprint: certificate.fingerprint }
    await recordAudit(trx, nowMicros, [{ kind: 'key_change_asked', actor, detail }])
    return { outcome: 'waiting', changeNo, readyMicros }
  })
}

/**
 * Ends the waiting: the old key has signed for the new one. The signature must be younger than the wish.
 * @throws {BadRequestError} with the reason why the signature is none
 */
export async function finishByOldKey(
  context: KeysContext,
  wanted: By & { readonly owner: Owner; readonly group: string; readonly changeNo: number; readonly signature: string },
): Promise<void> {
  const { owner, actor, signature } = wanted
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'set-own-membership', { row: group, nowMicros })
    const change = await waitingChange(trx, group.group_no, wanted.changeNo)
    if (change.account_no !== owner.accountNo) throw new NotFoundError('this change of a key')
    const { from, to } = await keysOf(trx, change)
    if (!from)
      throw new ConflictError('no_old_key', 'There is no old key that could sign: wait until the time is over.')
    if (problemsOf(from, nowMicros).includes('key_revoked')) {
      throw new ConflictError(
        'key_revoked',
        'The old key is revoked: its word counts no more. Wait until the time is over.',
      )
    }
    mustBeFit(to, nowMicros)
    const names = { group: group.name, account: owner.name, from: from.fingerprint, to: to.fingerprint }
    const statement = changeStatement(context, change, names)
    const verified = await verifySigned(from.body, statement, signature, {
      nowMicros,
      notBeforeMicros: change.asked_micros,
    })
    if (!verified.ok) throw new BadRequestError(verified.code, verified.sentence)
    await trx
      .updateTable('key_change')
      .set({ done_micros: nowMicros, proof: 'old-key' })
      .where('change_no', '=', change.change_no)
      .execute()
    const pin = {
      accountNo: owner.accountNo,
      account: owner.name,
      certificate: to,
      proof: 'old-key',
      actor,
      nowMicros,
    } as const
    await pinNow(trx, context, group, pin)
  })
}

/** Old and new key of a change; the old one is undefined where there was none. */
export async function keysOf(trx: Transaction, change: WaitingChange) {
  const rows = await trx
    .selectFrom('certificate')
    .select(CERTIFICATE)
    .where('account_no', '=', change.account_no)
    .where('certificate_no', 'in', [change.to_no, change.from_no ?? change.to_no])
    .execute()
  const to = rows.find((row) => row.certificate_no === change.to_no)
  if (!to) throw new NotFoundError('this key')
  return { to, from: rows.find((row) => row.certificate_no === change.from_no) }
}

async function pinnedNow(trx: Transaction, group: GroupRow, accountNo: number): Promise<number | null> {
  const row = await trx
    .selectFrom('membership')
    .select('certificate_no')
    .where('group_no', '=', group.group_no)
    .where('account_no', '=', accountNo)
    .executeTakeFirst()
  if (!row) throw new NotFoundError('this page')
  return row.certificate_no
}
