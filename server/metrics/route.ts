import type { Request, RequestHandler } from 'express'
import { can } from '../../policies/can.ts'
import { presentedBy } from '../auth/programs/presented.ts'
import { isLoopback } from '../config/address.ts'
import type { Context } from '../context.ts'
import { TrustGroupError } from '../errors.ts'
import { noteRoute } from './count-requests.ts'
import { readFigures } from './figures.ts'

/** What a proxy adds: a request that has one of these comes from elsewhere, although its connection is from this machine. */
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'] as const

/**
 * `GET /metrics`: for programs on this machine, and for tokens of site administrators that are made for it. For everybody else
 * the address does not exist.
 */
export function metricsRoute(context: Context): RequestHandler {
  return async (request, response, next) => {
    if (!(isHere(request) || (await hasToken(context, request)))) {
      next()
      return
    }
    noteRoute(response, '/metrics')
    const { mediaType, text } = await context.metrics.text(await readFigures(context))
    response.writeHead(200, { 'Content-Type': mediaType, 'Cache-Control': 'no-store' }).end(text)
  }
}

function isHere({ socket, headers }: Request): boolean {
  return isLoopback(socket.remoteAddress ?? '') && FORWARDED.every((name) => headers[name] === undefined)
}

/** A password or certificate is not asked for here: a scraper must hold nothing that opens more than this. */
async function hasToken(context: Context, request: Request): Promise<boolean> {
  if (!/^bearer /i.test(request.headers.authorization ?? '')) return false
  const { access } = await context.freshness.read()
  try {
    const caller = await context.authenticator.authenticate(access, presentedBy(context.config, request))
    if (caller.scopes === 'all' || !caller.scopes.has('metrics')) return false
    if (caller.tokenNo !== undefined) context.tokenUse.note(caller.tokenNo, context.clock.nowMicros())
    const { accountNo, active, role } = caller.account
    const actor = { accountNo, active, siteAdministrator: role === 'administrator', secondFactor: false }
    return can(actor, 'see-status', { kind: 'site' }).ok
  } catch (error) {
    if (error instanceof TrustGroupError) return false
    throw error
  }
}
