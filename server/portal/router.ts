import express, { type NextFunction, type Request, type Response, type Router } from 'express'
import { can, type Permit, type Subject } from '../../policies/can.ts'
import { type Action, ruleOf } from '../../policies/roles.ts'
import type { Context } from '../context.ts'
import { ForbiddenError, NotFoundError, SecondFactorError, TrustGroupError } from '../errors.ts'
import { databaseFailure } from '../storage/database-failure.ts'
import { type Answer, seeOther } from './answer.ts'
import { assets } from './assets.ts'
import { mustBeSameOrigin, mustCarryCsrf } from './csrf.ts'
import { securityHeaders } from './headers.ts'
import { makeVisit } from './make-visit.ts'
import { refusalPage } from './refusal.ts'
import type { Route } from './route.ts'
import { ROUTES } from './routes.ts'
import { send } from './send.ts'
import { sessions } from './sessions.ts'
import { type GroupVisit, isSignedIn, type OpenVisit, type Visit } from './visit.ts'

/** A dangerous act wants a factor that was proven within this time (ASVS 5.0 7.5). */
export const PROVEN_MICROS = 10 * 60_000_000

/** The portal: pages for people, which need no script. */
export function portalRouter(context: Context): Router {
  const router = express.Router({ caseSensitive: true })
  router.use(securityHeaders(context.config))
  router.use('/assets', assets())
  router.use(sessions(context))
  for (const route of ROUTES) {
    const handle = (request: Request, response: Response) => serve(context, route, request, response)
    if (route.method === 'GET') router.get(route.path, handle)
    else router.post(route.path, handle)
  }
  return router
}

/** What answers an address that no route has; and a failure before a route was found. */
export function portalEnd(context: Context) {
  return {
    async absent(request: Request, response: Response) {
      await refuse(context, request, response, undefined, new NotFoundError('this page'))
    },
    async failed(error: unknown, request: Request, response: Response, _next: NextFunction) {
      await refuse(context, request, response, undefined, error)
    },
  }
}

async function serve(context: Context, route: Route, request: Request, response: Response): Promise<void> {
  let visit: OpenVisit | undefined
  try {
    if (request.method === 'POST') mustBeSameOrigin(request)
    visit = await makeVisit(context, request, response)
    if (request.method === 'POST') mustCarryCsrf(visit)
    await send(visit, await answer(route, visit))
  } catch (error) {
    await refuse(context, request, response, visit, error)
  }
}

async function answer(route: Route, visit: OpenVisit): Promise<Answer> {
  if (route.permission === 'anyone') return await route.answer(visit)
  if (!isSignedIn(visit)) return seeOther(`/sign-in?next=${encodeURIComponent(addressOf(visit, route))}`)
  if ('about' in route) {
    const entered = enter(visit, route.permission)
    return needsProof(visit, route.permission) ? proveFirst(visit, route) : await route.answer(entered)
  }
  const about = ruleOf(route.permission).about
  const subject: Subject = about === 'self' ? { kind: 'self', accountNo: visit.account.accountNo } : { kind: 'site' }
  mustBePermitted(can(visit.actor, route.permission, subject), route.permission)
  return needsProof(visit, route.permission) ? proveFirst(visit, route) : await route.answer(visit)
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

function mustBePermitted(permit: Permit, action: Action): void {
  if (permit.ok) return
  if (permit.reason === 'absent') throw new NotFoundError('this page')
  if (permit.reason === 'second-factor') throw new SecondFactorError()
  throw new ForbiddenError(ruleOf(action).meaning)
}

function needsProof(visit: OpenVisit, action: Action): boolean {
  return ruleOf(action).stepUp === true && (visit.session.provenMicros ?? 0) + PROVEN_MICROS <= visit.nowMicros
}

function proveFirst(visit: OpenVisit, route: Route): Answer {
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
