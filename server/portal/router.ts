import express, { type NextFunction, type Request, type Response, type Router } from 'express'
import { can, type Subject } from '../../policies/can.ts'
import { type Action, ruleOf } from '../../policies/roles.ts'
import type { Context } from '../context.ts'
import { NotFoundError, TrustGroupError } from '../errors.ts'
import { flushActivity, noteActivity } from '../members/activity.ts'
import { recordGlassRead } from '../members/break-glass.ts'
import { mustBePermitted } from '../members/permission.ts'
import { noteRoute } from '../metrics/count-requests.ts'
import { databaseFailure } from '../storage/database-failure.ts'
import { type Answer, type SeeOther, seeOther } from './answer.ts'
import { assets } from './assets.ts'
import { mustBeSameOrigin, mustCarryCsrf } from './csrf.ts'
import { fileHeaders, securityHeaders } from './headers.ts'
import { logoHandler } from './logo.ts'
import { fillForm, makeVisit } from './make-visit.ts'
import { refusalPage } from './refusal.ts'
import type { Route } from './route.ts'
import { ROUTES } from './routes.ts'
import { send } from './send.ts'
import { sessions } from './sessions.ts'
import { mustStillBeSignedIn } from './still-signed-in.ts'
import { type GroupVisit, isSignedIn, type OpenVisit, type Visit } from './visit.ts'

/** A dangerous act wants a factor that was proven within this time (ASVS 5.0 7.5). */
export const PROVEN_MICROS = 10 * 60_000_000

/** The portal: pages for people, which need no script. */
export function portalRouter(context: Context): Router {
  const router = express.Router({ caseSensitive: true })
  router.use('/assets', fileHeaders(context.config))
  router.use('/assets/logo', logoHandler(context))
  router.use('/assets', assets())
  router.use(securityHeaders(context.config))
  router.use(sessions(context))
  for (const route of ROUTES) {
    const handle = (request: Request, response: Response) => {
      noteRoute(response, route.path)
      return serve(context, route, request, response)
    }
    if (route.method === 'GET') router.get(route.path, handle)
    else router.post(route.path, handle)
  }
  return router
}

/** What answers an address that no route has; and a failure before a route was found. */
export function portalEnd(context: Context) {
  return {
    absent: async (request: Request, response: Response) =>
      await refuse(context, request, response, undefined, new NotFoundError('this page')),
    // a path that cannot be decoded is the address of nothing
    failed: async (error: unknown, request: Request, response: Response, _next: NextFunction) =>
      await refuse(
        context,
        request,
        response,
        undefined,
        error instanceof URIError ? new NotFoundError('this page') : error,
      ),
  }
}

async function serve(context: Context, route: Route, request: Request, response: Response): Promise<void> {
  let visit: OpenVisit | undefined
  try {
    const isOwnForm = request.method === 'POST' && !isFromServers(route)
    if (isOwnForm) mustBeSameOrigin(request)
    visit = await makeVisit(context, request, response)
    const admitted = admit(route, visit)
    if (typeof admitted !== 'function') {
      await send(visit, admitted)
      return
    }
    if (request.method === 'POST') {
      await fillForm(visit, route.takesFiles)
      if (isOwnForm) mustCarryCsrf(visit)
      await mustStillBeSignedIn(visit)
    }
    await send(visit, await admitted())
  } catch (error) {
    await refuse(context, request, response, visit, error)
  }
}

function isFromServers(route: Route): boolean {
  return 'fromServers' in route && route.fromServers === true
}

/**
 * Decides whether a visit is let in, before anything of its form is read.
 * @returns what runs the route; or where to go first, to sign in or to prove oneself again
 */
