import { recordAudit } from '../storage/audit-log.ts'
import { run } from '../storage/database.ts'
import { collectionRow } from './rights.ts'
import { type Actor, raiseAccess, type SiteContext } from './site.ts'

/**
 * Closes a collection for new objects, or opens it again. Readers notice nothing; writers are told to come back.
 * @throws {NotFoundError} when there is no such collection
 */
export async function setClosed(
  { database, clock }: SiteContext,
  wanted: Actor & { readonly collection: string; readonly closed: boolean },
): Promise<{ readonly id: string; readonly alias: string | null; readonly closed: boolean }> {
  const nowMicros = clock.nowMicros()
  return await database.transaction(async (trx) => {
    await raiseAccess(trx)
    const { collection_no, collection_id: id, alias } = await collectionRow(trx, wanted.collection)
    const { closed } = wanted
    await run(trx, 'update collection set closed = $2::boolean where collection_no = $1::int', [collection_no, closed])
    const kind = closed ? 'collection_closed' : 'collection_opened'
    await recordAudit(trx, nowMicros, [{ kind, actor: wanted.actor, detail: { collection: id } }])
    return { id, alias, closed }
  })
}
