import { listAddresses, type OwnAddress } from '../../members/profile/addresses.ts'
import { checkAddress } from '../../members/profile/addresses-check.ts'
import { removeAddress, useAddress } from '../../members/profile/addresses-use.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { badge } from '../components/badge.ts'
import { emptyState } from '../components/empty-state.ts'
import { textField } from '../components/field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { line, rowNumber } from '../form.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { accountTabs } from './tabs.ts'

/** Longest address (RFC 5321 §4.5.3.1.3). */
const MAX_EMAIL = 254
const HERE = '/account/email'

/** One's own addresses. Whoever reads them can help the account back in, so a recent proof is wanted (ASVS 5.0 7.5.1). */
export const addressRoutes: readonly Route[] = [
  signedIn('set-credentials').get(HERE, (visit) => addressesPage(visit, {}, '')),
  signedIn('set-credentials').post(HERE, add),
  signedIn('set-credentials').post(`${HERE}/use`, use),
  signedIn('set-credentials').post(`${HERE}/remove`, remove),
]

const FIELDS = {
  bad_email: 'email',
  verified_already: 'email',
  too_many_addresses: 'email',
  too_many_requests: 'email',
  address_in_use: 'addresses',
  not_verified: 'addresses',
}

async function add(visit: Visit): Promise<Answer> {
  const { form: sent, words, account, context } = visit
  const email = line(sent, 'email')
  return await doing(visit, email, words.profile.addressAsked, () => checkAddress(context, { account, email }))
}

async function use(visit: Visit): Promise<Answer> {
  const { form: sent, words, account, context } = visit
  const addressNo = rowNumber(sent, 'address')
  const isNone = sent.get('address') === 'none'
  return await doing(visit, '', isNone ? words.profile.addressNone : words.profile.addressUsed, () =>
    useAddress(context, { account, addressNo: isNone ? undefined : addressNo }),
  )
}

async function remove(visit: Visit): Promise<Answer> {
  const { form: sent, words, account, context } = visit
  const addressNo = rowNumber(sent, 'address')
  return await doing(visit, '', words.profile.addressRemoved, () => removeAddress(context, { account, addressNo }))
}

async function doing(visit: Visit, email: string, toast: string, act: () => Promise<void>): Promise<Answer> {
  try {
    await act()
  } catch (error) {
    return await addressesPage(visit, mistakeAt(error, FIELDS), email)
  }
  visit.session.toast = toast
  return seeOther(HERE)
}

async function addressesPage(visit: Visit, mistakes: Readonly<Record<string, string>>, written: string): Promise<Page> {
  const text = visit.words.profile
  const addresses = await listAddresses(visit.context.database, visit.account.accountNo)
  return page(
    text.addressTitle,
    html`${accountTabs(visit, 'profile')} ${pageHeader({ title: text.addressTitle, lead: text.addressLead })}
      ${mistakeSummary(visit, mistakes)}
      <div id="addresses">${addressTable(visit, addresses)}</div>
      ${panel(
        text.addressAdd,
        form(visit, {
          action: HERE,
          submit: text.addressSend,
          fields: textField({
            name: 'email',
            type: 'email',
            label: text.addressNew,
            hint: text.addressNewHint,
            value: written,
            autocomplete: 'email',
            maxLength: MAX_EMAIL,
            required: true,
            mistake: mistakes['email'],
          }),
        }),
      )}
      <p><a href="/account/profile">${visit.words.profile.backToProfile}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function addressTable(visit: Visit, addresses: readonly OwnAddress[]): Html {
  const text = visit.words.profile
  if (addresses.length === 0) return emptyState({ what: text.addressesNone, why: text.addressesNoneWhy })
  return table({
    caption: text.addressList,
    columns: [{ label: text.address }, { label: text.addressUse }, { label: text.addressActs }],
    rows: addresses.map((each) => [each.address, usesOf(visit, each), actsOf(visit, each)]),
  })
}

function usesOf(visit: Visit, { isVerified, isMain, groups }: OwnAddress): HtmlValue {
  const text = visit.words.profile
  return html`${isVerified ? badge(text.addressVerified, 'good') : badge(text.addressWaiting, 'warn')}
  ${isMain && badge(text.addressMain)} ${groups.map((title) => badge(title))}`
}

function actsOf(visit: Visit, { addressNo, address, isVerified, isMain, groups }: OwnAddress): HtmlValue {
  const text = visit.words.profile
  const number = String(addressNo)
  const acts = [
    !isVerified &&
      actionButton(visit, { action: HERE, label: text.addressAgain, about: address, fields: { email: address } }),
    isVerified &&
      !isMain &&
      actionButton(visit, {
        action: `${HERE}/use`,
        label: text.addressMake,
        about: address,
        fields: { address: number },
      }),
    isMain && actionButton(visit, { action: `${HERE}/use`, label: text.addressNoneDo, fields: { address: 'none' } }),
    !isMain &&
      groups.length === 0 &&
      actionButton(visit, {
        action: `${HERE}/remove`,
        label: text.addressRemove,
        about: address,
        fields: { address: number },
      }),
  ]
  return html`<div class="buttons">${acts}</div>`
}
