import express, { type NextFunction, type Request, type Response, type Router } from 'express'
import Value from 'typebox/value'
import type { TSchema } from 'typebox'
import { type Actor, can, type Subject } from '../../policies/can.ts'
import { ruleOf } from '../../policies/roles.ts'
import type { Caller } from '../auth/programs/authenticate.ts'
import { presentedBy } from '../auth/programs/presented.ts'
import type { Context } from '../context.ts'
import { BadRequestError, ForbiddenError, NotFoundError, TrustGroupError, UnauthenticatedError } from '../errors.ts'
import { noteActivity } from '../members/activity.ts'
import { recordGlassRead } from '../members/break-glass.ts'
import { mustBePermitted } from '../members/permission.ts'
import { noteRoute } from '../metrics/count-requests.ts'
import { databaseFailure } from '../storage/database-failure.ts'
import type { Access, Account } from '../storage/access.ts'
import { answerProblem } from './answer-problem.ts'
import { apiHeaders } from './headers.ts'
import type { Endpoint, GroupCall } from './endpoint.ts'
import { ENDPOINTS } from './endpoints.ts'
import { openApi } from './openapi.ts'
import { readBodyOf } from './read-body.ts'
import { API_ROOT } from './root.ts'

/** The portal's JSON API, for scripts. Tokens with the scope `api:read` may ask, those with `api:write` may also change. */
export function apiRouter(context: Context): Router {
  const router = express.Router({ caseSensitive: true })
  router.use(API_ROOT, apiHeaders)
  router.get('/api/openapi.json', apiHeaders, (_request, response) => {
    response.status(200).json(openApi(ENDPOINTS, API_ROOT))
  })
  for (const endpoint of ENDPOINTS) {
    const path = `${API_ROOT}${endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1')}`
    const handle = (request: Request, response: Response) => {
      noteRoute(response, path)
      return serve(context, endpoint, request, response)
    }
    if (endpoint.method === 'GET') router.get(path, handle)
    else if (endpoint.method === 'POST') router.post(path, handle)
    else if (endpoint.method === 'PATCH') router.patch(path, handle)
    else router.delete(path, handle)
  }
  router.use(API_ROOT, (_request, response) => answerProblem(context, response, new NotFoundError('this address')))
  // a path that cannot be decoded is the address of nothing
  router.use(API_ROOT, (error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    answerProblem(context, response, error instanceof URIError ? new NotFoundError('this address') : error),
  )
  return router
}

async function serve(context: Context, endpoint: Endpoint, request: Request, response: Response): Promise<void> {
  let account: Account | undefined
  try {
    const { access } = await context.freshness.read()
    const caller = await callerOf(context, access, endpoint, request)
    account = caller.account
    const result = await call(context, access, caller, endpoint, request)
    if (result === undefined) response.status(204).end()
    else response.status(endpoint.status).json(result)
  } catch (error) {
    await refuse(context, endpoint, account, response, error)
  }
}

async function callerOf(context: Context, access: Access, endpoint: Endpoint, request: Request): Promise<Caller> {
  const caller = await context.authenticator.authenticate(access, presentedBy(context.config, request))
  const scope = endpoint.method === 'GET' ? 'api:read' : 'api:write'
  const { scopes } = caller
  if (scopes !== 'all' && !scopes.has(scope)) {
    if (!scopes.has('api:read')) throw new UnauthenticatedError()
    throw new ForbiddenError(`this token may only read: make one with the scope ${scope}`)
  }
  if (caller.tokenNo !== undefined) context.tokenUse.note(caller.tokenNo, context.clock.nowMicros())
  return caller
}

async function call(
  context: Context,
  access: Access,
  { account, strong }: Caller,
  endpoint: Endpoint,
  request: Request,
): Promise<unknown> {
  const nowMicros = context.clock.nowMicros()
  const actor: Actor = {
    accountNo: account.accountNo,
    active: account.active,
    siteAdministrator: account.role === 'administrator',
    secondFactor: strong,
  }
  const rule = ruleOf(endpoint.permission)
  const group = rule.about === 'group' ? access.group(String(request.params['group'])) : undefined
  const membership = group && access.membership(account.accountNo, group.groupNo)
  mustBePermitted(can(actor, endpoint.permission, subjectOf()), endpoint.permission, 'this trust group')
  if (rule.stepUp) {
    throw new ForbiddenError('this act wants a person who has just proven who they are: do it in the portal')
  }
  const path = checked(endpoint.pathSchema, { ...request.params }, 'path')
  const query = checked(endpoint.querySchema, Value.Convert(endpoint.querySchema, { ...request.query }), 'query')
  const body = endpoint.bodySchema && checked(endpoint.bodySchema, await readBodyOf(request), 'body')
  noteActivity(context, membership)
  if (group && access.hasBrokenGlass(account.accountNo, group.groupNo, nowMicros)) {
    // as in the portal: on the record before it is answered
    await recordGlassRead(context, { actor: account.name, group: group.name, path: request.path.slice(0, 200) })
  }
  const given = { context, access, account, actor, path, query, body, nowMicros, group, membership }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked against the schemas that the types come from
  return await endpoint.run(given as unknown as GroupCall<never, never, never>)

  function subjectOf(): Subject {
    if (rule.about === 'site') return { kind: 'site' }
    if (rule.about === 'self') return { kind: 'self', accountNo: account.accountNo }
    if (!group) throw new NotFoundError('this trust group')
    const brokenGlass = access.hasBrokenGlass(account.accountNo, group.groupNo, nowMicros)
    return { kind: 'group', membership, brokenGlass, secondFactor: group.secondFactor }
  }
}

/** @throws {BadRequestError} with the field and what it must be */
function checked(schema: TSchema, value: unknown, part: string): unknown {
  if (Value.Check(schema, value)) return value
  const [problem] = Value.Errors(schema, value)
  throw new BadRequestError('bad_input', `${part}${problem?.instancePath ?? ''} ${problem?.message ?? 'does not fit'}`)
}

async function refuse(
  context: Context,
  endpoint: Endpoint,
  account: Account | undefined,
  response: Response,
  error: unknown,
): Promise<void> {
  let known = error instanceof TrustGroupError ? error : databaseFailure(error)
  if (known && known.status < 500 && (known.status !== 400 || endpoint.method !== 'GET')) {
    const detail = {
      status: known.status,
      code: known.code,
      method: endpoint.method,
      path: `${API_ROOT}${endpoint.path}`,
    }
    try {
      await context.refusals.note({ kind: 'refused', actor: account?.name ?? 'anonymous', detail })
    } catch (failure) {
      known = databaseFailure(failure) ?? known
    }
  }
  answerProblem(context, response, known ?? error)
}
