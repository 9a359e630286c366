import { randomUUID } from 'node:crypto'
import { rankOf, type Tlp, UNMARKED } from '../../policies/tlp.ts'
import { BadRequestError, ConflictError, NotFoundError } from '../errors.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Transaction } from '../storage/database.ts'
import { LEDGER_START } from '../storage/ledger.ts'
import { PORTAL_SEGMENTS } from './portal-segments.ts'
import { type Actor, raiseAccess, type SiteContext } from './site.ts'

/** A collection to be made. */
export interface NewCollection extends Actor {
  readonly title: string
  readonly description?: string | undefined
  readonly alias?: string | undefined
  /** Path of an API root that is there; without it the first root of the site, which is made when there is none. */
  readonly root?: string | undefined
  /** Who of the group that owns the root has it; `members` in a root of a group, `granted` in one of the site, unless set. */
  readonly audience?: Audience | undefined
  /** Both the strictest label that it takes and the label of unmarked objects; TLP:AMBER+STRICT unless set. */
  readonly label?: Tlp | undefined
}

/** Who of the group that owns the root has a collection; `granted`: accounts that were named, and nobody else. */
export const AUDIENCES = ['members', 'coordinators', 'granted'] as const

/** One of the {@link AUDIENCES}. */
export type Audience = (typeof AUDIENCES)[number]

/** What was made, as the command line shows it. */
export interface MadeCollection {
  readonly id: string
  readonly alias: string | undefined
  readonly api_root: string
  readonly title: string
  readonly label: Tlp
  readonly audience: Audience
}

const SEGMENT = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** Paths that are not API roots. */
const RESERVED: ReadonlySet<string> = new Set(['taxii2', ...PORTAL_SEGMENTS])

/**
 * Makes a collection, and its API root when the site has none yet.
 * @throws {BadRequestError} for a name that cannot stand in a path, or an audience without a group
 * @throws {ConflictError} when the alias is taken in that root
 */
export async function addCollection({ database, clock }: SiteContext, wanted: NewCollection): Promise<MadeCollection> {
  mustBeCollection(wanted)
  const nowMicros = clock.nowMicros()
  return await database.transaction(async (trx) => {
    await raiseAccess(trx)
    return await insertCollection(trx, await rootFor(trx, wanted), wanted, nowMicros)
  })
}

/** A row of an API root. */
export interface RootRow {
  readonly root_no: number
  readonly path: string
  readonly group_no: number | null
}

/**
 * The rows of a new collection in a root, and the audit, inside the caller's transaction, which has raised the access
 * generation.
 * @throws {BadRequestError}, {ConflictError} as {@link addCollection}
 */
export async function insertCollection(
  trx: Transaction,
  root: RootRow,
  wanted: Omit<NewCollection, 'root'>,
  nowMicros: number,
): Promise<MadeCollection> {
  mustBeCollection(wanted)
  const { alias, description, label = UNMARKED, audience = root.group_no === null ? 'granted' : 'members' } = wanted
  const [id, title] = [randomUUID(), titleOf(wanted.title)]
  if (root.group_no === null && audience !== 'granted') {
    throw new BadRequestError(
      'bad_audience',
      `the API root ${root.path} is of no trust group: choose one of a group, or the audience granted`,
    )
  }
  if (alias !== undefined) await mustBeFree(trx, root.root_no, alias)
  const { collection_no } = await trx
    .insertInto('collection')
    .values({
      collection_id: id,
      root_no: root.root_no,
      alias: alias ?? null,
      title,
      description: description ?? null,
      ceiling: rankOf(label),
      default_label: rankOf(label),
      audience,
    })
    .returning('collection_no')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('collection_clock')
    .values({
      collection_no,
      last_micros: 0,
      generation: 0,
      open_first: null,
      open_count: 0,
      open_objects: 0,
      ledger_seq: 0,
      ledger_head: LEDGER_START,
    })
    .execute()
  const detail = { collection: id, root: root.path, label, audience }
  await recordAudit(trx, nowMicros, [{ kind: 'collection_made', actor: wanted.actor, detail }])
  return { id, alias, api_root: `/${root.path}/`, title, label, audience }
}

function mustBeCollection({ title, alias }: Pick<NewCollection, 'title' | 'alias'>): void {
  titleOf(title)
  if (alias !== undefined) mustBeSegment('alias', alias)
}

/** An API root to be made. */
export interface NewRoot extends Actor {
  readonly path: string
  readonly title: string
  readonly description?: string | undefined
}

/** Makes an API root (TAXII 2.1 §4.2). */
export async function addRoot(
  { database, clock }: SiteContext,
  wanted: NewRoot,
): Promise<{ readonly api_root: string }> {
  const path = wanted.path.replaceAll('/', '')
  mustBeSegment('path', path)
  const nowMicros = clock.nowMicros()
  return await database.transaction(async (trx) => {
    await raiseAccess(trx)
    await insertRoot(trx, path, titleOf(wanted.title), wanted.description)
    await recordAudit(trx, nowMicros, [{ kind: 'root_made', actor: wanted.actor, detail: { root: path } }])
    return { api_root: `/${path}/` }
  })
}

async function rootFor(trx: Transaction, wanted: NewCollection): Promise<RootRow> {
  const roots = trx.selectFrom('api_root').select(['root_no', 'path', 'group_no']).orderBy('root_no')
  if (wanted.root !== undefined) {
    const path = wanted.root.replaceAll('/', '')
    const root = await roots.where('path', '=', path).executeTakeFirst()
    if (!root) throw new NotFoundError(`the API root ${JSON.stringify(path)}`)
    return root
  }
  const first = await roots.where('group_no', 'is', null).executeTakeFirst()
  return first ?? (await insertRoot(trx, `${wanted.alias ?? 'site'}-root`, wanted.title, undefined))
}

async function insertRoot(
  trx: Transaction,
  path: string,
  title: string,
  description: string | undefined,
): Promise<RootRow> {
  const root = await trx
    .insertInto('api_root')
    .values({ path, title, description: description ?? null })
    .onConflict((conflict) => conflict.column('path').doNothing())
    .returning(['root_no', 'path', 'group_no'])
    .executeTakeFirst()
  if (!root) throw new ConflictError('root_taken', `the API root ${path} is there already: choose another path`)
  return root
}

async function mustBeFree(trx: Transaction, rootNo: number, alias: string): Promise<void> {
  const taken = await trx
    .selectFrom('collection')
    .select('collection_no')
    .where('root_no', '=', rootNo)
    .where('alias', '=', alias)
    .executeTakeFirst()
  if (taken) throw new ConflictError('alias_taken', `the alias ${alias} is taken in this API root: choose another`)
}

/** Whether an API root could have this path. */
export function isRootPath(path: string): boolean {
  return SEGMENT.test(path) && !RESERVED.has(path)
}

function mustBeSegment(what: string, text: string): void {
  if (!isRootPath(text)) {
    throw new BadRequestError(
      `bad_${what}`,
      `${what} must be 1 to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit, and none of ${[...RESERVED].join(', ')}`,
    )
  }
}

function titleOf(text: string): string {
  const title = text.trim()
  if (title === '' || title.length > 200 || /\p{Cc}/u.test(title)) {
    throw new BadRequestError('bad_title', 'the title must be one line of 1 to 200 characters')
  }
  return title
}
