import type { IncomingMessage } from 'node:http'
import type { Request } from 'express'
import { acceptsTaxii, isTaxiiBody } from '../../schemas/taxii/media-type.ts'
import type { Caller } from '../auth/programs/authenticate.ts'
import { presentedBy } from '../auth/programs/presented.ts'
import type { Context } from '../context.ts'
import {
  ForbiddenError,
  NotAcceptableError,
  NotFoundError,
  UnauthenticatedError,
  UnsupportedMediaTypeError,
} from '../errors.ts'
import { noteTaxiiActivity } from '../members/activity.ts'
import { type Access, type ApiRoot, type Collection, findCollection, type Right } from '../storage/access.ts'
import type { ViewState } from '../storage/freshness.ts'

/** Who asks, and what was true when the request had come in. */
export interface Admitted {
  readonly caller: Caller
  readonly access: Access
  readonly view: ViewState | undefined
}

/** An admitted request to a collection that the caller may know of. */
export interface AtCollection extends Admitted {
  readonly root: ApiRoot
  readonly collection: Collection
  readonly right: Right
  readonly view: ViewState
}

/** Signs the caller in. The state of the collection that the path names is asked for in the same question. */
export async function admit(context: Context, request: Request): Promise<Admitted> {
  const likely = collectionOf(context.freshness.remembered, request)
  const { access, view } = await context.freshness.read(likely?.collectionNo)
  const caller = await context.authenticator.authenticate(access, presentedBy(context.config, request))
  if (caller.scopes !== 'all' && !caller.scopes.has('taxii')) throw new UnauthenticatedError()
  if (caller.tokenNo !== undefined) context.tokenUse.note(caller.tokenNo, context.clock.nowMicros())
  return { caller, access, view }
}

/** The API root of the path; one without any right for the caller is as absent (TAXII 2.1 App. B). */
export function findRoot(admitted: Admitted, request: Request): ApiRoot {
  const root = admitted.access.root(pathPart(request, 'root'))
  if (!root || !isVisible(admitted, root)) throw new NotFoundError('this API root')
  return root
}

/** Whether the caller has any right in an API root; administrators see the names of all that are of no trust group. */
export function isVisible({ access, caller }: Admitted, root: ApiRoot): boolean {
  if (caller.account.role === 'administrator' && root.groupNo === undefined) return true
  return root.collections.some((collection) => {
    const right = access.right(caller.account, collection, caller.strong)
    return right.canRead || right.canWrite
  })
}

/**
 * The collection of the path, with the caller's right to it. One without any right is as absent.
 * @throws {NotFoundError} with the same words for absent and not yours
 */
export async function atCollection(context: Context, admitted: Admitted, request: Request): Promise<AtCollection> {
  const root = admitted.access.root(pathPart(request, 'root'))
  const collection = root && findCollection(root, pathPart(request, 'collection'))
  const right = collection && admitted.access.right(admitted.caller.account, collection, admitted.caller.strong)
  if (!root || !collection || !right || !(right.canRead || right.canWrite)) throw new NotFoundError('this collection')
  // the path may name a collection that was made after the snapshot that was remembered
  const view = admitted.view ?? (await context.freshness.read(collection.collectionNo)).view
  if (!view) throw new NotFoundError('this collection')
  noteTaxiiActivity(context, admitted.caller.account, root)
  return { ...admitted, root, collection, right, view }
}

/** A caller who may only write knows that the collection is there: 403, not 404. */
export function mustRead({ right }: AtCollection): void {
  if (!right.canRead) throw new ForbiddenError('you may not read this collection')
}

export function mustWrite({ right }: AtCollection): void {
  if (!right.canWrite) throw new ForbiddenError('you may not write to this collection')
}

/** TAXII 2.1 §3.1. Reading without any Accept header is served; posting without one is refused (C10). */
export function mustAcceptTaxii(request: IncomingMessage): void {
  const { accept } = request.headers
  const served = accept === undefined ? request.method !== 'POST' : acceptsTaxii(accept)
  if (!served) throw new NotAcceptableError()
}

export function mustSendTaxii(request: IncomingMessage): void {
  const type = request.headers['content-type']
  if (type === undefined || !isTaxiiBody(type)) {
    throw new UnsupportedMediaTypeError('send Content-Type: application/taxii+json;version=2.1')
  }
}

function collectionOf(access: Access | undefined, request: Request): Collection | undefined {
  const root = access?.root(pathPart(request, 'root'))
  return root && findCollection(root, pathPart(request, 'collection'))
}

/** A named part of the path, '' when the route has no such part, or when it holds a NUL: nothing here is named so. */
export function pathPart(request: Request, name: string): string {
  const part = request.params[name]
  return typeof part === 'string' && !part.includes('\0') ? part : ''
}
