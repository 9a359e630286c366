import type { Request, Response } from 'express'
import type { Actor } from '../../policies/can.ts'
import { isStrong, type WebSession } from '../auth/web-session.ts'
import type { Context } from '../context.ts'
import type { Access, Account } from '../storage/access.ts'
import { deviceOf } from './device.ts'
import { readForm } from './form.ts'
import type { OpenVisit } from './visit.ts'
import { acceptedLanguage, wordsOf } from './words/words.ts'

/** Finds out who comes with a request, what they bring and which language they read. */
export async function makeVisit(context: Context, request: Request, response: Response): Promise<OpenVisit> {
  const { access } = await context.freshness.read()
  const nowMicros = context.clock.nowMicros()
  const session: WebSession = request.session
  const account = accountOf(access, session, nowMicros)
  const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '')
  const language = languageOf(request, query, account)
  const form = request.method === 'POST' ? await readForm(request) : new URLSearchParams()
  return {
    context,
    request,
    response,
    // sign-in gives the request a new session: the visit always shows the present one
    get session() {
      return request.session
    },
    access,
    nowMicros,
    network: networkOf(context, request),
    device: deviceOf(request.headers['user-agent']),
    words: wordsOf(language) ?? wordsOf('en')!,
    language,
    account,
    actor: account && actorOf(account, session),
    params: Object.fromEntries(Object.entries(request.params).map(([name, value]) => [name, String(value)])),
    query,
    form,
  }
}

/** Whoever signed in with this session, unless it has ended: suspension and new credentials end it. */
function accountOf(access: Access, session: WebSession, nowMicros: number): Account | undefined {
  if (session.accountNo === undefined || (session.endsMicros ?? 0) <= nowMicros) return undefined
  const account = access.account(session.accountNo)
  if (!account?.active || account.credentialGeneration !== session.credentialGeneration) return undefined
  return account
}

function actorOf(account: Account, session: WebSession): Actor {
  return {
    accountNo: account.accountNo,
    active: account.active,
    siteAdministrator: account.role === 'administrator',
    secondFactor: isStrong(session.means ?? []),
  }
}

function languageOf(request: Request, query: URLSearchParams, account: Account | undefined): string {
  const chosen = query.get('lang')
  if (chosen && wordsOf(chosen)) return chosen
  if (account && wordsOf(account.language)) return account.language
  return acceptedLanguage(request.headers['accept-language'])
}

/** Behind a trusted proxy the client that it names, else whoever connected. */
function networkOf({ config }: Context, request: Request): string {
  const address = config.trustedProxies.length > 0 ? request.ip : request.socket.remoteAddress
  return address ?? 'unknown'
}
