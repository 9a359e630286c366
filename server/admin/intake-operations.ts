import { Type } from 'typebox'
import type { Context } from '../context.ts'
import { NotFoundError } from '../errors.ts'
import { copyCollection } from '../intel/copy-collection.ts'
import type { CopyCredentials } from '../intel/copy-source.ts'
import { exportView } from '../intel/export-view.ts'
import { EXPORT_FORMATS } from '../intel/export-writer.ts'
import { operatorAccount } from '../intel/import-account.ts'
import { shown } from '../intel/import-found.ts'
import { importName } from '../intel/import-name.ts'
import { importStream } from '../intel/import-stream.ts'
import type { Counts, Refusal } from '../intel/import-tally.ts'
import { collectionRow } from '../site/rights.ts'
import type { Collection } from '../storage/access.ts'
import { operation } from './operation.ts'

const text = Type.String({ maxLength: 2000 })
const secret = Type.Optional(Type.String({ maxLength: 10_000 }))
const closed = { additionalProperties: false }

/** STIX in, from files and from other servers, and views out. */
export const intakeOperations = {
  import: operation(
    Type.Object(
      {
        collection: text,
        upgrade: Type.Boolean(),
        /** Of the file, in bytes as sent; with the fingerprint it makes the import one that can be resumed. */
        size: Type.Optional(Type.Number({ minimum: 0 })),
        fingerprint: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
      },
      closed,
    ),
    async (context, { collection: key, upgrade, size, fingerprint }, exchange) => {
      const collection = await collectionNamed(context, key)
      let bytes = 0
      const report = await importStream(context, {
        collection,
        account: await operatorAccount(context),
        source: exchange.body,
        size,
        resumeName: fingerprint === undefined ? undefined : importName(collection.id, fingerprint),
        upgrade,
        signal: exchange.signal,
        onProgress: (state) => {
          bytes = state.bytes
          exchange.progress({ done: bytes, total: size, unit: 'bytes' })
        },
        onRefusal: (refusal) => exchange.progress({ done: bytes, total: size, unit: 'bytes', note: lineOf(refusal) }),
      })
      return {
        collection: collection.id,
        ...countsOf(report),
        upgraded: report.upgraded,
        resumed_after: report.resumedAfter,
        problem: report.problem ?? null,
      }
    },
  ),
  copy: operation(
    Type.Object(
      {
        collection: text,
        url: text,
        remote_collection: Type.Optional(text),
        user: Type.Optional(text),
        password: secret,
        token: secret,
        latest_only: Type.Boolean(),
        from_start: Type.Boolean(),
        dry_run: Type.Boolean(),
        allow_http: Type.Boolean(),
      },
      closed,
    ),
    async (context, args, exchange) => {
      const collection = await collectionNamed(context, args.collection)
      let objects = 0
      const report = await copyCollection(context, {
        collection,
        account: await operatorAccount(context),
        from: {
          url: args.url,
          collection: args.remote_collection,
          credentials: credentialsOf(args),
          allowHttp: args.allow_http,
        },
        dryRun: args.dry_run,
        latestOnly: args.latest_only,
        fromStart: args.from_start,
        signal: exchange.signal,
        onProgress: (state) => {
          objects = state.added + state.known + state.refused
          exchange.progress({ done: objects })
        },
        onRefusal: (refusal) => exchange.progress({ done: objects, note: lineOf(refusal) }),
      })
      return {
        collection: collection.id,
        ...countsOf(report),
        pages: report.pages,
        dry_run: report.dryRun,
        continued: report.isContinued,
        restarted: report.isRestart,
        problem: report.problem ?? null,
      }
    },
  ),
  export: operation(
    Type.Object(
      {
        collection: text,
        format: Type.Enum([...EXPORT_FORMATS]),
        all_versions: Type.Boolean(),
        types: Type.Array(text, { maxItems: 500 }),
      },
      closed,
    ),
    async (context, { collection: key, format, all_versions, types }, exchange) => {
      const collection = await collectionNamed(context, key)
      let objects = 0
      let bytes = 0
      const parts = exportView(context, {
        collection,
        reader: 'operator', // whoever opens the socket or the database could read the tables as well
        format,
        versions: all_versions ? 'all' : 'last',
        types: types.length > 0 ? types : undefined,
        onProgress: (done) => {
          objects = done
          exchange.progress({ done })
        },
      })
      for await (const part of parts) {
        exchange.signal.throwIfAborted()
        bytes += part.length
        await exchange.write(part)
      }
      return { collection: collection.id, format, objects, bytes }
    },
  ),
} as const

async function collectionNamed(context: Context, key: string): Promise<Collection> {
  const { collection_no } = await context.database.transaction((trx) => collectionRow(trx, key))
  const { access } = await context.freshness.read()
  for (const root of access.roots) {
    const found = root.collections.find(({ collectionNo }) => collectionNo === collection_no)
    if (found) return found
  }
  throw new NotFoundError(`the collection ${JSON.stringify(key)}`)
}

function credentialsOf(args: {
  readonly user?: string
  readonly password?: string
  readonly token?: string
}): CopyCredentials | undefined {
  if (args.token !== undefined) return { kind: 'bearer', token: args.token }
  if (args.user === undefined) return undefined
  return { kind: 'basic', username: args.user, password: args.password ?? '' }
}

function countsOf({ added, known, refused, refusedByRule, types, refusals }: Counts) {
  return { added, known, refused, refused_by_rule: refusedByRule, types, refusals }
}

function lineOf(refusal: Refusal): string {
  return `refused ${shown(refusal)}: ${refusal.id}: ${refusal.message}`
}
