import { mapChanges, type ParticipantEntry } from '../../policies/participant-map.ts'
import { BadRequestError, ConflictError, NotFoundError } from '../errors.ts'
import { type By, mustMay } from '../members/permission.ts'
import { isPlainLine } from '../../policies/plain-text.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Transaction } from '../storage/database.ts'
import { lastVersion, participantMapVersion, writtenEntries } from './participants.ts'
import { holdAccess, type SiteContext } from './site.ts'

/** Longest note of a version, in characters. */
export const MAX_MAP_NOTE = 200

/** What a change made of the map. */
export interface MapChanged {
  readonly versionNo: number
  readonly added: number
  readonly removed: number
  readonly changed: number
}

/**
 * Makes checked entries the next version of the participant map. The same entries as now make none.
 * @param wanted.basedOn the version that was edited, 0 for none: another that came meanwhile is not overwritten unseen
 * @throws {BadRequestError} code `bad_note`
 * @throws {ConflictError} code `changed_meanwhile`
 */
export async function setParticipantMap(
  { database, clock }: SiteContext,
  wanted: By & {
    readonly entries: readonly ParticipantEntry[]
    readonly note: string
    readonly basedOn?: number | undefined
  },
): Promise<MapChanged> {
  const note = wanted.note.trim()
  if (note.length > MAX_MAP_NOTE || !isPlainLine(note)) {
    throw new BadRequestError('bad_note', `a note is one plain line of at most ${MAX_MAP_NOTE} characters`)
  }
  const nowMicros = clock.nowMicros()
  return await database.transaction(async (trx) => {
    await holdAccess(trx)
    await mustMay(trx, wanted, 'set-participants')
    return await insertVersion(trx, { ...wanted, note }, nowMicros)
  })
}

/**
 * Makes an old version the map again, as a new version: the history stays as it was.
 * @throws {NotFoundError} for a version that there is not
 */
export async function restoreParticipantMap(
  context: SiteContext,
  wanted: By & { readonly versionNo: number },
): Promise<MapChanged> {
  const old = await participantMapVersion(context.database, wanted.versionNo)
  if (!old) throw new NotFoundError('this version of the participant map')
  const note = `as version ${wanted.versionNo}`
  return await setParticipantMap(context, { actor: wanted.actor, as: wanted.as, entries: old.entries, note })
}

async function insertVersion(
  trx: Transaction,
  { actor, entries, note, basedOn }: Parameters<typeof setParticipantMap>[1],
  nowMicros: number,
): Promise<MapChanged> {
  const now = await lastVersion(trx)
  if (basedOn !== undefined && basedOn !== (now?.versionNo ?? 0)) {
    throw new ConflictError(
      'changed_meanwhile',
      'somebody else has changed the map meanwhile: compare with it, and save again',
    )
  }
  const changes = mapChanges(now?.entries ?? [], entries)
  const [added, removed, changed] = [changes.added.length, changes.removed.length, changes.changed.length]
  if (now && added + removed + changed === 0) return { versionNo: now.versionNo, added, removed, changed }
  const { text, sha256 } = writtenEntries(entries)
  const { version_no: versionNo } = await trx
    .insertInto('participant_map')
    .values({ entries: text, sha256, note, made_by: actor, made_micros: nowMicros })
    .returning('version_no')
    .executeTakeFirstOrThrow()
  const detail = { version: versionNo, added, removed, changed }
  await recordAudit(trx, nowMicros, [{ kind: 'participants_changed', actor, detail }])
  return { versionNo, added, removed, changed }
}
