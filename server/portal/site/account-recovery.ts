import { microsOf } from '../../clock.ts'
import { openRecovery } from '../../members/recovery/recovery.ts'
import type { Account } from '../../storage/access.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { baseOf } from '../base-of.ts'
import { byOf } from '../by.ts'
import { codeBlock } from '../components/code-block.ts'
import { facts } from '../components/facts.ts'
import { checkBox } from '../components/field.ts'
import { form } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { time } from '../components/time.ts'
import { html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import { takeSecretOnce } from '../secret-once.ts'
import type { Visit } from '../visit.ts'
import { accountOf } from './account.ts'

/** Opening a way back for somebody who is locked out. */
export const recoverRoutes: readonly Route[] = [
  signedIn('recover-account').get('/site/accounts/:name/recover', (visit) => recoverPage(visit, accountOf(visit))),
  signedIn('recover-account').post('/site/accounts/:name/recover', recover),
]

async function recover(visit: Visit): Promise<Answer> {
  const account = accountOf(visit)
  const { context, session, form: sent } = visit
  const removeFactors = sent.has('remove_factors')
  const opened = await openRecovery(context, { ...byOf(visit), name: account.name, removeFactors })
  const url = `${baseOf(visit)}/recovery/${opened.token}`
  session.secretOnce = { kind: `recovery ${account.accountNo}`, lines: [url, opened.ready, opened.expires] }
  return seeOther(`/site/accounts/${account.name}/recover`)
}

function recoverPage(visit: Visit, account: Account): Page {
  const { words } = visit
  const text = words.accounts
  const path = `/site/accounts/${account.name}`
  const title = text.recoverTitle(account.displayName)
  const [url, ready = '', expires = ''] = takeSecretOnce(visit, `recovery ${account.accountNo}`) ?? []
  const back = html`<p><a href="${path}">${text.back}</a></p>`
  const told = account.email === undefined ? text.recoverNobodyTold : text.recoverToldOwner
  if (url !== undefined) {
    return page(
      title,
      html`${pageHeader({ title, lead: text.recoverLinkWhy })} ${codeBlock(url, text.recoverLink)}
      ${facts([
        [text.recoverReady, time(visit, microsOf(ready) ?? 0)],
        [text.recoverExpires, time(visit, microsOf(expires) ?? 0)],
      ])}
      ${back}`,
    )
  }
  return page(
    title,
    html`${pageHeader({ title, lead: text.recoverLead })}
      <p>${told}</p>
      ${form(visit, {
        action: `${path}/recover`,
        submit: text.recoverSubmit,
        fields: checkBox({
          name: 'remove_factors',
          label: text.recoverFactors,
          hint: text.recoverFactorsHint,
        }),
      })}
      ${back}`,
  )
}