function admit(route: Route, visit: OpenVisit): SeeOther | (() => Promise<Answer> | Answer) {
  if (route.permission === 'anyone') return () => route.answer(visit)
  if (!isSignedIn(visit)) return seeOther(`/sign-in?next=${encodeURIComponent(addressOf(visit, route))}`)
  if ('about' in route) {
    const entered = enter(visit, route.permission)
    if (needsProof(visit, route.permission)) return proveFirst(visit, route)
    return async () => {
      await noteGlass(entered)
      await noteVisit(entered)
      return await route.answer(entered)
    }
  }
  const about = ruleOf(route.permission).about
  const subject: Subject = about === 'self' ? { kind: 'self', accountNo: visit.account.accountNo } : { kind: 'site' }
  mustBePermitted(can(visit.actor, route.permission, subject), route.permission)
  return needsProof(visit, route.permission) ? proveFirst(visit, route) : () => route.answer(visit)
}

/**
 * The visit of a group, for somebody who may do this there.
 * @throws {NotFoundError} for a group that is absent or not the visitor's: one answer for both
 */
function enter(visit: Visit, action: Action): GroupVisit {
  const { access, actor } = visit
  const group = access.group(visit.params['group'] ?? '')
  if (!group) throw new NotFoundError('this page')
  const membership = access.membership(actor.accountNo, group.groupNo)
  const brokenGlass = access.hasBrokenGlass(actor.accountNo, group.groupNo, visit.nowMicros)
  const subject: Subject = { kind: 'group', membership, brokenGlass, secondFactor: group.secondFactor }
  mustBePermitted(can(actor, action, subject), action)
  return {
    ...visit,
    get session() {
      return visit.session
    },
    group,
    membership,
  }
}

/** What is read through broken glass is on the record before it is answered, whichever page it is. */
async function noteGlass({ context, access, account, group, nowMicros, request }: GroupVisit): Promise<void> {
  if (request.method !== 'GET' || !access.hasBrokenGlass(account.accountNo, group.groupNo, nowMicros)) return
  await recordGlassRead(context, { actor: account.name, group: group.name, path: request.path.slice(0, 200) })
}

/** Coming back is activity: whoever was idle is active again before the page is answered. */
async function noteVisit({ context, membership }: GroupVisit): Promise<void> {
  noteActivity(context, membership)
  if (membership?.state === 'idle' || membership?.state === 'soonidle') await flushActivity(context)
}

function needsProof(visit: OpenVisit, action: Action): boolean {
  return ruleOf(action).stepUp === true && (visit.session.provenMicros ?? 0) + PROVEN_MICROS <= visit.nowMicros
}

function proveFirst(visit: OpenVisit, route: Route): SeeOther {
  return seeOther(`/account/prove?next=${encodeURIComponent(addressOf(visit, route))}`)
}

/** Where to come back to: the page itself, or for a form the nearest page above its address. */
function addressOf({ request }: OpenVisit, route: Route): string {
  if (route.method === 'GET') return request.originalUrl
  const pages = ROUTES.filter((each) => each.method === 'GET')
  const given = request.path.split('/')
  const parts = route.path.split('/')
  for (let length = parts.length; length > 1; length -= 1) {
    if (pages.some((each) => each.path === parts.slice(0, length).join('/'))) return given.slice(0, length).join('/')
  }
  return '/'
}

async function refuse(
  context: Context,
  request: Request,
  response: Response,
  visit: OpenVisit | undefined,
  error: unknown,
): Promise<void> {
  let known = error instanceof TrustGroupError ? error : databaseFailure(error)
  const account = visit?.account
  if (known && account && [403, 404].includes(known.status)) {
    const path = request.path.slice(0, 200).replaceAll(/[^\x20-\x7e]/g, '?')
    const detail = { status: known.status, code: known.code, method: request.method, path }
    try {
      await context.refusals.note({ kind: 'refused', actor: account.name, detail })
    } catch (failure) {
      known = databaseFailure(failure) ?? known
    }
  }
  if (response.headersSent) {
    response.destroy()
    return
  }
  await refusalPage(context, request, response, visit, known ?? error)
}
