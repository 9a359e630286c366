import { type Asset, type AssetKind, MAX_ASSET_NOTE, MAX_ASSETS, readAsset } from '../../../policies/asset.ts'
import type { AssetFile } from '../../../policies/asset-file.ts'
import { BadRequestError, ConflictError, NotFoundError } from '../../errors.ts'
import { holdAccess, type SiteContext } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { type Database, run, type Transaction } from '../../storage/database.ts'
import { isPlainLine } from '../../../policies/plain-text.ts'

/** Assets on one page. */
export const ASSETS_PAGE = 200

/** An asset as its owner and their group administrators see it. */
export interface OwnAsset extends Asset {
  readonly assetNo: number
  readonly note: string
}

/** Whose assets change, and who changes them: the owner, or the operator. */
export interface AssetOwner {
  readonly accountNo: number
  readonly name: string
  readonly actor: string
}

/** What an import does, or would do. */
export interface AssetImport {
  readonly added: number
  /** Already there; their notes stay. */
  readonly known: number
}

/**
 * A page of somebody's assets by kind and value; whoever may see them is the caller's question.
 * @param after kind and value of the last one of the page before, with a space between
 * @returns up to {@link ASSETS_PAGE}; one more when there are more
 */
export async function listAssets(database: Database, accountNo: number, after = ''): Promise<readonly OwnAsset[]> {
  const { rows } = await database.transaction((trx) =>
    run<{ asset_no: number; kind: AssetKind; value: string; note: string }>(
      trx,
      `select asset_no, kind, value, note from asset
        where account_no = $1::int and (kind || ' ' || value) collate "C" > $2::text
        order by (kind || ' ' || value) collate "C" limit ${ASSETS_PAGE + 1}`,
      [accountNo, after],
    ),
  )
  return rows.map(({ asset_no: assetNo, ...rest }) => ({ assetNo, ...rest }))
}

/** How many assets of each kind somebody has. */
export async function countAssets(
  { kysely }: Pick<Database, 'kysely'>,
  accountNo: number,
): Promise<Readonly<Record<AssetKind, number>>> {
  const rows = await kysely
    .selectFrom('asset')
    .select(({ fn }) => ['kind', fn.countAll<number | string>().as('count')])
    .where('account_no', '=', accountNo)
    .groupBy('kind')
    .execute()
  const counts: Record<AssetKind, number> = { cidr: 0, domain: 0, as: 0, keyword: 0, campaign: 0 }
  for (const { kind, count } of rows) counts[kind] = Number(count)
  return counts
}

/** All assets of an account, for matching. At most {@link MAX_ASSETS}. */
export async function assetsOf({ kysely }: Pick<Database, 'kysely'>, accountNo: number): Promise<readonly Asset[]> {
  return await kysely.selectFrom('asset').select(['kind', 'value']).where('account_no', '=', accountNo).execute()
}

/**
 * Adds an asset, normalised.
 * @returns it as it is kept
 * @throws {BadRequestError} code `bad_asset` or `bad_note`
 * @throws {ConflictError} code `asset_already` or `too_many_assets`
 */
export async function addAsset(
  { database, clock }: SiteContext,
  owner: AssetOwner,
  written: { readonly kind: AssetKind; readonly value: string; readonly note: string },
): Promise<Asset> {
  const read = readAsset(written.kind, written.value)
  if (!read.ok) throw new BadRequestError('bad_asset', read.problem)
  const note = written.note.trim()
  if (note.length > MAX_ASSET_NOTE || !isPlainLine(note)) {
    throw new BadRequestError('bad_note', `a note is one plain line of at most ${MAX_ASSET_NOTE} characters`)
  }
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    await holdAccess(trx)
    const { added } = await insertAssets(trx, owner.accountNo, [{ ...read.value, note }], nowMicros)
    if (added === 0) throw new ConflictError('asset_already', `${read.value.value} is in your list already`)
    await audit(trx, nowMicros, 'asset_added', owner, { kind: written.kind })
  })
  return read.value
}

/**
 * Takes an asset away.
 * @throws {NotFoundError} for one of somebody else, and one that is gone: one answer for both
 */
export async function removeAsset({ database, clock }: SiteContext, owner: AssetOwner, assetNo: number): Promise<void> {
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    const { count } = await run(trx, 'delete from asset where account_no = $1::int and asset_no = $2::int', [
      owner.accountNo,
      assetNo,
    ])
    if (count === 0) throw new NotFoundError('this asset')
    await audit(trx, nowMicros, 'asset_removed', owner, {})
  })
}

/**
 * Adds what a file holds and is right; what is there already stays as it is.
 * @param rehearse only counts
 * @throws {ConflictError} code `too_many_assets`; nothing was added
 */
export async function importAssets(
  { database, clock }: SiteContext,
  owner: AssetOwner,
  file: AssetFile,
  { rehearse }: { readonly rehearse: boolean },
): Promise<AssetImport> {
  const nowMicros = clock.nowMicros()
  return await database.transaction(async (trx) => {
    await holdAccess(trx)
    if (rehearse) return await rehearsed(trx, owner.accountNo, file.assets)
    const done = await insertAssets(trx, owner.accountNo, file.assets, nowMicros)
    const detail = { added: done.added, known: done.known, refused: file.problems.length }
    await audit(trx, nowMicros, 'assets_imported', owner, detail)
    return done
  })
}

async function rehearsed(trx: Transaction, accountNo: number, assets: readonly Asset[]): Promise<AssetImport> {
  const rows = await trx.selectFrom('asset').select(['kind', 'value']).where('account_no', '=', accountNo).execute()
  const there = new Set(rows.map(({ kind, value }) => `${kind} ${value}`))
  const known = assets.filter(({ kind, value }) => there.has(`${kind} ${value}`)).length
  const added = assets.length - known
  mustFit(rows.length + added)
  return { added, known }
}

/** The caller holds the lock that makes two imports wait for each other. */
async function insertAssets(
  trx: Transaction,
  accountNo: number,
  assets: readonly (Asset & { readonly note: string })[],
  nowMicros: number,
): Promise<AssetImport> {
  const { count: added } = await run(
    trx,
    `insert into asset (account_no, kind, value, note, created_micros)
     select $1::int, kind, value, note, $5::bigint
       from unnest($2::text[], $3::text[], $4::text[]) as x (kind, value, note)
     on conflict (account_no, kind, value) do nothing`,
    [
      accountNo,
      assets.map(({ kind }) => kind),
      assets.map(({ value }) => value),
      assets.map(({ note }) => note),
      nowMicros,
    ],
  )
  const { rows } = await run<{ count: number | string }>(
    trx,
    'select count(*) as count from asset where account_no = $1::int',
    [accountNo],
  )
  mustFit(Number(rows[0]?.count ?? 0))
  return { added, known: assets.length - added }
}

function mustFit(count: number): void {
  if (count <= MAX_ASSETS) return
  throw new ConflictError(
    'too_many_assets',
    `these would be ${count} assets, and ${MAX_ASSETS} is the most: join blocks, or remove some first`,
  )
}

/** Without the values: the audit is kept for ever, and site administrators read it. */
async function audit(
  trx: Transaction,
  nowMicros: number,
  kind: string,
  { name, actor }: AssetOwner,
  more: Readonly<Record<string, string | number>>,
): Promise<void> {
  await recordAudit(trx, nowMicros, [{ kind, actor, detail: { account: name, ...more } }])
}
