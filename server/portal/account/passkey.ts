import { isSecondFactorDemanded } from '../../auth/factors/held-factors.ts'
import { MAX_PASSKEY_NAME } from '../../auth/passkeys/add-passkey.ts'
import { removePasskey, renamePasskey } from '../../auth/passkeys/change-passkey.ts'
import { ConflictError, NotFoundError } from '../../errors.ts'
import { type Passkey, passkeysOf } from '../../storage/passkeys.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import { renewSession } from '../sign-in/begin-session.ts'
import type { Visit } from '../visit.ts'
import { accountTabs } from './tabs.ts'

/** One passkey of one's own account: its name, and taking it away. */
export const passkeyRoutes: readonly Route[] = [
  signedIn('see-self').get('/account/passkeys/:passkey', async (visit) => passkeyPage(visit, await wanted(visit), {})),
  signedIn('set-self').post('/account/passkeys/:passkey', rename),
  signedIn('set-credentials').post('/account/passkeys/:passkey/remove', remove),
]

type Mistakes = { readonly name?: string; readonly remove?: string }

/** @throws {NotFoundError} for a passkey that is absent or somebody else's */
async function wanted({ context, account, params }: Visit): Promise<Passkey> {
  const passkeys = await passkeysOf(context.database, account.accountNo)
  const passkey = passkeys.find(({ key }) => key === params['passkey'])
  if (!passkey) throw new NotFoundError('this page')
  return passkey
}

async function rename(visit: Visit): Promise<Answer> {
  const passkey = await wanted(visit)
  const text = visit.words.account
  const name = line(visit.form, 'name')
  if (name === '' || name.length > MAX_PASSKEY_NAME) {
    return passkeyPage(visit, passkey, { name: visit.words.passkeys.nameWrong(MAX_PASSKEY_NAME) })
  }
  await renamePasskey(visit.context, { account: visit.account, passkey, name })
  visit.session.toast = text.renamed
  return seeOther('/account/security')
}

async function remove(visit: Visit): Promise<Answer> {
  const { context, account, access } = visit
  const passkey = await wanted(visit)
  const text = visit.words.account
  try {
    const demanded = isSecondFactorDemanded(access, account)
    await renewSession(visit, await removePasskey(context, { account, passkey, demanded }))
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    return passkeyPage(visit, passkey, {
      remove: error.code === 'last_way_in' ? text.lastWayIn : text.factorDemanded,
    })
  }
  visit.session.toast = text.passkeyRemoved(passkey.name)
  return seeOther('/account/security')
}

function passkeyPage(visit: Visit, passkey: Passkey, mistakes: Mistakes): Page {
  const text = visit.words.account
  const path = `/account/passkeys/${passkey.key}`
  const title = text.passkeyTitle(passkey.name)
  return page(
    title,
    html`${accountTabs(visit, 'security')} ${pageHeader({ title })} ${mistakeSummary(visit, { ...mistakes })}
      ${panel(
        text.rename,
        form(visit, {
          action: path,
          submit: text.rename,
          fields: textField({
            name: 'name',
            label: text.passkeyName,
            value: mistakes.name === undefined ? passkey.name : line(visit.form, 'name'),
            maxLength: MAX_PASSKEY_NAME,
            required: true,
            mistake: mistakes.name,
          }),
        }),
      )}
      ${panel(
        text.removePasskey,
        html`${mistakes.remove && html`<p class="mistake">${mistakes.remove}</p>`}
          <p>${text.removeWhat}</p>
          ${form(visit, { action: `${path}/remove`, submit: text.removePasskey, tone: 'danger', fields: undefined })}`,
        'remove',
      )}
      <p><a href="/account/security">${text.back}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}
