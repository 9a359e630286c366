import { ConflictError } from '../errors.ts'
import {
  type Audience,
  insertCollection,
  isRootPath,
  type MadeCollection,
  type RootRow,
} from '../site/add-collection.ts'
import { raiseAccess, type SiteContext } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { run, type Transaction } from '../storage/database.ts'
import type { Tlp } from '../../policies/tlp.ts'
import { groupNamed } from './group-rows.ts'
import { type By, type GroupRow, mustMay } from './permission.ts'

/** The collection that every group has from its first day. */
const FIRST = { alias: 'indicators', title: 'Indicators', audience: 'members', label: 'TLP:AMBER+STRICT' } as const

/**
 * Gives a group its API root with one collection for its members, inside the caller's transaction, which has raised the
 * access generation. The path is the group's name, or one made of it where that is taken or means something else.
 * @throws {ConflictError} code `root_already` where it has one
 */
export async function insertGroupRoot(
  trx: Transaction,
  { group, actor, nowMicros }: { readonly group: GroupRow; readonly actor: string; readonly nowMicros: number },
): Promise<RootRow> {
  if (await rootOf(trx, group)) {
    throw new ConflictError('root_already', `${group.title} has its collections already`)
  }
  const root = await trx
    .insertInto('api_root')
    .values({ path: await freePath(trx, group.name), title: group.title, description: null, group_no: group.group_no })
    .returning(['root_no', 'path', 'group_no'])
    .executeTakeFirstOrThrow()
  const detail = { root: root.path, group: group.name }
  await recordAudit(trx, nowMicros, [{ kind: 'root_made', actor, detail }])
  await insertCollection(trx, root, { ...FIRST, actor }, nowMicros)
  return root
}

/** Gives a group of an earlier release its API root. @throws {ConflictError} code `root_already` */
export async function giveGroupRoot(
  context: SiteContext,
  wanted: By & { readonly group: string },
): Promise<{ readonly api_root: string }> {
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'manage-collections', { row: group, nowMicros })
    const { path } = await insertGroupRoot(trx, { group, actor: wanted.actor, nowMicros })
    return { api_root: `/${path}/` }
  })
}

/** A collection of a group to be made. */
export interface NewGroupCollection {
  readonly group: string
  readonly title: string
  readonly alias?: string | undefined
  readonly description?: string | undefined
  readonly audience: Audience
  readonly label: Tlp
}

/**
 * Makes another collection in the API root of a group.
 * @throws {BadRequestError} code `bad_title` or `bad_alias`
 * @throws {ConflictError} code `alias_taken`, or `no_root` for a group that has no root yet
 */
export async function addGroupCollection(
  context: SiteContext,
  wanted: By & NewGroupCollection,
): Promise<MadeCollection> {
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'manage-collections', { row: group, nowMicros })
    const root = await rootOf(trx, group)
    if (!root) throw new ConflictError('no_root', `${group.title} has no collections yet: give it its first one`)
    const { actor, title, alias, description, audience, label } = wanted
    return await insertCollection(trx, root, { actor, title, alias, description, audience, label }, nowMicros)
  })
}

async function rootOf(trx: Transaction, group: GroupRow): Promise<RootRow | undefined> {
  return await trx
    .selectFrom('api_root')
    .select(['root_no', 'path', 'group_no'])
    .where('group_no', '=', group.group_no)
    .executeTakeFirst()
}

/** The name itself, `name-group`, `name-group-2` and so on: the first that is free and means nothing else. */
async function freePath(trx: Transaction, name: string): Promise<string> {
  const { rows } = await run<{ path: string }>(trx, `select path from api_root where starts_with(path, $1::text)`, [
    name,
  ])
  const taken = new Set(rows.map((row) => row.path))
  for (let number = 0; ; number += 1) {
    const path = number === 0 ? name : number === 1 ? `${name}-group` : `${name}-group-${number}`
    if (isRootPath(path) && !taken.has(path)) return path
  }
}
