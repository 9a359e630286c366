import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import { proveAgain, renewSession } from '../sign-in/begin-session.ts'
import { PASSKEY_SCRIPT } from '../sign-in/passkey-button.ts'
import { type MakingMistakes, passkeyMaking, takeMadePasskey } from '../sign-in/passkey-making.ts'
import type { Visit } from '../visit.ts'
import { accountTabs } from './tabs.ts'

const PATH = '/account/passkeys/new'

/** Adding a passkey to one's own account. */
export const newPasskeyRoutes: readonly Route[] = [
  signedIn('set-credentials').get(PATH, (visit) => newPasskeyPage(visit, {})),
  signedIn('set-credentials').post(PATH, add),
]

async function add(visit: Visit): Promise<Answer> {
  const taken = await takeMadePasskey(visit, visit.account)
  if (!taken.ok) return await newPasskeyPage(visit, taken.mistakes)
  await renewSession(visit, taken.credentialGeneration)
  // its owner has just used it
  proveAgain(visit, 'passkey')
  visit.session.toast = visit.words.account.passkeyAdded(taken.name)
  return seeOther('/account/security')
}

async function newPasskeyPage(visit: Visit, mistakes: MakingMistakes): Promise<Page> {
  const { words, account } = visit
  const text = words.passkeys
  return page(
    text.addTitle,
    html`${accountTabs(visit, 'security')}
      ${pageHeader({ title: text.addTitle, lead: `${text.addLead} ${text.endsOthers}` })}
      ${mistakeSummary(visit, mistakes)} ${await passkeyMaking(visit, account, { action: PATH, mistakes })}
      <p><a href="/account/codes">${text.codesInstead}</a></p>
      <p><a href="/account/security">${words.account.back}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200, scripts: [PASSKEY_SCRIPT] },
  )
}
