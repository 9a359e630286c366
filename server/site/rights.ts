import { BadRequestError, NotFoundError } from '../errors.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Transaction } from '../storage/database.ts'
import { accountNumber } from './account-number.ts'
import { type Actor, raiseAccess, type SiteContext } from './site.ts'

/** Gives an account rights to collections; those that it had in other collections stay. */
export async function grantRights(
  context: SiteContext,
  wanted: Actor & { readonly name: string; readonly read: readonly string[]; readonly write: readonly string[] },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const accountNo = await accountNumber(trx, wanted.name)
    const rights = await setRights(trx, accountNo, wanted.read, wanted.write)
    const detail = { account: wanted.name, read: rights.read.join(' '), write: rights.write.join(' ') }
    await recordAudit(trx, nowMicros, [{ kind: 'rights_granted', actor: wanted.actor, detail }])
  })
}

/** Takes every right to the named collections from an account. */
export async function revokeRights(
  context: SiteContext,
  wanted: Actor & { readonly name: string; readonly collections: readonly string[] },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const accountNo = await accountNumber(trx, wanted.name)
    for (const key of wanted.collections) {
      const { collection_no } = await collectionRow(trx, key)
      await trx
        .deleteFrom('collection_grant')
        .where('account_no', '=', accountNo)
        .where('collection_no', '=', collection_no)
        .execute()
    }
    const detail = { account: wanted.name, collections: wanted.collections.join(' ') }
    await recordAudit(trx, nowMicros, [{ kind: 'rights_revoked', actor: wanted.actor, detail }])
  })
}

/** Sets the rights of an account in the named collections, inside the caller's transaction; the caller writes the audit. */
export async function setRights(
  trx: Transaction,
  accountNo: number,
  read: readonly string[],
  write: readonly string[],
) {
  const rows = new Map<number, { id: string; can_read: boolean; can_write: boolean }>()
  for (const key of [...read, ...write]) {
    const row = await collectionRow(trx, key)
    const rights = rows.get(row.collection_no) ?? { id: row.collection_id, can_read: false, can_write: false }
    rows.set(row.collection_no, {
      id: rights.id,
      can_read: rights.can_read || read.includes(key),
      can_write: rights.can_write || write.includes(key),
    })
  }
  for (const [collection_no, { can_read, can_write }] of rows) {
    await trx
      .insertInto('collection_grant')
      .values({ account_no: accountNo, collection_no, can_read, can_write })
      .onConflict((conflict) => conflict.columns(['account_no', 'collection_no']).doUpdateSet({ can_read, can_write }))
      .execute()
  }
  const all = [...rows.values()]
  return {
    read: all.filter((row) => row.can_read).map((row) => row.id),
    write: all.filter((row) => row.can_write).map((row) => row.id),
  }
}

/** Finds a collection by id or alias over all roots; an alias in two roots must be named with its root: `root/alias`. */
export async function collectionRow(trx: Transaction, key: string) {
  const [root, alias] = key.includes('/') ? key.split('/', 2) : [undefined, key]
  const rows = await trx
    .selectFrom('collection')
    .innerJoin('api_root', 'api_root.root_no', 'collection.root_no')
    .select(['collection.collection_no', 'collection.collection_id', 'collection.alias', 'api_root.path'])
    .execute()
  const found = rows.filter(
    (row) => row.collection_id === key || (row.alias === alias && (root === undefined || row.path === root)),
  )
  const [row] = found
  if (!row) throw new NotFoundError(`the collection ${JSON.stringify(key)}`)
  if (found.length > 1) {
    throw new BadRequestError('ambiguous', `several API roots have a collection ${key}: write root/${key} or its id`)
  }
  return row
}
