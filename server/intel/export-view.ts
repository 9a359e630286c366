import { audienceOf } from '../../policies/audience.ts'
import { labelOfRank } from '../../policies/tlp.ts'
import type { ObjectQuery } from '../../schemas/taxii/object-query.ts'
import type { Context } from '../context.ts'
import { ForbiddenError, NotFoundError } from '../errors.ts'
import type { Access, Account, Collection } from '../storage/access.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { type ExportFormat, ExportWriter } from './export-writer.ts'

/** What is to be exported, for whom, and in which form. */
export interface ExportOptions {
  readonly collection: Collection
  /** Who gets it, and needs the right to read; or the operator at the machine, who could read the database as well. */
  readonly reader: Account | 'operator'
  readonly format: ExportFormat
  readonly versions: 'last' | 'all'
  readonly ids?: readonly string[] | undefined
  readonly types?: readonly string[] | undefined
  /** Exclusive lower bound of `date_added`, microseconds. */
  readonly addedAfterMicros?: number | undefined
  readonly onProgress?: ((objects: number) => void) | undefined
}

/**
 * Gives a view out as bytes, page by page, in the order of `date_added`, and made of nothing but released pages. What
 * was withdrawn before a page is read is not in it. The audit has the export before its last byte leaves; one that is
 * broken off is in the audit as incomplete.
 * @throws {ForbiddenError} when the reader may not read, also when the right ends while it runs
 */
export async function* exportView(context: Context, options: ExportOptions): AsyncGenerator<Buffer, void, void> {
  const { collectionNo } = options.collection
  const { access } = await context.freshness.read(collectionNo)
  const { id, ceiling } = mustRead(access, options)
  const writer = new ExportWriter(audienceOf(id, labelOfRank(ceiling)).id, options.format)
  let isRecorded = false
  try {
    let afterMicros = options.addedAfterMicros ?? 0
    for (let more = true; more;) {
      const fresh = await context.freshness.read(collectionNo)
      const collection = mustRead(fresh.access, options)
      const { view } = fresh
      if (!view) throw new NotFoundError('the collection')
      const limit = context.config.taxii.pageSize
      const page = await context.releases.objects({ collection, view, query: queryOf(options), afterMicros, limit })
      more = page.body.more && page.body.last !== undefined
      afterMicros = page.body.last ?? afterMicros
      const parts = writer.page(page)
      options.onProgress?.(writer.objects)
      // the last page waits for the audit
      if (!more) {
        isRecorded = true
        await record(context, options, writer.objects, true)
      }
      yield* parts
    }
    const end = writer.end()
    if (end.length > 0) yield end
  } finally {
    if (!isRecorded && writer.objects > 0) await record(context, options, writer.objects, false)
  }
}

function mustRead(access: Access, { collection: wanted, reader }: ExportOptions): Collection {
  const collections = access.roots.flatMap((root) => root.collections)
  const collection = collections.find(({ collectionNo }) => collectionNo === wanted.collectionNo)
  if (!collection) throw new NotFoundError('the collection')
  if (reader === 'operator') return collection
  const account = access.account(reader.accountNo)
  if (!account?.active || !access.right(account, collection, false).canRead) {
    throw new ForbiddenError('you may not read this collection')
  }
  return collection
}

async function record(context: Context, options: ExportOptions, objects: number, complete: boolean): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  const { collection, reader, format, versions } = options
  const actor = reader === 'operator' ? 'command line' : reader.name
  const filtered = options.ids !== undefined || options.types !== undefined || options.addedAfterMicros !== undefined
  const detail = { collection: collection.id, objects, format, versions, filtered, complete }
  await context.database.transaction((trx) =>
    recordAudit(trx, nowMicros, [{ kind: 'collection_exported', actor, detail }]),
  )
}

function queryOf({ versions, ids, types }: ExportOptions): ObjectQuery {
  const isAll = versions === 'all'
  return {
    addedAfter: undefined,
    limit: undefined,
    next: undefined,
    ids,
    types,
    versions: { all: isAll, first: false, last: !isAll, exact: [] },
    spec21: true,
  }
}
