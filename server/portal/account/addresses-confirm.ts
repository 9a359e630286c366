import { NotFoundError } from '../../errors.ts'
import { confirmAddress, offeredAddress } from '../../members/profile/addresses-check.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { actionButton } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'

const HERE = '/account/address/:token'

/**
 * What the link in the mail opens, for the account that asked for it: anybody else who follows it, and every mail scanner,
 * changes nothing.
 */
export const addressConfirmRoutes: readonly Route[] = [
  signedIn('set-self').get(HERE, confirmPage),
  signedIn('set-self').post(HERE, confirm),
]

async function confirmPage(visit: Visit): Promise<Page> {
  const { context, params, account, words } = visit
  const token = params['token'] ?? ''
  const address = await offeredAddress(context, token, account)
  if (address === undefined) return deadPage(visit)
  const text = words.profile
  return page(
    text.confirmTitle,
    html`${pageHeader({ title: text.confirmTitle, lead: text.confirmLead(address, account.name) })}
    ${actionButton(visit, { action: `/account/address/${token}`, label: text.confirmSubmit, tone: 'main' })}`,
  )
}

async function confirm(visit: Visit): Promise<Answer> {
  const { context, params, account, words, session } = visit
  try {
    const address = await confirmAddress(context, params['token'] ?? '', account)
    session.toast = words.profile.confirmed(address)
  } catch (error) {
    if (error instanceof NotFoundError) return deadPage(visit)
    throw error
  }
  return seeOther('/account')
}

/** One answer for every link that confirms nothing here: wrong, used, expired, replaced, of another account. */
function deadPage({ words, account }: Visit): Page {
  const text = words.profile
  return page(
    text.deadTitle,
    html`${pageHeader({ title: text.deadTitle, lead: text.dead(account.name) })}
      <p><a href="/account/email">${text.toAddresses}</a></p>`,
    { status: 404 },
  )
}
