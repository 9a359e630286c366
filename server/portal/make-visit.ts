import type { Request, Response } from 'express'
import type { Actor } from '../../policies/can.ts'
import { networkOf } from '../auth/programs/presented.ts'
import { isStrong, type WebSession } from '../auth/sessions/web-session.ts'
import type { Context } from '../context.ts'
import type { Access, Account } from '../storage/access.ts'
import { deviceOf } from './device.ts'
import { readForm } from './form.ts'
import { keepLanguage, languageOf } from './language.ts'
import type { OpenVisit } from './visit.ts'
import { ROUTES } from './routes.ts'
import { noteSession } from './session-changes.ts'
import { isWithinLimits } from './session-limits.ts'
import { isUpload, readUpload } from './upload.ts'
import { wordsOf } from './words/words.ts'

const PAGES: ReadonlySet<string> = new Set(ROUTES.filter(({ method }) => method === 'GET').map(({ path }) => path))

/** Finds out who comes with a request and which language they read. The form is filled in once they are let in. */
export async function makeVisit(context: Context, request: Request, response: Response): Promise<OpenVisit> {
  const { access } = await context.freshness.read()
  const nowMicros = context.clock.nowMicros()
  const session: WebSession = request.session
  noteSession(request)
  const account = accountOf(access, session, nowMicros)
  const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '')
  const language = languageOf(request, query, access, account)
  if (!account) keepLanguage(context.config, query, response)
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
    network: networkOf(context.config, request),
    device: deviceOf(request.headers['user-agent']),
    words: wordsOf(language) ?? wordsOf('en')!,
    language,
    account,
    actor: account && actorOf(account, session),
    pages: PAGES,
    params: Object.fromEntries(Object.entries(request.params).map(([name, value]) => [name, String(value)])),
    query,
    form: new URLSearchParams(),
    files: new Map(),
  }
}

/** Reads the posted form into the visit; files only where the route takes some. */
export async function fillForm({ request, form, files }: OpenVisit, takesFiles = false): Promise<void> {
  if (takesFiles && isUpload(request)) {
    const sent = await readUpload(request)
    for (const [name, value] of sent.fields) form.append(name, value)
    for (const [name, bytes] of sent.files) files.set(name, bytes)
    return
  }
  for (const [name, value] of await readForm(request)) form.append(name, value)
}

/** Whoever signed in with this session, unless it has ended: suspension and new credentials end it. */
function accountOf(access: Access, session: WebSession, nowMicros: number): Account | undefined {
  if (session.accountNo === undefined || (session.endsMicros ?? 0) <= nowMicros) return undefined
  const account = access.account(session.accountNo)
  if (!account?.active || account.service || account.credentialGeneration !== session.credentialGeneration)
    return undefined
  return isWithinLimits(access, account, session, nowMicros) ? account : undefined
}

function actorOf(account: Account, session: WebSession): Actor {
  return {
    accountNo: account.accountNo,
    active: account.active,
    siteAdministrator: account.role === 'administrator',
    secondFactor: isStrong(session.means ?? []),
  }
}
