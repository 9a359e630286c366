import { hash } from 'node:crypto'
import { Type } from 'typebox'
import Value from 'typebox/value'
import { type CompiledMap, compileParticipantMap, type ParticipantEntry } from '../../policies/participant-map.ts'
import { TLP_LEVELS } from '../../policies/tlp.ts'
import type { Database, Transaction } from '../storage/database.ts'

/** A version of the participant map of the region. */
export interface MapVersion {
  readonly versionNo: number
  readonly entries: readonly ParticipantEntry[]
  readonly note: string
  readonly madeBy: string
  readonly madeMicros: number
}

/** A version in the history, without its entries. */
export type ListedVersion = Omit<MapVersion, 'entries'>

const MAX_LISTED = 200

const ENTRIES = Type.Array(
  Type.Object({
    block: Type.String(),
    site: Type.String(),
    participant: Type.String(),
    tlp: Type.Optional(Type.Enum([...TLP_LEVELS])),
  }),
)

/** The map that counts: the newest version. Undefined while there is none. */
export async function currentParticipantMap({ kysely }: Pick<Database, 'kysely'>): Promise<MapVersion | undefined> {
  return await readVersion(kysely, undefined)
}

/** One version of the map; undefined for one that there is not. */
export async function participantMapVersion(
  { kysely }: Pick<Database, 'kysely'>,
  versionNo: number,
): Promise<MapVersion | undefined> {
  return await readVersion(kysely, { versionNo, exactly: true })
}

/** The version before one; undefined for the first. */
export async function participantMapBefore(
  { kysely }: Pick<Database, 'kysely'>,
  versionNo: number,
): Promise<MapVersion | undefined> {
  return await readVersion(kysely, { versionNo, exactly: false })
}

/** As {@link currentParticipantMap}, inside a transaction. */
export async function lastVersion(trx: Transaction): Promise<MapVersion | undefined> {
  return await readVersion(trx, undefined)
}

/** The versions, the newest first. */
export async function participantMapHistory({ kysely }: Pick<Database, 'kysely'>): Promise<readonly ListedVersion[]> {
  const rows = await kysely
    .selectFrom('participant_map')
    .select(['version_no', 'note', 'made_by', 'made_micros'])
    .orderBy('version_no', 'desc')
    .limit(MAX_LISTED)
    .execute()
  return rows.map((row) => ({
    versionNo: row.version_no,
    note: row.note,
    madeBy: row.made_by,
    madeMicros: row.made_micros,
  }))
}

const NOBODY = compileParticipantMap([])
let kept: { readonly key: string; readonly map: CompiledMap } | undefined

/** The map that counts, ready for questions; it is prepared once a version. With no map everybody is a stranger. */
export async function compiledParticipantMap({ kysely }: Pick<Database, 'kysely'>): Promise<CompiledMap> {
  const newest = await kysely
    .selectFrom('participant_map')
    .select(['version_no', 'sha256'])
    .orderBy('version_no', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!newest) return NOBODY
  const key = `${newest.version_no} ${Buffer.from(newest.sha256).toString('hex')}`
  if (kept?.key === key) return kept.map
  const version = await readVersion(kysely, { versionNo: newest.version_no, exactly: true })
  const map = compileParticipantMap(version?.entries ?? [])
  kept = { key, map }
  return map
}

/** How a version is kept: JSON, and its SHA-256. */
export function writtenEntries(entries: readonly ParticipantEntry[]): {
  readonly text: string
  readonly sha256: Buffer
} {
  const text = JSON.stringify(entries)
  return { text, sha256: hash('sha256', text, 'buffer') }
}

async function readVersion(
  kysely: Database['kysely'] | Transaction,
  wanted: { readonly versionNo: number; readonly exactly: boolean } | undefined,
): Promise<MapVersion | undefined> {
  let query = kysely
    .selectFrom('participant_map')
    .select(['version_no', 'entries', 'note', 'made_by', 'made_micros'])
    .orderBy('version_no', 'desc')
    .limit(1)
  if (wanted) query = query.where('version_no', wanted.exactly ? '=' : '<', wanted.versionNo)
  const row = await query.executeTakeFirst()
  if (!row) return undefined
  const entries: unknown = JSON.parse(row.entries)
  if (!Value.Check(ENTRIES, entries)) throw new Error(`version ${row.version_no} of the participant map cannot be read`)
  return {
    versionNo: row.version_no,
    // what is not there is left out, as it was written
    entries: entries.map(({ tlp, ...entry }) => (tlp === undefined ? entry : { ...entry, tlp })),
    note: row.note,
    madeBy: row.made_by,
    madeMicros: row.made_micros,
  }
}
