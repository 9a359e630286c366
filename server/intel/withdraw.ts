import { audienceOf } from '../../policies/audience.ts'
import { labelOfRank } from '../../policies/tlp.ts'
import type { Context } from '../context.ts'
import type { Account, Collection } from '../storage/access.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { type Withdrawal, withdrawReleases } from '../storage/withdraw-releases.ts'

/** Versions of one object that are to leave a collection's view. */
export interface Withdrawing {
  readonly collection: Collection
  readonly account: Account
  readonly stixId: string
  readonly isWanted: Withdrawal['isWanted']
}

/** Takes versions of an object out of a view: with its return no process gives them out any more. */
export async function withdraw(context: Context, withdrawing: Withdrawing): Promise<number> {
  const { collection, account, stixId, isWanted } = withdrawing
  const audience = audienceOf(collection.id, labelOfRank(collection.ceiling))
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    const gone = await withdrawReleases(trx, {
      collectionNo: collection.collectionNo,
      recipient: audience.id,
      policyHash: audience.policyHash,
      actorNo: account.accountNo,
      nowMicros,
      stixId,
      isWanted,
    })
    if (gone > 0) {
      const detail = { collection: collection.id, object: stixId, versions: gone }
      await recordAudit(trx, nowMicros, [{ kind: 'object_withdrawn', actor: account.name, detail }])
    }
    return gone
  })
}
