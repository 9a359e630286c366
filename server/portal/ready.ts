import type { Request, RequestHandler, Response } from 'express'
import { can } from '../../policies/can.ts'
import type { Context } from '../context.ts'
import type { Check } from '../doctor/check.ts'
import { isReady } from '../health.ts'
import { statusReport } from '../status/status-report.ts'
import { makeVisit } from './make-visit.ts'
import { cookieName, sessions } from './sessions.ts'

/** `GET /readyz`: whether the server can answer. Reasons are for site administrators who have signed in, nobody else. */
export function readyRoute(context: Context): RequestHandler {
  const readSession = sessions(context)
  return async (request, response) => {
    const ready = await isReady(context)
    if (!ready) response.set('Retry-After', '5')
    const status = ready ? 'ready' : 'not ready'
    const checks = ready ? await reasons(context, readSession, request, response) : undefined
    response.status(ready ? 200 : 503).json(checks ? { status, checks } : { status })
  }
}

/** A balancer asks often and brings no cookie: it costs nothing more. */
async function reasons(
  context: Context,
  readSession: RequestHandler,
  request: Request,
  response: Response,
): Promise<readonly Check[] | undefined> {
  if (!(request.headers.cookie ?? '').includes(`${cookieName(context.config)}=`)) return undefined
  try {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    await readSession(request, response, (error?: unknown) =>
      error === undefined
        ? resolve()
        : reject(error instanceof Error ? error : new Error('the session could not be read')),
    )
    await promise
    const { actor } = await makeVisit(context, request, response)
    if (!actor || !can(actor, 'see-status', { kind: 'site' }).ok) return undefined
    return (await statusReport(context)).checks
  } catch (error) {
    context.log.warn({ err: error }, 'the reasons of readiness could not be found out')
    return undefined
  }
}
