import { type Purpose, takeChallenge } from '../../auth/passkeys/challenge.ts'
import { ceremonyPlace } from '../../auth/passkeys/place.ts'
import { verifyPasskey } from '../../auth/passkeys/verify-passkey.ts'
import type { Account } from '../../storage/access.ts'
import { type Answer, ownPath, page, seeOther } from '../answer.ts'
import { html } from '../html.ts'
import { open, type Route, signedIn } from '../route.ts'
import type { OpenVisit } from '../visit.ts'
import { proveAgain, renewSession } from './begin-session.ts'
import { PASSKEY_SCRIPT, passkeyButton } from './passkey-button.ts'
import { pendingOf } from './pending.ts'
import { proven } from './proven.ts'
import { startAgain } from './second.ts'

/** Signing in with a passkey alone or as the second step, and proving it again before a dangerous act. */
export const passkeySignInRoutes: readonly Route[] = [
  open.get('/sign-in/passkey', (visit) => passkeyPage(visit)),
  open.post('/sign-in/passkey', async (visit) => {
    const accountNo = await answered(visit, 'sign-in')
    const next = nextOf(visit)
    const answer = accountNo === undefined ? undefined : await proven(visit, { accountNo, means: ['passkey'] }, next)
    return answer ?? { ...(await passkeyPage(visit, visit.words.passkeys.refused)), status: 422 }
  }),
  open.post('/sign-in/second/passkey', async (visit) => {
    const under = pendingOf(visit)
    if (!under) return await startAgain(visit)
    const { pending } = under
    const accountNo = await answered(visit, 'second', under.account)
    if (accountNo === undefined) return again(visit, '/sign-in/second')
    const proof = { ...pending, accountNo, means: [...pending.means, 'passkey' as const] }
    return (await proven(visit, proof, pending.next)) ?? (await startAgain(visit))
  }),
  signedIn('see-self').post('/account/prove/passkey', async (visit) => {
    const next = nextOf(visit)
    const accountNo = await answered(visit, 'prove', visit.account)
    if (accountNo === undefined) return again(visit, `/account/prove?next=${encodeURIComponent(next)}`)
    // a new identifier, as at every proof (ASVS 5.0 7.2.4)
    await renewSession(visit, visit.account.credentialGeneration)
    proveAgain(visit, 'passkey')
    return seeOther(next)
  }),
]

async function answered(visit: OpenVisit, purpose: Purpose, account?: Account): Promise<number | undefined> {
  const { context, session, nowMicros, request, form, network, device } = visit
  const challenge = takeChallenge(session, purpose, nowMicros)
  const place = ceremonyPlace(context.config, request.headers.host)
  const answer = { place, challenge, text: form.get('answer') ?? '', ...(account && { accountNo: account.accountNo }) }
  const accountNo = await verifyPasskey(context, answer)
  if (accountNo !== undefined && visit.access.account(accountNo)?.active) return accountNo
  const detail = { account: account?.name ?? '', why: 'passkey', network, device }
  await context.refusals.note({ kind: 'sign_in_refused', actor: 'anonymous', detail })
  return undefined
}

/** Back to the page with the button, which hands out a new challenge and says that the last answer did not count. */
function again({ session, words }: OpenVisit, path: string): Answer {
  session.toast = words.passkeys.refused
  return seeOther(path)
}

async function passkeyPage(visit: OpenVisit, mistake?: string) {
  const { words } = visit
  const next = nextOf(visit)
  const atOnce = mistake === undefined
  const button = await passkeyButton(visit, { action: '/sign-in/passkey', purpose: 'sign-in', next, atOnce })
  return page(
    words.passkeys.title,
    html`<h1>${words.passkeys.title}</h1>
      <p>${words.passkeys.lead}</p>
      ${mistake && html`<p class="mistake" role="alert">${mistake}</p>`}${button}
      <p><a href="/sign-in?next=${encodeURIComponent(next)}">${words.passkeys.withPassword}</a></p>`,
    { scripts: [PASSKEY_SCRIPT] },
  )
}

function nextOf({ form, query }: OpenVisit): string {
  return ownPath(form.get('next') ?? query.get('next'))
}
