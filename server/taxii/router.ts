import type { Request, RequestHandler, Response } from 'express'
import type { Context } from '../context.ts'
import { MethodNotAllowedError, NotFoundError, TrustGroupError, UnauthenticatedError } from '../errors.ts'
import { noteRoute } from '../metrics/count-requests.ts'
import { databaseFailure } from '../storage/database-failure.ts'
import { type Admitted, admit } from './admission.ts'
import { answerError } from './answer.ts'
import { getCollection, getCollections } from './collections.ts'
import { deleteObject } from './delete-object.ts'
import { getDiscovery, getRoot } from './discovery.ts'
import { addObjects, getManifest, getObject, getObjects, getVersions } from './objects.ts'
import { findEndpoint } from './find-endpoint.ts'
import { getStatus } from './statuses.ts'

type Handler = (context: Context, admitted: Admitted, request: Request, response: Response) => Promise<void> | void

const COLLECTION = '/:root/collections/:collection'

/** Every address of TAXII 2.1 (§4 and §5) and what it offers. */
const ENDPOINTS: readonly { readonly path: string; readonly methods: Readonly<Record<string, Handler>> }[] = [
  { path: '/taxii2', methods: { GET: getDiscovery } },
  { path: '/:root', methods: { GET: getRoot } },
  { path: '/:root/status/:status', methods: { GET: getStatus } },
  { path: '/:root/collections', methods: { GET: getCollections } },
  { path: COLLECTION, methods: { GET: getCollection } },
  { path: `${COLLECTION}/manifest`, methods: { GET: getManifest } },
  { path: `${COLLECTION}/objects`, methods: { GET: getObjects, POST: addObjects } },
  { path: `${COLLECTION}/objects/:object`, methods: { GET: getObject, DELETE: deleteObject } },
  { path: `${COLLECTION}/objects/:object/versions`, methods: { GET: getVersions } },
]

/**
 * The TAXII 2.1 face. Everything below it answers in TAXII's media type, errors and unknown addresses too.
 * @param isOther paths that it leaves to the next handler
 */
export function taxiiFace(context: Context, isOther: (path: string) => boolean): RequestHandler {
  return async (request, response, next) => {
    if (isOther(request.path)) {
      next()
      return
    }
    const found = findEndpoint(ENDPOINTS, request.path)
    request.params = { ...found?.parts }
    noteRoute(response, found?.endpoint.path)
    await serve(context, request, response, found?.endpoint.methods ?? {})
  }
}

async function serve(
  context: Context,
  request: Request,
  response: Response,
  methods: Readonly<Record<string, Handler>>,
): Promise<void> {
  let actor = 'anonymous'
  try {
    const admitted = await admit(context, request)
    actor = admitted.caller.account.name
    // HEAD is GET without its body, which Node leaves out by itself (RFC 7231 §4.3.2)
    const handle = methods[request.method === 'HEAD' ? 'GET' : request.method]
    if (!handle) throw notOffered(methods)
    await handle(context, admitted, request, response)
  } catch (error) {
    await refuse(context, request, response, actor, error)
  }
}

function notOffered(methods: Readonly<Record<string, Handler>>): TrustGroupError {
  const offered = Object.keys(methods)
  if (offered.length === 0) return new NotFoundError('this address')
  return new MethodNotAllowedError([...offered, 'HEAD'].join(', '))
}

async function refuse(
  context: Context,
  request: Request,
  response: Response,
  actor: string,
  error: unknown,
): Promise<void> {
  let known = error instanceof TrustGroupError ? error : databaseFailure(error)
  if (known && isOnTheRecord(known, request)) {
    try {
      await context.refusals.note({
        kind: 'refused',
        actor,
        detail: { status: known.status, code: known.code, method: request.method, path: shownPath(request.path) },
      })
    } catch (failure) {
      // a refusal that cannot be put on the record must not look like an answer of ours
      known = databaseFailure(failure) ?? known
    }
  }
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { status, errorId } = answerError(response, known ?? error)
  if (!known) context.log.error({ error_id: errorId, err: error }, 'a request failed')
  else if (status >= 500) context.log.warn({ status, err: error }, 'a request was put off')
}

/** Refusals of access, and every refused write. */
function isOnTheRecord(error: TrustGroupError, request: Request): boolean {
  if (error.status >= 500) return false
  if (error instanceof UnauthenticatedError) return true
  return [403, 404, 429].includes(error.status) || request.method === 'POST' || request.method === 'DELETE'
}

/** A path as the audit may keep it: bounded, without control characters. */
function shownPath(path: string): string {
  return path.slice(0, 200).replaceAll(/[^\x20-\x7e]/g, '?')
}
