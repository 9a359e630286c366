import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { actionButton, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { type Html, html } from '../html.ts'
import { open, type Route } from '../route.ts'
import type { OpenVisit } from '../visit.ts'
import { freshVisit } from './fresh-visit.ts'
import { PASSKEY_SCRIPT } from './passkey-button.ts'
import { type MakingMistakes, passkeyMaking, takeMadePasskey } from './passkey-making.ts'
import { type Pending, pendingOf } from './pending.ts'
import { proven } from './proven.ts'
import { startAgain } from './second.ts'

const PATH = '/sign-in/enrol/passkey'

/** Where a second factor is demanded and somebody has none: a passkey is added before the session begins. */
export const passkeyEnrolRoutes: readonly Route[] = [
  open.get(PATH, async (visit) => {
    const under = pendingOf(visit)
    if (!under) return await startAgain(visit)
    return under.account.secondFactor ? seeOther('/sign-in/second') : await enrolPage(visit, under, {})
  }),
  open.post(PATH, async (visit) => {
    const under = pendingOf(visit)
    if (!under || under.account.secondFactor) return await startAgain(visit)
    return await take(visit, under)
  }),
]

/** A link to it, for the page that offers codes. */
export function passkeyEnrolLink({ words }: OpenVisit): Html {
  return html`<p><a href="${PATH}">${words.passkeys.passkeyInstead}</a></p>`
}

async function take(visit: OpenVisit, under: Pending): Promise<Answer> {
  const { account, pending } = under
  const taken = await takeMadePasskey(visit, account)
  if (!taken.ok) return await enrolPage(visit, under, taken.mistakes)
  const proof = { ...pending, means: [...pending.means, 'passkey' as const] }
  return (await proven(await freshVisit(visit), proof, pending.next)) ?? (await startAgain(visit))
}

async function enrolPage(visit: OpenVisit, { account }: Pending, mistakes: MakingMistakes): Promise<Page> {
  const { words } = visit
  const text = words.passkeys
  return page(
    text.addTitle,
    html`${pageHeader({ title: text.addTitle, lead: `${text.demanded} ${text.addLead}` })}
      ${mistakeSummary(visit, mistakes)} ${await passkeyMaking(visit, account, { action: PATH, mistakes })}
      <p><a href="/sign-in/enrol">${text.codesInstead}</a></p>
      ${actionButton(visit, { action: '/sign-out', label: words.signIn.cancel })}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200, scripts: [PASSKEY_SCRIPT] },
  )
}
