import type { Request, Response } from 'express'
import { audienceOf } from '../../policies/audience.ts'
import { withinAsync } from '../../policies/release.ts'
import { labelOfRank } from '../../policies/tlp.ts'
import type { ObjectQuery, QueryField } from '../../schemas/taxii/object-query.ts'
import type { Context } from '../context.ts'
import { NotFoundError } from '../errors.ts'
import { ingest } from '../intel/ingest.ts'
import type { Page } from '../storage/page.ts'
import {
  type Admitted,
  type AtCollection,
  atCollection,
  mustAcceptTaxii,
  mustRead,
  mustSendTaxii,
  mustWrite,
  pathPart,
} from './admission.ts'
import { answerReleased, answerText } from './answer.ts'
import { encodePage, encodeRecords, takesGzip } from './encode-page.ts'
import { type Paging, pagingOf } from './paging.ts'
import { readBody } from '../read-body.ts'

const ALL_FIELDS: readonly QueryField[] = ['added_after', 'limit', 'next', 'id', 'type', 'version', 'spec_version']
const OBJECT_FIELDS: readonly QueryField[] = ['added_after', 'limit', 'next', 'version', 'spec_version']
const VERSIONS_FIELDS: readonly QueryField[] = ['added_after', 'limit', 'next', 'spec_version']
const EVERY_VERSION = { all: true, first: false, last: false, exact: [] }

type Handler = (context: Context, admitted: Admitted, request: Request, response: Response) => Promise<void>

/** Get Objects (TAXII 2.1 §5.4). */
export const getObjects: Handler = async (context, admitted, request, response) => {
  const at = await readable(context, admitted, request)
  await answerObjects(context, at, request, response, pagingOf(context, at, request, 'objects', ALL_FIELDS))
}

/** Get an Object (TAXII 2.1 §5.6). Nothing found is 404: unknown, or no such version. */
export const getObject: Handler = async (context, admitted, request, response) => {
  const at = await readable(context, admitted, request)
  const id = pathPart(request, 'object')
  const paging = pagingOf(context, at, request, `object ${id}`, OBJECT_FIELDS, only(id))
  await answerObjects(context, at, request, response, paging, 'this object')
}

/** Get Object Manifests (TAXII 2.1 §5.3). */
export const getManifest: Handler = async (context, admitted, request, response) => {
  const at = await readable(context, admitted, request)
  await answerRecords(
    context,
    at,
    request,
    response,
    pagingOf(context, at, request, 'manifest', ALL_FIELDS),
    'manifest',
  )
}

/** Get Object Versions (TAXII 2.1 §5.8), in the order of their addition. */
export const getVersions: Handler = async (context, admitted, request, response) => {
  const at = await readable(context, admitted, request)
  const id = pathPart(request, 'object')
  const paging = pagingOf(context, at, request, `versions ${id}`, VERSIONS_FIELDS, (query) => ({
    ...only(id)(query),
    versions: EVERY_VERSION,
  }))
  await answerRecords(context, at, request, response, paging, 'versions')
}

/** Add Objects (TAXII 2.1 §5.5): 202 when everything is stored for good and can be read. */
export const addObjects: Handler = async (context, admitted, request, response) => {
  const at = await atCollection(context, admitted, request)
  mustWrite(at)
  mustAcceptTaxii(request)
  mustSendTaxii(request)
  const bytes = await readBody(request, context.config.taxii)
  const { statusText, added, known } = await ingest(context, {
    collection: at.collection,
    account: at.caller.account,
    isWriteOnly: !at.right.canRead,
    wantsStix21: true,
    bytes,
  })
  context.metrics.exchanged('in', added + known)
  answerText(response, 202, statusText)
}

async function readable(context: Context, admitted: Admitted, request: Request): Promise<AtCollection> {
  const at = await atCollection(context, admitted, request)
  mustRead(at)
  mustAcceptTaxii(request)
  return at
}

/** @param missing what is said to be absent when nothing is found at the start; undefined: an empty envelope */
async function answerObjects(
  context: Context,
  at: AtCollection,
  request: Request,
  response: Response,
  { page, binding }: Paging,
  missing?: string,
): Promise<void> {
  const found = await context.releases.objects(page)
  if (missing !== undefined) await mustExist(context, at, page, found.body.count, missing)
  const next = nextOf(context, found.body, binding)
  await context.reads.note(at.caller.account.accountNo, at.collection.collectionNo, found.body.count)
  context.metrics.exchanged('out', found.body.count)
  const gzip = takesGzip(request.headers['accept-encoding'])
  answerReleased(response, await withinAsync(found, (page) => encodePage(page, next, gzip)), audience(at))
}

async function answerRecords(
  context: Context,
  at: AtCollection,
  request: Request,
  response: Response,
  { page, binding }: Paging,
  kind: 'manifest' | 'versions',
): Promise<void> {
  const found = await context.releases.records(page)
  if (kind === 'versions') await mustExist(context, at, page, found.body.records.length, 'this object')
  const last = found.body.records.at(-1)?.dateAdded
  const next = nextOf(context, { more: found.body.more, last }, binding)
  await context.reads.note(at.caller.account.accountNo, at.collection.collectionNo, found.body.records.length)
  context.metrics.exchanged('out', found.body.records.length)
  const gzip = takesGzip(request.headers['accept-encoding'])
  answerReleased(response, await withinAsync(found, (page) => encodeRecords(page, kind, next, gzip)), audience(at))
}

/** An object of which the view has no version is 404; one that the filters leave nothing of is an empty answer. */
async function mustExist(
  context: Context,
  at: AtCollection,
  page: Paging['page'],
  count: number,
  what: string,
): Promise<void> {
  if (count > 0) return
  const any: ObjectQuery = { ...page.query, versions: EVERY_VERSION, spec21: true }
  const records = await context.releases.records({ ...page, query: any, afterMicros: 0, limit: 1 })
  const filtered = page.afterMicros > 0 || !page.query.spec21
  if (records.body.records.length === 0 || !filtered) throw new NotFoundError(what)
}

function nextOf(context: Context, page: Pick<Page, 'more' | 'last'>, binding: Paging['binding']): string | undefined {
  return page.more && page.last !== undefined ? context.pageTokens.seal(page.last, binding) : undefined
}

function only(id: string): (query: ObjectQuery) => ObjectQuery {
  return (query) => ({ ...query, ids: [id] })
}

function audience(at: AtCollection) {
  return audienceOf(at.collection.id, labelOfRank(at.collection.ceiling)).id
}
