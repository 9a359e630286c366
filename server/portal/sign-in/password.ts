import { LocalPassword } from '../../auth/factors/local-password.ts'
import { authenticateWith } from '../../auth/passport.ts'
import { TooManyRequestsError } from '../../errors.ts'
import { type Answer, ownPath, seeOther } from '../answer.ts'
import { line } from '../form.ts'
import { cookieName } from '../sessions.ts'
import { open, type Route } from '../route.ts'
import { isSignedIn, type OpenVisit } from '../visit.ts'
import { endSession } from './begin-session.ts'
import { placeOf } from './known-here.ts'
import { afterSignOut } from './oidc-logout.ts'
import { proven } from './proven.ts'
import { signInPage } from './sign-in-page.ts'

/** The page to sign in, and the password that we keep ourselves. */
export const passwordSignInRoutes: readonly Route[] = [
  open.get('/sign-in', async (visit) => {
    if (isSignedIn(visit)) return seeOther(ownPath(visit.query.get('next')))
    return await signInPage(visit, { note: (await endOld(visit)) ? visit.words.signIn.sessionEnded : undefined })
  }),
  open.post('/sign-in', signIn),
  open.post('/sign-out', async (visit) => {
    const next = afterSignOut(visit)
    await endSession(visit)
    forgetCookie(visit)
    return seeOther(next)
  }),
]

async function signIn(visit: OpenVisit): Promise<Answer> {
  const { context, access, form, network, device, words } = visit
  const name = line(form, 'name')
  const password = form.get('password') ?? ''
  try {
    const strategy = new LocalPassword(context, { access, name, password, ...placeOf(visit, name) })
    const outcome = await authenticateWith(strategy, visit)
    const answer = outcome.kind === 'proven' ? await proven(visit, outcome.proof, form.get('next') ?? '/') : undefined
    if (answer) return answer
  } catch (error) {
    if (!(error instanceof TooManyRequestsError)) throw error
    await noteFlood(visit, name)
    for (const [header, value] of Object.entries(error.headers)) visit.response.setHeader(header, value)
    return await signInPage(visit, { mistake: words.signIn.tooMany, status: error.status })
  }
  await context.refusals.note(refusal(visit, name, 'wrong', { network, device }))
  return await signInPage(visit, { mistake: words.signIn.wrong, status: 422 })
}

/** Once a minute and network: what filled the count is on the record already, one by one. */
async function noteFlood(visit: OpenVisit, name: string): Promise<void> {
  const { context, network } = visit
  const isFirst = await context.attempts.countUpTo(`flood noted ${network}`, 1, 60_000_000)
  if (isFirst) await context.refusals.note(refusal(visit, name, 'too-many', { network }))
}

/** A name that nobody has is not written down: it may be a password in the wrong field. */
function refusal({ access }: OpenVisit, name: string, why: string, detail: Readonly<Record<string, string>>) {
  const account = access.accountNamed(name)?.name
  return {
    kind: 'sign_in_refused',
    actor: 'anonymous',
    detail: { ...(account !== undefined && { account }), why, ...detail },
  }
}

/** Whether the browser brings a session that has ended by itself, by a suspension or by a new credential; said once. */
async function endOld(visit: OpenVisit): Promise<boolean> {
  const { context, request, session } = visit
  const cookie = `${cookieName(context.config)}=`
  const brought = (request.headers.cookie ?? '').split(';').some((pair) => pair.trim().startsWith(cookie))
  const isUnderWay = session.storedMicros !== undefined && session.accountNo === undefined
  if (!brought || isUnderWay) return false
  if (session.accountNo !== undefined) await endSession(visit)
  forgetCookie(visit)
  return true
}

function forgetCookie({ context, response }: OpenVisit): void {
  response.clearCookie(cookieName(context.config), { path: '/' })
}
