import { text as readText } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { ASSET_KINDS } from '../../policies/asset.ts'
import { MAX_ASSET_TEXT, readAssetFile } from '../../policies/asset-file.ts'
import { mapChanges } from '../../policies/participant-map.ts'
import { MAP_FORMS, mapFormOf, MAX_MAP_TEXT, readMapFile } from '../../policies/participant-map-file.ts'
import { timestampOf } from '../clock.ts'
import { NotFoundError, TooLargeError } from '../errors.ts'
import { ASSETS_PAGE, importAssets, listAssets } from '../members/profile/assets.ts'
import { BY_OPERATOR } from '../members/permission.ts'
import { accountNumber } from '../site/account-number.ts'
import {
  compiledParticipantMap,
  currentParticipantMap,
  participantMapHistory,
  participantMapVersion,
} from '../site/participants.ts'
import { restoreParticipantMap, setParticipantMap } from '../site/participants-change.ts'
import { OPERATOR } from './operator.ts'
import { type Exchange, operation } from './operation.ts'

const text = Type.String({ maxLength: 2000 })
const closed = { additionalProperties: false }

/** The participant map of the region, and what members answer for. */
export const participantOperations = {
  'participants.show': operation(
    Type.Object({ version: Type.Optional(Type.Integer({ minimum: 1 })) }, closed),
    async (context, { version }) => {
      const map =
        version === undefined
          ? await currentParticipantMap(context.database)
          : await participantMapVersion(context.database, version)
      if (version !== undefined && !map) throw new NotFoundError(`version ${version} of the participant map`)
      return { version: map?.versionNo ?? 0, entries: map?.entries ?? [] }
    },
  ),
  'participants.find': operation(Type.Object({ of: text }, closed), async (context, args) => {
    const found = (await compiledParticipantMap(context.database)).siteOf(args.of)
    return { asked: args.of, found: found ?? null }
  }),
  /** Takes the file as its body; `check` changes nothing. */
  'participants.import': operation(
    Type.Object({ form: Type.Optional(Type.Enum([...MAP_FORMS])), note: text, check: Type.Boolean() }, closed),
    async (context, { form, note, check }, exchange) => {
      const file = await fileOf(exchange, MAX_MAP_TEXT)
      const read = readMapFile(file, form ?? mapFormOf(file))
      if (!read.ok)
        return { problems: read.problems, version: null, entries: 0, doubles: 0, added: 0, removed: 0, changed: 0 }
      const { entries, doubles } = read
      const now = await currentParticipantMap(context.database)
      const changes = mapChanges(now?.entries ?? [], entries)
      const counts = {
        added: changes.added.length,
        removed: changes.removed.length,
        changed: changes.changed.length,
      }
      const version = check ? null : (await setParticipantMap(context, { ...BY_OPERATOR, entries, note })).versionNo
      return { problems: [], version, entries: entries.length, doubles, ...counts }
    },
  ),
  'participants.history': operation(Type.Object({}, closed), async (context) => ({
    versions: (await participantMapHistory(context.database)).map((each) => ({
      version: each.versionNo,
      made: timestampOf(each.madeMicros),
      by: each.madeBy,
      note: each.note,
    })),
  })),
  'participants.restore': operation(
    Type.Object({ version: Type.Integer({ minimum: 1 }) }, closed),
    async (context, { version }) => {
      const done = await restoreParticipantMap(context, { ...BY_OPERATOR, versionNo: version })
      return { restored: version, version: done.versionNo }
    },
  ),

  /** A page of somebody's assets; `after` is kind and value of the last one of the page before. */
  'asset.list': operation(Type.Object({ account: text, after: text }, closed), async (context, { account, after }) => {
    const accountNo = await context.database.transaction((trx) => accountNumber(trx, account))
    const found = await listAssets(context.database, accountNo, after)
    const assets = found.slice(0, ASSETS_PAGE).map(({ kind, value, note }) => ({ kind, value, note }))
    return { assets, more: found.length > ASSETS_PAGE }
  }),
  /** Takes the file as its body. */
  'asset.import': operation(
    Type.Object({ account: text, user: Type.Optional(text), check: Type.Boolean() }, closed),
    async (context, { account, user, check }, exchange) => {
      const accountNo = await context.database.transaction((trx) => accountNumber(trx, account))
      const file = readAssetFile(await fileOf(exchange, MAX_ASSET_TEXT), user)
      const owner = { accountNo, name: account, actor: OPERATOR }
      const done = await importAssets(context, owner, file, { rehearse: check })
      const kinds = Object.fromEntries(
        ASSET_KINDS.map((kind) => [kind, file.assets.filter((asset) => asset.kind === kind).length]),
      )
      return { ...done, kinds, doubles: file.doubles, problems: file.problems, checked_only: check }
    },
  ),
} as const

async function fileOf({ body }: Exchange, most: number): Promise<string> {
  let bytes = 0
  async function* bounded() {
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > most * 4) throw new TooLargeError(`the file is larger than ${most} characters`)
      yield chunk
    }
  }
  return await readText(Readable.from(bounded()))
}
