import { settleEverywhere } from '../members/settle-everywhere.ts'
import { holdAccess } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { certificateOf } from './certificate-row.ts'
import type { KeysContext, Owner } from './context.ts'

/**
 * Puts a key away: no group encrypts to it any more. Where it was the key of a group it stays the old one, so that another
 * key has to wait there all the same. Changes to it that wait are stopped.
 * @throws {NotFoundError} for a key that is not theirs
 */
export async function retireCertificate(
  context: KeysContext,
  { owner, fingerprint }: { readonly owner: Owner; readonly fingerprint: string },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const { certificate_no: certificateNo, retired_micros: retired } = await certificateOf(
      trx,
      owner.accountNo,
      fingerprint,
    )
    if (retired !== null) return
    await trx
      .updateTable('certificate')
      .set({ retired_micros: nowMicros })
      .where('certificate_no', '=', certificateNo)
      .execute()
    await trx
      .updateTable('key_change')
      .set({ stopped_micros: nowMicros })
      .where('to_no', '=', certificateNo)
      .where('done_micros', 'is', null)
      .where('stopped_micros', 'is', null)
      .execute()
    const detail = { account: owner.name, fingerprint }
    await recordAudit(trx, nowMicros, [{ kind: 'key_retired', actor: owner.name, detail }])
    await settleEverywhere(trx, context, { accountNo: owner.accountNo, actor: owner.name, nowMicros })
  })
}
